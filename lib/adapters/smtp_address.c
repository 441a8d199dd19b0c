/* smtp_address.c - whether an address can stand in an SMTP command. */
/* SPDX-License-Identifier: MIT */
#include "adapters/smtp_address.h"

#include <stddef.h>
#include <string.h>

enum {
	ADDRESS_MAX = 254, /* RFC 5321 s.4.5.3.1.3, less the angle brackets */
	LOCAL_PART_MAX = 64,
};

static const char *flaw_of_bytes(const char *address, const char **status)
{
	for (const unsigned char *p = (const unsigned char *) address; *p; p++) {
		if (*p >= 0x80) {
			*status = "5.6.7"; /* RFC 6531 s.3.7.4.2 */
			return "the address is not ASCII and would need a server with SMTPUTF8 "
			       "(RFC "
			       "6531); answer by hand";
		}
		if (*p <= ' ' || *p == 0x7F || *p == '<' || *p == '>')
			return "the address holds a character that no mail server takes";
	}
	return NULL;
}

static const char *flaw_of_form(const char *address)
{
	const char *at = strrchr(address, '@');

	if (!at || at == address || !at[1])
		return "the address has no part before or after an @";
	if (strlen(address) > ADDRESS_MAX || at - address > LOCAL_PART_MAX)
		return "the address is too long";
	return NULL;
}

const char *smtp_address_flaw(const char *address, const char **ret_status)
{
	const char *status = "5.1.3";
	const char *flaw = flaw_of_bytes(address, &status);

	if (!flaw)
		flaw = flaw_of_form(address);
	if (flaw && ret_status)
		*ret_status = status;
	return flaw;
}
