#!/usr/bin/python3
# mail_values.py - every address, name and subject that a sandbox's mails and stores hold, for search_journal.py.
# SPDX-License-Identifier: MIT
#
# Usage: mail_values.py PATH...
# A PATH is a mail (*.eml) or a folder: mails are looked for in it and in the Maildirs below it, stores
# in foi/ and b/foi/, and what is our own in the foimaild.conf beside a store. Prints a line a value, its
# kind before it, parted by a tab: address, user (what stands before its @, unless it may be a word of a
# language), name, subject, message-id, attachment; or own, which the journal may hold. Headers are read as they lie there and decoded. Of a mail the first 64 KiB are looked
# at: made for hurting its reader, it may have a header of 50 MB.

import email.errors
import email.header
import email.parser
import email.utils
import pathlib
import re
import sqlite3
import sys

HEADER_MAX = 64 * 1024
PEOPLE = ('From', 'Sender', 'Reply-To', 'To', 'Cc', 'Return-Path', 'Delivered-To')
IN_STORE = (
    ('address', 'SELECT sender FROM message UNION SELECT address FROM party'
                ' UNION SELECT requester FROM foi_case UNION SELECT recipient FROM outbox'),
    ('name', 'SELECT sender_name FROM message UNION SELECT name FROM party'
             ' UNION SELECT requester_name FROM foi_case'),
    ('subject', 'SELECT subject FROM message_text UNION SELECT subject FROM foi_case'),
    ('message-id', 'SELECT message_id FROM message WHERE message_id IS NOT NULL'),
    ('attachment', 'SELECT name FROM attachment'),
)


def decoded(value):
    try:
        return str(email.header.make_header(email.header.decode_header(value)))
    except (LookupError, UnicodeError, ValueError, email.errors.HeaderParseError):
        return str(value)


def people(value):
    """The names and addresses in a header."""
    try:
        return email.utils.getaddresses([value])
    except RecursionError:  # as deep as that, it names nobody
        return [(value, '')]


def of_mail(path):
    try:
        with open(path, 'rb') as file:
            head = re.split(rb'\r?\n\r?\n', file.read(HEADER_MAX), maxsplit=1)[0]
    except FileNotFoundError:  # a server has just moved it
        return
    mail = email.parser.BytesHeaderParser().parsebytes(head)
    for field in PEOPLE:
        for value in mail.get_all(field, []):
            for name, address in people(decoded(value)):
                yield 'name', name
                yield 'address', address
    for value in mail.get_all('Subject', []):
        yield 'subject', str(value)
        yield 'subject', decoded(value)
    for value in mail.get_all('Message-ID', []):
        yield 'message-id', str(value)


def of_store(path):
    """What can be read in it: tests spoil stores too."""
    with sqlite3.connect(f'file:{path}?mode=ro', uri=True, timeout=10) as db:
        for kind, question in IN_STORE:
            try:
                for value, in db.execute(question):
                    yield kind, value
            except sqlite3.DatabaseError as error:
                print(f'mail_values: {path}: {error}', file=sys.stderr)


def of_config(path):
    text = path.read_text(encoding='utf-8')
    for value in re.findall(r'^(?:address|user|name|from|received_by)\s*=\s*(.+)$', text, re.M):
        yield 'own', value


def is_mail(path):
    return path.suffix == '.eml' or path.parent.name in ('new', 'cur')


def mails(top):
    """Each once: a test makes a large folder of links to a few files."""
    seen = set()
    for path in sorted(top.rglob('*')):
        if not is_mail(path) or path.is_symlink() or not path.is_file():
            continue
        known = path.stat().st_dev, path.stat().st_ino
        if known not in seen:
            seen.add(known)
            yield path


def of_folder(top):
    for path in mails(top):
        yield from of_mail(path)
    for home in (top / 'foi', top / 'b' / 'foi'):
        for path in home.glob('*'):
            if path.suffix == '.conf':
                yield from of_config(path)
            elif path.is_file() and path.open('rb').read(16) == b'SQLite format 3\0':
                yield from of_store(path)


def main():
    found = set()
    for name in sys.argv[1:]:
        path = pathlib.Path(name)
        found.update(of_folder(path) if path.is_dir() else of_mail(path))
    users = {value.rpartition('@')[0] for kind, value in found if kind == 'address'}
    found.update(('user', user) for user in users if re.search(r'[.0-9]', user))
    for kind, value in sorted(found):
        value = ' '.join(value.encode('utf-8', 'replace').decode().split()).strip(' <>')
        if value:
            print(kind, value, sep='\t')


if __name__ == '__main__':
    main()
