# shellcheck shell=bash
# certificates.sh - two authorities of our own and the certificates the test servers show.
# SPDX-License-Identifier: MIT
#
# Sourced by lib.sh, run as the user of the servers.

# certificates_make DIR: ca.pem, foreign-ca.pem, key.pem, and good|expired|foreign|othername.pem in DIR.
certificates_make() {
	local dir=$1
	certificates_config "$dir" >"$dir/openssl.cnf" &&
		certificate_authority "$dir" ca &&
		certificate_authority "$dir" foreign-ca &&
		openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 \
			-out "$dir/key.pem" 2>/dev/null &&
		chmod 600 "$dir"/*.key "$dir/key.pem" &&
		certificate_sign "$dir" good ca server -1day +30days &&
		certificate_sign "$dir" expired ca server -30days -1day &&
		certificate_sign "$dir" foreign foreign-ca server -1day +30days &&
		certificate_sign "$dir" othername ca other -1day +30days
}

# certificates_config DIR: the configuration of openssl, on standard output.
certificates_config() {
	cat <<-END
		[req]
		distinguished_name = name
		[name]
		[ca]
		default_ca = private
		[private]
		new_certs_dir = $1
		database = $1/index
		rand_serial = yes
		default_md = sha256
		policy = any
		unique_subject = no
		[any]
		commonName = supplied
		[authority]
		basicConstraints = critical, CA:TRUE
		keyUsage = critical, keyCertSign, cRLSign
		subjectKeyIdentifier = hash
		[server]
		basicConstraints = CA:FALSE
		keyUsage = critical, digitalSignature
		extendedKeyUsage = serverAuth
		subjectAltName = DNS:localhost, IP:127.0.0.1
		[other]
		basicConstraints = CA:FALSE
		keyUsage = critical, digitalSignature
		extendedKeyUsage = serverAuth
		subjectAltName = DNS:mail.elsewhere.example.com
	END
}

# certificate_authority DIR NAME: a self-signed authority NAME.pem with its NAME.key.
certificate_authority() {
	openssl req -x509 -config "$1/openssl.cnf" -extensions authority -newkey ec \
		-pkeyopt ec_paramgen_curve:P-256 -nodes -days 60 -subj "/CN=foimaild test $2" \
		-keyout "$1/$2.key" -out "$1/$2.pem" 2>"$1/openssl.log"
}

# certificate_sign DIR NAME AUTHORITY EXTENSIONS FROM UNTIL: NAME.pem for key.pem; times as date -d takes them.
certificate_sign() {
	local dir=$1 name=$2 authority=$3 extensions=$4 from until
	from=$(date -u -d "$5" +%Y%m%d%H%M%SZ) && until=$(date -u -d "$6" +%Y%m%d%H%M%SZ) &&
		: >>"$dir/index" &&
		openssl req -new -config "$dir/openssl.cnf" -key "$dir/key.pem" \
			-subj "/CN=foimaild test $name" -out "$dir/$name.csr" &&
		openssl ca -batch -notext -config "$dir/openssl.cnf" -extensions "$extensions" \
			-cert "$dir/$authority.pem" -keyfile "$dir/$authority.key" -startdate "$from" \
			-enddate "$until" -in "$dir/$name.csr" -out "$dir/$name.pem" 2>>"$dir/openssl.log"
}
