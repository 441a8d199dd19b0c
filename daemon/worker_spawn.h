/* worker_spawn.h - starting this binary again under another role. */
/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_WORKER_SPAWN_H
#define DAEMON_WORKER_SPAWN_H

#include <sys/types.h>

#include "base/fault.h"

/**
 * worker_spawn - start a worker.
 * @role:        "fetch", ...
 * @ret_pid:     the child, to be waited for by the caller
 * @ret_channel: our end of its channel, non-blocking, close-on-exec
 *
 * The child's environment has nothing of systemd's private conversation with this service.
 */
int worker_spawn(const char *role, pid_t *ret_pid, int *ret_channel, struct fault *f);

#endif
