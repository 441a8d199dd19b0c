/* reader_ways.c - reading all mails in this process: by libetpan, and by letter_parse(). */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include <libetpan/libetpan.h>

#include "base/cleanup.h"
#include "domain/letter.h"
#include "tests/bench/reader.h"

/* Decodes every part that is no text, as a program does that looks at attachments. */
static void decode(const struct mailmime *mime)
{
	const struct mailmime_data *data = mime->mm_data.mm_single;
	char *decoded;
	size_t n;
	size_t at = 0;

	if (!data || mime->mm_content_type == NULL ||
		mime->mm_content_type->ct_type->tp_type != MAILMIME_TYPE_DISCRETE_TYPE ||
		mime->mm_content_type->ct_type->tp_data.tp_discrete_type->dt_type ==
			MAILMIME_DISCRETE_TYPE_TEXT)
		return;
	if (mailmime_part_parse(data->dt_data.dt_text.dt_data, data->dt_data.dt_text.dt_length, &at,
		    data->dt_encoding, &decoded, &n) == MAILIMF_NO_ERROR)
		mailmime_decoded_part_free(decoded);
}

/* Not bounded, and recursive: these mails are ours. */
static void decode_all(struct mailmime *mime)
{
	clist *parts =
		mime->mm_type == MAILMIME_MULTIPLE ? mime->mm_data.mm_multipart.mm_mp_list : NULL;

	if (mime->mm_type == MAILMIME_MESSAGE && mime->mm_data.mm_message.mm_msg_mime)
		decode_all(mime->mm_data.mm_message.mm_msg_mime);
	if (mime->mm_type == MAILMIME_SINGLE)
		decode(mime);
	for (clistiter *i = parts ? clist_begin(parts) : NULL; i; i = clist_next(i))
		decode_all(clist_content(i));
}

static struct bench_cost by_etpan(const struct bench_mails *mails, bool is_decoding)
{
	double wall = bench_wall();
	double cpu = bench_cpu();

	for (size_t i = 0; i < mails->n; i++) {
		const struct sealed *raw = &mails->list[i].raw;
		struct mailmime *mime;
		size_t at = 0;

		if (mailmime_parse(raw->bytes, raw->n, &at, &mime) != MAILIMF_NO_ERROR)
			bench_give_up("libetpan cannot read a mail");
		if (is_decoding)
			decode_all(mime);
		mailmime_free(mime);
	}
	return (struct bench_cost){ .wall = bench_wall() - wall, .cpu = bench_cpu() - cpu };
}

struct bench_cost bench_etpan_parts(const struct bench_mails *mails)
{
	return by_etpan(mails, false);
}

struct bench_cost bench_etpan_attachments(const struct bench_mails *mails)
{
	return by_etpan(mails, true);
}

struct bench_cost bench_letter(const struct bench_mails *mails)
{
	CLEANUP(letter_reader_freep) struct letter_reader *reader = NULL;
	double wall;
	double cpu;

	if (letter_reader_new(&reader, NULL) < 0)
		bench_give_up("there is no reader");
	wall = bench_wall();
	cpu = bench_cpu();
	for (size_t i = 0; i < mails->n; i++) {
		CLEANUP(letter_freep) struct letter *l = NULL;
		const struct sealed *raw = &mails->list[i].raw;

		if (letter_parse(reader, raw->bytes, raw->n, false, &l, NULL) < 0)
			bench_give_up("a mail cannot be read");
	}
	return (struct bench_cost){ .wall = bench_wall() - wall, .cpu = bench_cpu() - cpu };
}
