/* curl_fault.h - what libcurl's result codes mean for a person and for a retry.
 *
 * Shared by the modules that open connections with libcurl. The texts name the place and say what
 * to do; they never repeat what a server said, since that may name people. */
/* SPDX-License-Identifier: MIT */
#ifndef ADAPTERS_CURL_FAULT_H
#define ADAPTERS_CURL_FAULT_H

#include <curl/curl.h>

#include "base/fault.h"

/**
 * curl_fault - record a failed libcurl call.
 * @code:  what it returned; not CURLE_OK
 * @easy:  the handle it failed on, asked for the certificate's verdict and the reply code;
 *         NULL: neither is known
 * @place: where, for people: "mail.example.org:993"
 *
 * Return: a negative errno, also in @f->code: -EHOSTUNREACH, -ECONNREFUSED, -ETIMEDOUT,
 *         -ECONNRESET (FAULT_NETWORK); -EKEYREJECTED, -EPROTONOSUPPORT (FAULT_TLS); -EACCES
 *         (FAULT_AUTH); -EPROTO (FAULT_PROTOCOL); -EINVAL (FAULT_CONFIG); -ENOMEM; else -EIO.
 *         Transient: the network, a broken TLS handshake, a reply code of 4xx, memory.
 */
int curl_fault(struct fault *f, CURLcode code, CURL *easy, const char *place);

#endif
