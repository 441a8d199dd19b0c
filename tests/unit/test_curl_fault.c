/* test_curl_fault.c - what libcurl's result codes mean. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "adapters/curl_fault.h"

static const struct {
	const char *why;
	CURLcode code;
	enum fault_kind kind;
	int error;
	int transient;
	const char *says;
} rows[] = {
	{ "an unknown host", CURLE_COULDNT_RESOLVE_HOST, FAULT_NETWORK, EHOSTUNREACH, 1,
		"resolve" },
	{ "a closed port", CURLE_COULDNT_CONNECT, FAULT_NETWORK, ECONNREFUSED, 1, "firewall" },
	{ "silence", CURLE_OPERATION_TIMEDOUT, FAULT_NETWORK, ETIMEDOUT, 1, "in time" },
	{ "dropped", CURLE_RECV_ERROR, FAULT_NETWORK, ECONNRESET, 1, "dropped" },
	{ "no STARTTLS", CURLE_USE_SSL_FAILED, FAULT_TLS, EPROTONOSUPPORT, 0, "STARTTLS" },
	{ "a bad certificate", CURLE_PEER_FAILED_VERIFICATION, FAULT_TLS, EKEYREJECTED, 0,
		"certificate" },
	{ "a wrong ca_file", CURLE_SSL_CACERT_BADFILE, FAULT_CONFIG, EINVAL, 0, "ca_file" },
	{ "a wrong password", CURLE_LOGIN_DENIED, FAULT_AUTH, EACCES, 0, "password" },
	{ "another protocol", CURLE_WEIRD_SERVER_REPLY, FAULT_PROTOCOL, EPROTO, 0, "port" },
	{ "memory", CURLE_OUT_OF_MEMORY, FAULT_OTHER, ENOMEM, 1, "memory" },
	{ "a code without an entry", CURLE_TFTP_NOTFOUND, FAULT_OTHER, EIO, 0, ":" },
};

static void test_meanings(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct fault f;

		print_message("%s\n", rows[i].why);
		assert_int_equal(
			-rows[i].error, curl_fault(&f, rows[i].code, NULL, "mail.example.org:993"));
		assert_int_equal(-rows[i].error, f.code);
		assert_int_equal(rows[i].kind, f.kind);
		assert_int_equal(rows[i].transient, f.transient);
		assert_int_equal(0, strncmp(f.text, "mail.example.org:993: ", 22));
		assert_non_null(strstr(f.text, rows[i].says));
	}
}

static void test_no_fault_wanted(void **state)
{
	(void) state;
	assert_int_equal(-EACCES, curl_fault(NULL, CURLE_LOGIN_DENIED, NULL, "mail.example.org"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_meanings),
		cmocka_unit_test(test_no_fault_wanted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
