#!/usr/bin/python3
# sink.py - what lies in the spool of an Exim that delivers nothing: every mail that it said 250 to.
# SPDX-License-Identifier: MIT
#
# Usage: sink.py SPOOL/input
# One line a mail, sorted: recipient, Message-ID, SHA-256 of the mail as it was submitted (the header
# without the Received field that Exim adds, and the body), separated by tabs.

import hashlib
import pathlib
import re
import sys


def fields(text):
    """The header's fields in a -H file: behind a blank line, each with its length and a letter."""
    start = text.index(b'\n\n') + 2
    while match := re.compile(rb'(\d{3,})(.) ').match(text, start):
        end = match.end() + int(match.group(1))
        yield match.group(2), text[match.end():end]
        start = end


def mail(header):
    """Recipient, Message-ID and sum of the mail whose -H file this is."""
    text = header.read_bytes()
    body = header.with_name(header.name[:-1] + 'D').read_bytes().partition(b'\n')[2]
    recipient = text[:text.index(b'\n\n')].rpartition(b'\n')[2].split(b' ')[0].decode()
    sent = b''.join(field for letter, field in fields(text) if letter != b'P')
    match = re.search(rb'^Message-ID:\s*(\S+)', sent, re.I | re.M)
    name = match.group(1).decode() if match else '(none)'
    return f'{recipient}\t{name}\t{hashlib.sha256(sent + body).hexdigest()}'


def main():
    for line in sorted(map(mail, pathlib.Path(sys.argv[1]).glob('*-H'))):
        print(line)


if __name__ == '__main__':
    main()
