/* attachment.c - what the name and the declared type of an attached file tell.
 *
 * Security: a stranger's words. No name leaves here that means a place or a device on any system
 * that an officer may save the file on. */
/* SPDX-License-Identifier: MIT */
#include "domain/attachment.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/text.h"

enum {
	ENDING_MAX = 16,	   /* bytes of ".docx" that survive a cut */
	PICTURE_MIN = 40U * 1024U, /* logos and faces are smaller, pages larger */
};

/* ---- names ----------------------------------------------------------------------------------- */

/* The name behind folders and a drive: "C:\x\y.doc", "\\server\share\y.doc", "../y", "C:y.doc" */
static char *behind_path(char *name)
{
	char *file = name;

	for (char *s = name; *s; s++)
		if (*s == '/' || *s == '\\')
			file = s + 1;
	if (((*file >= 'a' && *file <= 'z') || (*file >= 'A' && *file <= 'Z')) && file[1] == ':')
		file += 2;
	return file;
}

/* Windows drops dots and blanks at the end itself, and so sees other endings than we do. */
static char *without_ends(char *name)
{
	size_t n;

	while (*name == ' ')
		name++;
	n = strlen(name);
	while (n > 0 && (name[n - 1] == ' ' || name[n - 1] == '.'))
		n--;
	name[n] = '\0';
	return name;
}

/* On Windows a colon parts a file from a hidden stream of it. */
static void replace_colons(char *name)
{
	while ((name = strchr(name, ':')) != NULL)
		*name = '_';
}

/* Whether MS-DOS and its heirs take it for a device, whatever its ending. */
static bool is_device(const char *name)
{
	static const char *const devices[] = { "con", "prn", "aux", "nul", "conin$", "conout$",
		"clock$" };
	static const char *const ports[] = { "com", "lpt" };
	size_t n = strcspn(name, ".");

	while (n > 0 && name[n - 1] == ' ')
		n--;
	for (size_t i = 0; i < sizeof devices / sizeof devices[0]; i++)
		if (n == strlen(devices[i]) && strncasecmp(name, devices[i], n) == 0)
			return true;
	for (size_t i = 0; i < sizeof ports / sizeof ports[0]; i++)
		if (n == 4 && strncasecmp(name, ports[i], 3) == 0 && name[3] >= '0' &&
			name[3] <= '9')
			return true;
	return false;
}

/* @name within @max bytes, with its ending. Return: 1 it was cut; 0. */
static int bound(const char *name, size_t max, char **ret)
{
	const char *ending = strrchr(name, '.');
	size_t n = strlen(name);
	size_t m = ending ? strlen(ending) : 0;
	size_t room;
	char *out = malloc(max + 1);

	if (!out)
		return -ENOMEM;
	if (m > ENDING_MAX || m >= max)
		m = 0;
	room = n <= max ? n - m : max - m;
	while (n > max && room > 0 && ((unsigned char) name[room] & 0xC0) == 0x80)
		room--;
	memcpy(out, name, room);
	memcpy(out + room, name + n - m, m);
	out[room + m] = '\0';
	*ret = out;
	return n > max;
}

int attachment_name(const char *raw, size_t max, char **ret)
{
	CLEANUP(freep) char *line = NULL;
	char *name;
	int r;

	r = text_one_line(raw, ATTACHMENT_RAW_NAME_MAX, &line);
	if (r < 0)
		return r;
	name = without_ends(behind_path(line));
	replace_colons(name);
	if (is_device(name)) {
		CLEANUP(freep) char *marked = malloc(strlen(name) + 2);

		if (!marked)
			return -ENOMEM;
		marked[0] = '_';
		memcpy(marked + 1, name, strlen(name) + 1);
		return bound(marked, max, ret);
	}
	return bound(name, max, ret);
}

/* ---- kinds ----------------------------------------------------------------------------------- */

static const char *const document_endings[] = { ".pdf", ".doc", ".docx", ".docm", ".dot", ".dotx",
	".odt", ".fodt", ".ott", ".rtf", ".txt", ".pages", ".wpd", ".wps", ".xls", ".xlsx", ".xlsm",
	".ods", ".csv", ".xps", ".oxps", ".htm", ".html", ".mht", ".eml", ".msg", ".ppt", ".pptx",
	".odp", ".tif", ".tiff" };

static const char *const document_types[] = { "application/pdf", "application/x-pdf",
	"application/msword", "application/rtf", "text/rtf", "application/vnd.ms-word",
	"application/vnd.oasis.opendocument", "application/vnd.openxmlformats-officedocument",
	"application/vnd.ms-excel", "application/vnd.apple.pages", "application/x-iwork-pages",
	"application/vnd.ms-tnef", "application/ms-tnef", "application/vnd.ms-outlook",
	"message/rfc822", "text/plain", "text/html", "image/tiff" };

static const char *const picture_endings[] = { ".jpg", ".jpeg", ".png", ".heic", ".heif", ".webp",
	".bmp" };

static bool has_ending(const char *name, const char *const *endings, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (text_has_suffix_ci(name, endings[i]))
			return true;
	return false;
}

/* "image001.png" and "logo.jpg" are drawn by a signature, however large. */
static bool is_decoration(const char *name)
{
	return text_has_prefix_ci(name, "image0") || text_find_ci(name, "logo") ||
	       text_find_ci(name, "banner") || text_find_ci(name, "signature") ||
	       text_find_ci(name, "outlook-");
}

#define HAS_ENDING(name, endings) has_ending(name, endings, sizeof(endings) / sizeof(endings)[0])

enum attachment_kind attachment_kind_of(const char *name, const char *type, uint64_t bytes)
{
	bool is_picture = text_has_prefix_ci(type, "image/") || HAS_ENDING(name, picture_endings);

	if (HAS_ENDING(name, document_endings))
		return ATTACHMENT_DOCUMENT;
	for (size_t i = 0; i < sizeof document_types / sizeof document_types[0]; i++)
		if (text_has_prefix_ci(type, document_types[i]))
			return ATTACHMENT_DOCUMENT;
	return is_picture && bytes >= PICTURE_MIN && !is_decoration(name) ? ATTACHMENT_PICTURE
									  : ATTACHMENT_OTHER;
}
