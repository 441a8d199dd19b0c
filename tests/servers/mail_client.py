#!/usr/bin/python3
# mail_client.py - the other side of the mail servers: delivers to them, reads what arrived.
# SPDX-License-Identifier: MIT
#
# For lib.sh, which says what each command is for. The standard library only. Mailboxes are read
# straight from the Maildir, so that looking on changes nothing and needs no server or certificate.

import argparse
import datetime
import email
import email.header
import email.utils
import imaplib
import os
import random
import re
import smtplib
import socket
import ssl
import sys
import time

PAUSE = 0.02  # seconds between two looks at something that tells nobody when it changes
PATIENCE = 60  # seconds for any one answer of a server
HOST = '127.0.0.1'  # not localhost: a bare container resolves no name at all
OWN_NAME = 'client.example.com'  # told to the server; else the library asks the name service for it
PORTS = range(20000, 30000)  # below the range that the kernel gives to outgoing connections


class Failure(Exception):
    """What the caller is told, in one line."""


# ---- letters ----------------------------------------------------------------------------------


def read_letter(path):
    """The mail in path as it goes over the wire, and the envelope sender that belongs to it."""
    with open(path, 'rb') as file:
        raw = re.sub(rb'\r?\n', b'\r\n', file.read())
    match = re.match(rb'Return-Path:[ \t]*<?([^>\r\n]*)>?[ \t]*\r\n', raw, re.I)
    if match:  # the receiving server writes its own
        return raw[match.end():], match.group(1).decode('ascii').strip()
    return raw, email.utils.parseaddr(email.message_from_bytes(raw).get('From', ''))[1]


def listed(paths):
    """The paths, with each @LIST replaced by the lines of LIST."""
    for path in paths:
        if not path.startswith('@'):
            yield path
            continue
        with open(path[1:], encoding='utf-8') as file:
            yield from (line.rstrip('\n') for line in file)


def send(session, sender, recipient, raw):
    """One transaction; returns the server's last words."""
    options = ['BODY=8BITMIME'] if session.has_extn('8bitmime') else []
    for code, text in (session.mail(sender, options), session.rcpt(recipient)):
        if code // 100 != 2:
            raise Failure(f'{code} {text.decode("utf-8", "replace")}')
    code, text = session.data(raw)
    text = text.decode('utf-8', 'replace')
    if code // 100 != 2:
        raise Failure(f'{code} {text}')
    return text


def deliver_smtp(args):
    context = ssl.create_default_context(cafile=args.ca)
    if args.smtps:
        session = smtplib.SMTP_SSL(HOST, args.port, OWN_NAME, timeout=PATIENCE, context=context)
    else:
        session = smtplib.SMTP(HOST, args.port, OWN_NAME, timeout=PATIENCE)
        session.starttls(context=context)
    with session:
        session.ehlo()
        if args.user:
            session.login(args.user, password_of(args.password_file))
        for path in listed(args.files):
            raw, sender = read_letter(path)
            if args.sender != '-':
                sender = args.sender
            match = re.search(r'\bid=(\S+)', send(session, sender, args.recipient, raw))
            print(match.group(1) if match else '-')


def deliver_lmtp(args):
    session = smtplib.LMTP(args.socket, local_hostname=OWN_NAME, timeout=PATIENCE)
    with session:
        session.ehlo()
        for path in listed(args.files):
            raw, sender = read_letter(path)
            send(session, sender, args.user, raw)


# ---- IMAP -------------------------------------------------------------------------------------


def password_of(path):
    with open(path, encoding='ascii') as file:
        return file.read().strip()


def imap_login(args, user):
    context = ssl.create_default_context(cafile=args.ca)
    if args.starttls:
        session = imaplib.IMAP4(HOST, args.port, timeout=PATIENCE)
        session.starttls(context)
    else:
        session = imaplib.IMAP4_SSL(HOST, args.port, ssl_context=context, timeout=PATIENCE)
    session.login(user, password_of(args.password_file))
    return session


def imap_ask(answer):
    kind, data = answer
    if kind != 'OK':
        raise Failure(f'the IMAP server says {kind} {data[0]!r}')
    return data


