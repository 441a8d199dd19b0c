/* varlink_service.h - org.varlink.service: what a service says about itself. */
/* SPDX-License-Identifier: MIT */
#ifndef ADAPTERS_VARLINK_SERVICE_H
#define ADAPTERS_VARLINK_SERVICE_H

#include "adapters/varlink.h"

#define VARLINK_SERVICE "org.varlink.service"
#define VARLINK_CASES	"org.foimaild.Cases"

/* The text of conf/org.foimaild.Cases.varlink. */
extern const char varlink_interface_text[];

/**
 * varlink_service - answer a call of org.varlink.service, or refuse one of an unknown interface.
 * @version: of the program
 *
 * Return: 1 @ret is the answer; 0 the call is for VARLINK_CASES and the caller's to answer (with
 *         varlink_unknown_method() if it does not know the method); negative errno as
 *         varlink_reply().
 */
int varlink_service(const struct varlink_call *c, const char *version, struct varlink_bytes *ret,
	struct fault *f);

/* org.varlink.service.MethodNotFound for the call. */
int varlink_unknown_method(
	const struct varlink_call *c, struct varlink_bytes *ret, struct fault *f);

#endif
