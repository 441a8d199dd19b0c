# hostile.py - what the mails of make_hostile.py have in common.
# SPDX-License-Identifier: MIT
#
# Each kind is a function marked with @evil that yields its mail in pieces, beginning with a plain
# request where that leaves it hostile. A mail's lines end in LF.

MB = 1000 * 1000
WORDS = 'Under the Freedom of Information Act 2000 please send me the number of street lamps.\n'
EVIL = {}  # what a kind is, and the function that makes it, by its name


def evil(what):
    """Registers a function that yields a mail in pieces of text or bytes."""
    def add(make):
        EVIL[make.__name__.replace('_', '-')] = (what, make)
        return make
    return add


def header(name, *fields, sender='Robin Hostile <robin@hostile.example.com>'):
    """The beginning of a plain request; without its end, so that more can follow. It can be told
    by its Message-ID, wherever it is cut off."""
    lines = [f'Message-ID: <{name}@hostile.example.com>', f'From: {sender}',
             'To: foi@foi.example.org', f'Subject: A question: {name}',
             'Date: Wed, 16 May 2018 09:30:00 +0100', *fields]
    return ''.join(line + '\n' for line in lines)


def repeated(piece, size):
    """As many whole pieces as fit in that many bytes."""
    return piece * (size // len(piece))


def html(name):
    return header(name, 'Content-Type: text/html; charset=utf-8') + '\n<p>' + WORDS


def tnef(name):
    return header(name, 'Content-Type: application/ms-tnef; name=winmail.dat',
                  'Content-Transfer-Encoding: base64') + '\n'