def imap_append(args):
    user, folder = split_user(args.user)
    raw, _ = read_letter(args.file)
    when = datetime.datetime.now(datetime.timezone.utc)
    if args.date:
        when = datetime.datetime.fromisoformat(args.date)
        when = when if when.tzinfo else when.replace(tzinfo=datetime.timezone.utc)
    with imap_login(args, user) as session:
        imap_ask(session.append(folder, None, imaplib.Time2Internaldate(when), raw))


def imap_fetch(args):
    user, folder = split_user(args.user)
    with imap_login(args, user) as session:
        imap_ask(session.select(folder, readonly=True))
        data = imap_ask(session.fetch(args.number, '(BODY.PEEK[])'))
        if not isinstance(data[0], tuple):
            raise Failure(f'no mail {args.number} in {args.user}')
        sys.stdout.buffer.write(data[0][1])


# ---- Maildir ----------------------------------------------------------------------------------


def split_user(text):
    user, _, folder = text.partition('/')
    return user, folder or 'INBOX'


def arrival(name):
    """The time in a Maildir name, 1526459400.M123456P..., which is the order of arrival."""
    match = re.match(r'(\d+)\.M(\d+)', name)
    return (int(match.group(1)), int(match.group(2))) if match else (0, 0)


def maildir(args):
    user, folder = split_user(args.user)
    local, _, domain = user.lower().partition('@')
    top = os.path.join(args.root, domain, local.partition('+')[0], 'Maildir')
    return top if folder == 'INBOX' else os.path.join(top, '.' + folder.replace('/', '.'))


def mailbox_fill(args):
    top = maildir(args)
    started = time.time()
    for number, path in enumerate(listed(args.files)):
        raw, sender = read_letter(path)
        name = f'{int(started)}.M{number:06}P{os.getpid()}.fill'
        with open(os.path.join(top, 'tmp', name), 'wb') as file:
            file.write(f'Return-Path: <{sender}>\n'.encode('ascii'))
            file.write(raw.replace(b'\r\n', b'\n'))
        os.rename(os.path.join(top, 'tmp', name), os.path.join(top, 'new', name))


def mail_files(args):
    """Every mail of the folder, in the order of arrival; none where the folder is not there yet."""
    top = maildir(args)
    found = {}  # by unique name: a mail that moves from new to cur between two looks is one mail
    for part in ('new', 'cur'):
        try:
            names = os.listdir(os.path.join(top, part))
        except FileNotFoundError:
            continue
        found.update((name.partition(':')[0], os.path.join(top, part, name)) for name in names)
    return [found[name] for name in sorted(found, key=lambda name: (arrival(name), name))]


def read_mail(path):
    """Its bytes; the name changes when a client sets a flag."""
    try:
        with open(path, 'rb') as file:
            return file.read()
    except FileNotFoundError:
        return None


def mails(args):
    """Number and bytes of each mail."""
    for _ in range(100):
        raws = [read_mail(path) for path in mail_files(args)]
        if None not in raws:
            return list(enumerate(raws, 1))
    raise Failure(f'{args.user} does not stand still')


def header_text(raw, name):
    head = re.split(rb'\r?\n\r?\n', raw, maxsplit=1)[0]
    value = email.message_from_bytes(head).get(name, '')
    try:
        return ' '.join(str(email.header.make_header(email.header.decode_header(value))).split())
    except (LookupError, UnicodeError):
        return ' '.join(str(value).split())


def mailbox_count(args):
    print(len(mail_files(args)))


def mailbox_wait(args):
    end = time.monotonic() + args.seconds
    while len(mail_files(args)) < args.count:
        if time.monotonic() > end:
            raise Failure(f'{args.user} has {len(mail_files(args))} mails, not {args.count}, '
                          f'after {args.seconds:g} s')
        time.sleep(PAUSE)


def mailbox_list(args):
    for number, raw in mails(args):
        print(number, *(header_text(raw, name) for name in ('From', 'Subject', 'Message-ID')),
              sep='\t')


def one_mail(args):
    found = mails(args)
    number = len(found) if args.number == 'last' else int(args.number)
    if not 1 <= number <= len(found):
        raise Failure(f'no mail {args.number} in {args.user}, which has {len(found)}')
    return found[number - 1][1]


