/* curl_fault.c - what libcurl's result codes mean for a person and for a retry. */
/* SPDX-License-Identifier: MIT */
#include "adapters/curl_fault.h"

#include <errno.h>
#include <stddef.h>

/* The verdict in CURLINFO_SSL_VERIFYRESULT is GnuTLS's gnutls_certificate_status_t, since the
 * daemon links that flavour of libcurl. The three that a person can act on: */
enum {
	VERDICT_REVOKED = 1 << 5,
	VERDICT_NO_SIGNER = 1 << 6,
	VERDICT_NOT_YET_VALID = 1 << 9,
	VERDICT_EXPIRED = 1 << 10,
};

struct meaning {
	CURLcode code;
	enum fault_kind kind;
	int error;
	bool transient;
	const char *text; /* follows "PLACE: " */
};

static const struct meaning meanings[] = {
	{ CURLE_COULDNT_RESOLVE_HOST, FAULT_NETWORK, EHOSTUNREACH, true,
		"the host name cannot be resolved; check the url and the name servers" },
	{ CURLE_COULDNT_RESOLVE_PROXY, FAULT_NETWORK, EHOSTUNREACH, true,
		"the proxy's host name cannot be resolved; check the proxy settings" },
	{ CURLE_COULDNT_CONNECT, FAULT_NETWORK, ECONNREFUSED, true,
		"no connection; check that the server runs, the port, and the firewall" },
	{ CURLE_OPERATION_TIMEDOUT, FAULT_NETWORK, ETIMEDOUT, true,
		"no answer in time; check the server's load and the network" },
	{ CURLE_SEND_ERROR, FAULT_NETWORK, ECONNRESET, true,
		"the connection was dropped while sending; see the server's log if it lasts" },
	{ CURLE_RECV_ERROR, FAULT_NETWORK, ECONNRESET, true,
		"the connection was dropped while waiting; see the server's log if it lasts" },
	{ CURLE_GOT_NOTHING, FAULT_NETWORK, ECONNRESET, true,
		"the server closed the connection without a word; see its log if it lasts" },
	{ CURLE_UNRECOVERABLE_POLL, FAULT_NETWORK, ECONNRESET, true,
		"the connection cannot be waited for; see the server's log if it lasts" },
	{ CURLE_USE_SSL_FAILED, FAULT_TLS, EPROTONOSUPPORT, false,
		"the server offers no STARTTLS; enable it there, or use the url of its TLS port" },
	{ CURLE_SSL_CONNECT_ERROR, FAULT_TLS, EPROTO, true,
		"the TLS handshake failed; check that the port speaks TLS and its version is "
		"current" },
	{ CURLE_SSL_CIPHER, FAULT_TLS, EPROTO, false,
		"no common TLS cipher; bring the server's TLS settings up to date" },
	{ CURLE_SSL_ISSUER_ERROR, FAULT_TLS, EKEYREJECTED, false,
		"the certificate's issuer is not the expected one; check ca_file" },
	{ CURLE_SSL_INVALIDCERTSTATUS, FAULT_TLS, EKEYREJECTED, false,
		"the certificate's status is not good; renew it on the server" },
	{ CURLE_SSL_CACERT_BADFILE, FAULT_CONFIG, EINVAL, false,
		"the certificates to trust cannot be read; check ca_file" },
	{ CURLE_SSL_CERTPROBLEM, FAULT_CONFIG, EINVAL, false,
		"the client certificate cannot be used" },
	{ CURLE_LOGIN_DENIED, FAULT_AUTH, EACCES, false,
		"the server refused user name or password; check both, and that the account is "
		"open" },
	{ CURLE_AUTH_ERROR, FAULT_AUTH, EACCES, false,
		"signing in failed on our side; check user name, password and the way of signing "
		"in" },
	{ CURLE_URL_MALFORMAT, FAULT_CONFIG, EINVAL, false, "the url is malformed" },
	{ CURLE_UNSUPPORTED_PROTOCOL, FAULT_CONFIG, EINVAL, false,
		"the url's scheme is not supported by this libcurl" },
	{ CURLE_NOT_BUILT_IN, FAULT_CONFIG, EINVAL, false,
		"this libcurl lacks what the url needs" },
	{ CURLE_WEIRD_SERVER_REPLY, FAULT_PROTOCOL, EPROTO, false,
		"the server's answer is not of the expected protocol; check the url's port" },
	{ CURLE_REMOTE_ACCESS_DENIED, FAULT_PROTOCOL, EPROTO, false,
		"the server denies the service; see its log for the reason" },
	{ CURLE_OUT_OF_MEMORY, FAULT_OTHER, ENOMEM, true, "out of memory" },
};

static const struct meaning *meaning_of(CURLcode code)
{
	for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++)
		if (meanings[i].code == code)
			return &meanings[i];
	return NULL;
}

/* Which of a certificate's faults it was. The host name is checked last, after a good chain, so
 * it leaves no mark in the verdict. */
static const char *certificate_text(CURL *easy)
{
	long verdict = 0;

	if (!easy || curl_easy_getinfo(easy, CURLINFO_SSL_VERIFYRESULT, &verdict) != CURLE_OK)
		return "the server's certificate was refused; check it and ca_file";
	if (verdict & VERDICT_REVOKED)
		return "the server's certificate is revoked; get a new one there";
	if (verdict & VERDICT_EXPIRED)
		return "the server's certificate has expired; renew it there";
	if (verdict & VERDICT_NOT_YET_VALID)
		return "the server's certificate is not valid yet; check the clocks";
	if (verdict & VERDICT_NO_SIGNER)
		return "the server's certificate is signed by an unknown authority; set ca_file";
	if (verdict == 0)
		return "the server's certificate is for another host name; correct the url or the "
		       "certificate";
	return "the server's certificate was refused; check it and ca_file";
}

/* Whether the last reply asked to come again: "421 too busy" is no lasting fault. */
static bool is_busy(CURL *easy)
{
	long reply = 0;

	return easy && curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &reply) == CURLE_OK &&
	       reply >= 400 && reply < 500;
}

int curl_fault(struct fault *f, CURLcode code, CURL *easy, const char *place)
{
	const struct meaning *m = meaning_of(code);

	if (code == CURLE_PEER_FAILED_VERIFICATION)
		return fault_set_kind(
			f, FAULT_TLS, -EKEYREJECTED, "%s: %s", place, certificate_text(easy));
	if (!m)
		return fault_set(f, -EIO, "%s: %s", place, curl_easy_strerror(code));
	(void) fault_set_kind(f, m->kind, -m->error, "%s: %s", place, m->text); /* m->error is it */
	if (f)
		f->transient =
			m->transient ||
			((m->kind == FAULT_PROTOCOL || m->kind == FAULT_AUTH) && is_busy(easy));
	return -m->error;
}
