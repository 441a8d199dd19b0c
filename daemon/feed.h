/* feed.h - the feed role: asks for the bank holidays once, and ends.
 *
 * register -> feed
 *   begin      url, ca_file, etag, modified
 *
 * feed -> register
 *   step       what, ms: as in fetch.h
 *   unchanged  etag, modified: the server has what these said
 *   file       etag, modified; memfd: the bytes, which could be read as bank holidays
 *   fault      as channel_fault_record()
 *
 * One of the last three ends it. register reads the bytes again for itself. */
/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_FEED_H
#define DAEMON_FEED_H

/* Runs the role on its end of the channel until it has answered. Return: exit status. */
int feed_main(int channel);

#endif