def mailbox_read(args):
    sys.stdout.buffer.write(one_mail(args))


def mailbox_header(args):
    print(header_text(one_mail(args), args.header))


def mailbox_search(args):
    hits = [number for number, raw in mails(args) if args.text in header_text(raw, args.header)]
    for number in hits:
        print(number)
    if not hits:
        raise Failure(f'{args.user}: no mail with that text in {args.header}')


# ---- ports and processes ----------------------------------------------------------------------


def is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_ports(args):
    free = []
    for port in random.sample(PORTS, len(PORTS)):
        if is_free(port):
            free.append(port)
        if len(free) == args.count:
            print(*free)
            return
    raise Failure(f'no free ports on {HOST}')


def accepts(place):
    """Whether the port or the unix socket takes a connection."""
    try:
        if place.isdecimal():
            socket.create_connection((HOST, int(place)), PATIENCE).close()
            return True
        with socket.socket(socket.AF_UNIX) as probe:
            probe.connect(place)
    except OSError:
        return False
    return True


def is_running(pid):
    """Whether the process lives; one that ended and waits for its parent does not."""
    try:
        with open(f'/proc/{pid}/stat', encoding='utf-8', errors='replace') as file:
            return file.read().rpartition(')')[2].split()[0] != 'Z'
    except FileNotFoundError:
        return False


def await_server(args):
    end = time.monotonic() + args.seconds
    for place in args.places:
        while not accepts(place):
            if not is_running(args.pid):
                raise Failure('the server has ended')
            if time.monotonic() > end:
                raise Failure(f'nothing answers on {place} after {args.seconds:g} s')
            time.sleep(PAUSE)


# ---- the command line -------------------------------------------------------------------------

TEXT = {}
COMMANDS = {
    'smtp': (deliver_smtp, {'sender': TEXT, 'recipient': TEXT, 'files': {'nargs': '+'}}),
    'lmtp': (deliver_lmtp, {'socket': TEXT, 'user': TEXT, 'files': {'nargs': '+'}}),
    'append': (imap_append, {'user': TEXT, 'file': TEXT, 'date': TEXT}),
    'fetch': (imap_fetch, {'user': TEXT, 'number': TEXT}),
    'fill': (mailbox_fill, {'root': TEXT, 'user': TEXT, 'files': {'nargs': '+'}}),
    'count': (mailbox_count, {'root': TEXT, 'user': TEXT}),
    'wait': (mailbox_wait, {'root': TEXT, 'user': TEXT, 'count': {'type': int},
                            'seconds': {'type': float}}),
    'list': (mailbox_list, {'root': TEXT, 'user': TEXT}),
    'read': (mailbox_read, {'root': TEXT, 'user': TEXT, 'number': TEXT}),
    'header': (mailbox_header, {'root': TEXT, 'user': TEXT, 'number': TEXT, 'header': TEXT}),
    'search': (mailbox_search, {'root': TEXT, 'user': TEXT, 'header': TEXT, 'text': TEXT}),
    'ports': (free_ports, {'count': {'type': int}}),
    'await': (await_server, {'seconds': {'type': float}, 'pid': {'type': int},
                             'places': {'nargs': '+'}}),
}
OPTIONS = {
    'smtp': {'--smtps': {'action': 'store_true'}, '--user': TEXT},
    'append': {'--starttls': {'action': 'store_true'}},
    'fetch': {'--starttls': {'action': 'store_true'}},
}
CONNECTION = {'--port': {'type': int, 'required': True}, '--ca': {'required': True},
              '--password-file': TEXT}


def command_line():
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest='command', required=True)
    for name, (_, places) in COMMANDS.items():
        command = commands.add_parser(name)
        options = dict(CONNECTION, **OPTIONS[name]) if name in OPTIONS else {}
        for key, how in {**options, **places}.items():
            command.add_argument(key, **how)
    return parser.parse_args()


def main():
    args = command_line()
    try:
        COMMANDS[args.command][0](args)
    except (Failure, OSError, smtplib.SMTPException, imaplib.IMAP4.error) as fault:
        sys.exit(f'mail_client: {args.command}: {fault}')


if __name__ == '__main__':
    main()
