/* foictl_rows.c - the rows of a list, page by page. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "base/cleanup.h"
#include "daemon/foictl_case.h"

enum {
	PAGE_MAX = 500, /* rows that one call may ask for */
};

static void json_freep(json_t **j)
{
	json_decref(*j);
	*j = NULL;
}

void foictl_rows_done(struct foictl_rows *rows)
{
	json_freep(&rows->rows);
	json_freep(&rows->cursor);
}

static int take_row(void *context, json_t *parameters)
{
	struct foictl_rows *l = context;
	json_t *row = json_object_get(parameters, l->member);
	json_t *cursor = json_object_get(parameters, "cursor");

	json_freep(&l->cursor);
	if (json_is_string(cursor))
		l->cursor = json_incref(cursor);
	return json_is_object(row) && json_array_append(l->rows, row) < 0 ? -ENOMEM : 0;
}

/* NULL: no memory. */
static json_t *page_request(
	const struct foictl_options *o, const struct foictl_rows *l, const json_t *filter)
{
	size_t left = o->limit - json_array_size(l->rows);
	json_t *request = json_deep_copy(filter);
	CLEANUP(json_freep)
	json_t *page = json_pack("{s:I, s:O*}", "limit",
		(json_int_t) (left < PAGE_MAX ? left : PAGE_MAX), "cursor", l->cursor);

	if (json_object_update(request, page) == 0)
		return request;
	json_decref(request);
	return NULL;
}

int foictl_fetch_rows(const struct foictl_options *o, const char *method, const char *member,
	const json_t *filter, struct foictl_rows *ret, FILE *err)
{
	size_t before;
	int r;

	*ret = (struct foictl_rows){ .rows = json_array(), .member = member };
	do {
		json_t *request = ret->rows ? page_request(o, ret, filter) : NULL;

		before = json_array_size(ret->rows);
		if (!request) {
			(void) fprintf(err, "foictl: no memory\n");
			return FOICTL_FAILED;
		}
		r = foictl_call(o, method, request, true, take_row, ret, err);
	} while (r == FOICTL_DONE && ret->cursor && json_array_size(ret->rows) > before &&
		 json_array_size(ret->rows) < o->limit);
	return r;
}
