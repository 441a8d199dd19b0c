/* smtp_address.h - whether an address can stand in an SMTP command. */
/* SPDX-License-Identifier: MIT */
#ifndef ADAPTERS_SMTP_ADDRESS_H
#define ADAPTERS_SMTP_ADDRESS_H

/**
 * smtp_address_flaw - what keeps @address from being sent to.
 * @ret_status: the enhanced code that fits (RFC 3463); set when there is a flaw; may be NULL
 *
 * Return:   NULL none; else a sentence for an officer, without the address.
 * Security: @address comes from a mail. With a line end or an angle bracket in it the sender
 *           could write SMTP commands of their own.
 */
const char *smtp_address_flaw(const char *address, const char **ret_status);

#endif
