/* control_internal.h - the socket's state, shared by control's files. */
/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_CONTROL_INTERNAL_H
#define DAEMON_CONTROL_INTERNAL_H

#include <stdbool.h>
#include <sys/queue.h>
#include <sys/types.h>

#include <systemd/sd-event.h>

#include "adapters/store_care.h"
#include "adapters/varlink.h"
#include "daemon/control.h"
#include "daemon/worker.h"

enum {
	CONTROL_REFUSED_MAX = 64, /* uids whose last refusal is remembered */
	CONTROL_ACTOR_MAX = 64,
};

/* Who may do what. */
struct control_rights {
	bool read;
	bool act;
};

struct control_listing;

struct control_client {
	TAILQ_ENTRY(control_client) entries;
	struct control *control; /* borrowed */
	int fd;			 /* owned */
	uid_t uid;
	struct control_rights rights;
	struct varlink_decoder *decoder; /* owned */
	char *out;			 /* owned; what is still to be written */
	size_t n_out;
	bool is_ending;			       /* close when all is written */
	bool is_broken;			       /* nothing more is written; about to be freed */
	sd_event_source *io;		       /* owned */
	sd_event_source *idle;		       /* owned */
	struct worker *query;		       /* owned; NULL: no long answer is under way */
	const struct control_listing *listing; /* which one */
	struct varlink_call call;	       /* the one that is answered by query */
	char cursor[64];		       /* of the last row that was sent */
	size_t n_rows;
	size_t limit;
	bool is_listed;		 /* query has said that it is through */
	struct fault list_fault; /* what it said instead */
};

TAILQ_HEAD(control_client_list, control_client);

/* The backup that is being made: one at a time. */
struct control_backup {
	struct control_client *client; /* borrowed; who waits for it; NULL: none is made */
	sd_event_source *timer;	       /* owned; tells how far it is */
	char name[STORE_BACKUP_NAME_MAX];
	char *path; /* owned */
	int64_t began_at;
	bool is_made;
	struct fault fault; /* what query said instead */
};

struct control_refusal {
	uid_t uid;
	int64_t at;
};

struct control {
	struct register_state *reg; /* borrowed */
	int fd;			    /* owned; -1: none */
	char *path;		    /* owned; to be removed at the end; NULL: systemd's */
	sd_event_source *io;	    /* owned */
	gid_t read_gid;		    /* (gid_t) -1: there is no such group */
	gid_t officer_gid;
	struct control_client_list clients;
	size_t n_clients;
	struct control_refusal refusals[CONTROL_REFUSED_MAX];
	size_t n_refusals;
	struct control_backup backup;
};

/* control_peer.c */

/* What the peer of a connected socket may do, and who it is. Return: 0; negative errno. */
int control_peer(const struct control *c, int fd, uid_t *ret_uid, struct control_rights *ret);
void control_find_groups(struct control *c, const struct config *conf);

/* Who gives an order, as the history names them: "uid 1000 (jane)". Return: @buf. */
char *control_actor(const struct control_client *client, char buf[static CONTROL_ACTOR_MAX]);

/* control_client.c */

/* Takes @fd over. */
int control_client_new(struct control *c, int fd, uid_t uid, struct control_rights rights);
struct control_client *control_client_free(struct control_client *client);

/* Queues bytes; a client that does not read is ended. @b is emptied. Return: 0; -EPIPE the client
 * is being ended: it gets nothing more. */
int control_client_write(struct control_client *client, struct varlink_bytes *b);

/* Answers what has come in, until an answer is under way in the background. Return: as above. */
int control_client_go_on(struct control_client *client);

/* Ends an answer of client->query with @last, and takes the next call. The caller frees the worker.
 * Return: as above. */
int control_client_end_answer(struct control_client *client, struct varlink_bytes *last);

/* It waits for us and may be silent meanwhile. */
void control_client_keep(struct control_client *client);

/* control_method.c: answers @call, or starts to (client->query). Return: as control_client_write(),
 * or another negative errno: the client is to be closed. */
int control_method(struct control_client *client, struct varlink_call *call);

/* control_move.c: Record, Undo, Why, and the parts of Get. Return: 0 with @ret; negative errno: the
 * order was not carried out, and @f says why. */
int control_record(struct control_client *client, struct varlink_call *call,
	struct varlink_bytes *ret, struct fault *f);
int control_undo(struct control_client *client, struct varlink_call *call,
	struct varlink_bytes *ret, struct fault *f);
int control_why(struct control_client *client, struct varlink_call *call, struct varlink_bytes *ret,
	struct fault *f);
int control_parts(
	const struct register_state *reg, const char *reference, json_t **ret, struct fault *f);

/* The same of the orders about mails. Whether the register can take orders now; and whether a failure
 * is the store's. */
int control_check_ready(const struct register_state *reg, struct fault *f);
bool control_is_of_store(const struct fault *f);

/* control_outbox.c: as method functions */
int control_retry(struct control_client *client, struct varlink_call *call,
	struct varlink_bytes *ret, struct fault *f);
int control_hold(struct control_client *client, struct varlink_call *call,
	struct varlink_bytes *ret, struct fault *f);
int control_release(struct control_client *client, struct varlink_call *call,
	struct varlink_bytes *ret, struct fault *f);

/* control_calendar.c; the others are as method functions, see control_method.c */
void control_calendar_troubles(const struct register_state *reg, json_t *array);
int control_calendar(struct control_client *client, struct varlink_call *call,
	struct varlink_bytes *ret, struct fault *f);
int control_calendar_refresh(struct control_client *client, struct varlink_call *call,
	struct varlink_bytes *ret, struct fault *f);
int control_calendar_accept(struct control_client *client, struct varlink_call *call,
	struct varlink_bytes *ret, struct fault *f);

/* control_backup.c */
int control_backup(struct control_client *client, struct varlink_call *call,
	struct varlink_bytes *ret, struct fault *f);
void control_backup_forget(struct control_client *client); /* which is about to be freed */
void control_backup_done(struct control *c);
bool control_backup_is_running(const struct control *c);
/* When the last one was made; 0: never. */
int control_backup_last(const struct register_state *reg, int64_t *ret, struct fault *f);

/* control_list.c: the methods that a query process answers. */
const struct control_listing *control_listing(
	const struct varlink_call *call); /* NULL: none of them */
int control_list(struct control_client *client, const struct control_listing *listing,
	struct varlink_call *call, struct fault *f);

/* control_recover.c; as a method function, see control_method.c */
int control_recovered(struct control_client *client, struct varlink_call *call,
	struct varlink_bytes *ret, struct fault *f);

#endif
