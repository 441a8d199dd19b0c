/* config_url.c - server addresses, host names and mail addresses of foimaild.conf.
 *
 * Only what is used is let in: scheme, host, port. No user information (the name has its own key,
 * the password is a credential); a path and a query only where a file is fetched. */
/* SPDX-License-Identifier: MIT */
#include "adapters/config_private.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

enum {
	HOST_MAX = 254,
	LABEL_MAX = 63, /* RFC 1035 s.2.3.4 */
	LOCAL_MAX = 64, /* RFC 5321 s.4.5.3.1.1 */
	PORT_DIGITS_MAX = 6,
};

static bool is_letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool config_is_domain(const char *text)
{
	size_t label = 0;

	if (!*text || strlen(text) >= HOST_MAX)
		return false;
	for (const char *s = text; *s; s++) {
		bool is_edge = label == 0 || s[1] == '\0' || s[1] == '.';

		if (*s == '.' && label == 0)
			return false;
		if (*s == '.') {
			label = 0;
			continue;
		}
		if (!is_letter_or_digit(*s) && (is_edge || (*s != '-' && *s != '_')))
			return false;
		if (++label > LABEL_MAX)
			return false;
	}
	return label > 0;
}

bool config_is_address(const char *text)
{
	const char *at = strrchr(text, '@');
	size_t local = at ? (size_t) (at - text) : 0;

	if (local == 0 || local > LOCAL_MAX || text[0] == '.' || at[-1] == '.' ||
		!config_is_domain(at + 1))
		return false;
	for (const char *s = text; s < at; s++)
		if (!is_letter_or_digit(*s) && !strchr("!#$%&'*+-/=?^_`{|}~.", *s))
			return false;
	return true;
}

/* Takes "host", "host:port" or "[v6]:port" apart; @text is changed. */
static int check_host(char *text, struct fault *f)
{
	struct in6_addr address;
	uint64_t port;
	char *host = text;
	char *end = *text == '[' ? strchr(text, ']') : text + strcspn(text, ":");

	if (!end)
		return fault_set(f, -EINVAL, "has a [ without a ]");
	if (*text == '[') {
		host++;
		*end++ = '\0';
		if (inet_pton(AF_INET6, host, &address) != 1)
			return fault_set(f, -EINVAL, "has no IPv6 address between [ and ]");
	}
	if (*end != ':' && *end != '\0')
		return fault_set(f, -EINVAL, "has something between ] and the port");
	if (*end == ':' && (strlen(end + 1) >= PORT_DIGITS_MAX ||
				   text_uint(end + 1, 1, CONFIG_PORT_MAX, &port) < 0))
		return fault_set(f, -EINVAL, "has no port number from 1 to 65535 after the host");
	*end = '\0';
	if (*text != '[' && !config_is_domain(host))
		return fault_set(f, -EINVAL, "has no valid host name");
	return 0;
}

static int parse_url(const struct config_key *key, const char *value, void *base,
	const char *const schemes[static 2], struct fault *f)
{
	CLEANUP(freep) char *url = strdup(value);
	CLEANUP(freep) char *host = NULL;
	size_t n = strlen(value);
	size_t scheme = 0;
	int r;

	if (!url)
		return fault_set(f, -ENOMEM, "no memory");
	for (size_t i = 0; i < 2 && scheme == 0; i++)
		if (config_url_has_scheme(value, schemes[i]))
			scheme = strlen(schemes[i]) + 3;
	if (scheme == 0)
		return fault_set(
			f, -EINVAL, "must begin with %s:// or %s://", schemes[0], schemes[1]);
	if (strchr(value, '@'))
		return fault_set(f, -EINVAL,
			"holds a user name or password; write the name to user, and the password "
			"to the credential");
	if (n > scheme && url[n - 1] == '/')
		url[n - 1] = '\0';
	if (strpbrk(url + scheme, "/?# \t%"))
		return fault_set(f, -EINVAL, "goes on after the host; give scheme, host and port");
	host = strdup(url + scheme);
	r = host ? check_host(host, f) : fault_set(f, -ENOMEM, "no memory");
	if (r < 0)
		return r;
	text_lower(url);
	*(char **) ((char *) base + key->offset) = TAKE_PTR(url);
	return 0;
}

static int parse_imap_url(const struct config_key *key, const char *folder, const char *value,
	void *base, struct fault *f)
{
	static const char *const schemes[] = { "imaps", "imap" };

	(void) folder; /* of paths only */
	return parse_url(key, value, base, schemes, f);
}

static int parse_smtp_url(const struct config_key *key, const char *folder, const char *value,
	void *base, struct fault *f)
{
	static const char *const schemes[] = { "smtp", "smtps" };

	(void) folder; /* of paths only */
	if (!*value) {
		char *none = strdup("");

		*(char **) ((char *) base + key->offset) = none;
		return none ? 0 : fault_set(f, -ENOMEM, "no memory");
	}
	return parse_url(key, value, base, schemes, f);
}

static bool is_url_text(const char *s)
{
	for (; *s; s++)
		if (*s <= ' ' || *s > '~' || strchr("\"#<>@\\^`{|}", *s))
			return false;
	return true;
}

/* The address of a file: bank holidays decide every last day, so they come over HTTPS only. */
static int parse_https_url(const struct config_key *key, const char *folder, const char *value,
	void *base, struct fault *f)
{
	CLEANUP(freep) char *url = strdup(value);
	CLEANUP(freep) char *host = NULL;
	int r;

	(void) folder; /* of paths only */
	if (!url)
		return fault_set(f, -ENOMEM, "no memory");
	if (*url && !config_url_has_scheme(url, "https"))
		return fault_set(f, -EINVAL,
			"must begin with https://; give the whole address, or leave it empty to "
			"ask nobody");
	if (!is_url_text(url))
		return fault_set(f, -EINVAL,
			"holds a character that an address has only as %%XX, a user name, or a #");
	if (*url) {
		const char *start = url + strlen("https://");

		host = strndup(start, strcspn(start, "/?"));
		r = host ? check_host(host, f) : fault_set(f, -ENOMEM, "no memory");
		if (r < 0)
			return r;
	}
	*(char **) ((char *) base + key->offset) = TAKE_PTR(url);
	return 0;
}

static void url_done(void *p)
{
	freep(p);
	*(char **) p = NULL;
}

bool config_url_has_scheme(const char *url, const char *scheme)
{
	return text_has_prefix_ci(url, scheme) && strncmp(url + strlen(scheme), "://", 3) == 0;
}

bool config_url_is_loopback(const char *url)
{
	static const char *const hosts[] = { "127.0.0.1", "localhost", "[::1]" };
	const char *host = strstr(url, "://");

	if (!host)
		return false;
	host += 3;
	for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
		size_t n = strlen(hosts[i]);

		if (strncmp(host, hosts[i], n) == 0 && (host[n] == '\0' || host[n] == ':'))
			return true;
	}
	return false;
}

const struct config_type config_type_imap_url = { parse_imap_url, url_done };
const struct config_type config_type_smtp_url = { parse_smtp_url, url_done };
const struct config_type config_type_https_url = { parse_https_url, url_done };
