#!/usr/bin/python3
# make_mailbox.py - a mailbox of any size for crash tests and benchmarks: mixed mail, the same for the same seed.
# SPDX-License-Identifier: MIT
#
# Usage: make_mailbox.py DIR COUNT [--seed N] [--only KIND]
# Writes DIR/000001.eml and so on (Return-Path first, lines end in LF), DIR/list with the paths, one
# a line, for deliver_lmtp_many, and DIR/index with file, kind, Message-ID and sender, separated by tabs.

import argparse
import base64
import email.utils
import pathlib
import quopri
import random
import textwrap

OURS = 'foi@foi.example.org'
START = 1525132800  # 2018-05-01T00:00:00Z, the Date of the first mail; one is written a minute
KINDS = {'request': 39, 'html': 19, 'page': 4, 'wdtk': 8, 'reply': 8, 'coded': 4, 'attachment': 5,
         'charset': 3, 'away': 3, 'bounce': 2, 'newsletter': 3, 'thanks': 2}  # of a hundred
CHARSETS = ('windows-1252', 'iso-8859-15', 'koi8-r', 'gb2312', 'utf-16')
ATTACHMENT_BYTES = (12 * 1024, 1024 * 1024)
FORENAMES = 'Alex Bryn Carys Dafydd Eleri Farah Gwen Hamid Ines Jo Kofi Lowri Maya Nia Omar Priya'.split()
SURNAMES = 'Sample Example Specimen Placeholder Figure Instance Illustration Template'.split()
THINGS = '''school meals|street lights|empty homes|bus shelters|library loans|agency staff|parking
fines|flood defences|pothole repairs|care home fees|public toilets|tree felling|planning appeals|
food hygiene inspections|staff travel|consultancy contracts'''.replace('\n', ' ').split('|')
ASKS = '''the number of {thing} in each of the last five years|the cost of {thing}, by supplier|every
report on {thing} that went to a committee|the policy on {thing} that is in force now|how many
complaints about {thing} were upheld|the contracts for {thing}, with start and end dates|emails
between officers about {thing} in March|the equality assessment made before {thing} were changed'''
ASKS = [' '.join(ask.split()) for ask in ASKS.split('|')]
PADDING = '''I am content to have this as a spreadsheet. Where a figure is not held, please say so rather
than leave it out. I have looked at your publication scheme and at the pages of the last three
committees and did not find it there. If the cost limit is near, please tell me which part is the
dear one, and I shall think again about it. Names of junior staff may be taken out.'''


class Letter:
    """One mail in the making: who writes, and the choices that the seed makes."""

    def __init__(self, number, seed):
        self.number = number
        self.random = random.Random(f'{seed}/{number}')
        self.name = f'{self.random.choice(FORENAMES)} {self.random.choice(SURNAMES)}'
        self.address = f'{self.name.lower().replace(" ", ".")}.{number}@requester.example.com'
        self.envelope = self.address
        self.thing = self.random.choice(THINGS).strip()
        self.subject = f'Request for information: {self.thing}'
        self.message_id = f'{seed}.{number}.{self.random.getrandbits(48):012x}@requester.example.com'
        self.extra = []

    def paragraphs(self):
        """What is asked for: one to six questions, and none to twelve paragraphs around them."""
        asks = self.random.sample(ASKS, self.random.randint(1, 6))
        yield 'Dear Council,'
        yield f'Under the Freedom of Information Act 2000 please send me, about {self.thing}:'
        for n, ask in enumerate(asks, 1):
            yield f'{n}. {ask.format(thing=self.thing)};'
        for _ in range(self.random.randint(0, 12)):
            yield '. '.join(self.random.sample(PADDING.rstrip('.').split('. '), 3)) + '.'
        yield f'Yours faithfully, {self.name}'

    def text(self):
        return '\n\n'.join(textwrap.fill(p, 72) for p in self.paragraphs()) + '\n'

    def header(self, content_type, encoding='7bit'):
        lines = [f'Return-Path: <{self.envelope}>', f'From: {self.name} <{self.address}>',
                 f'To: {OURS}', f'Subject: {self.subject}',
                 f'Date: {email.utils.formatdate(START + 60 * self.number)}',
                 f'Message-ID: <{self.message_id}>', *self.extra, 'MIME-Version: 1.0',
                 f'Content-Type: {content_type}', f'Content-Transfer-Encoding: {encoding}', '', '']
        return '\n'.join(lines).encode('ascii')


def request(letter):
    return letter.header('text/plain; charset=utf-8') + letter.text().encode()


def html_part(letter):
    """A page as office programs write it: far more markup than words."""
    style = ' '.join(f'.c{n} {{margin:0cm; font-size:{n % 9 + 8}pt; font-family:"Sample Sans";}}'
                     for n in range(letter.random.randint(20, 700)))
    words = ''.join(f'<p class="c{n}" style="mso-margin-top-alt:auto"><span lang="EN-GB">'
                    f'{p} \u2013 \u00a3<o:p></o:p></span></p>\n'
                    for n, p in enumerate(letter.paragraphs()))
    return f'<html><head><style>{style}</style></head><body>\n{words}</body></html>\n'


def html(letter):
    page = quopri.encodestring(html_part(letter).encode())
    return b''.join((
        letter.header('multipart/alternative; boundary="=_alt"'),
        b'--=_alt\nContent-Type: text/plain; charset=utf-8\n\n', letter.text().encode(),
        b'\n--=_alt\nContent-Type: text/html; charset=utf-8\n'
        b'Content-Transfer-Encoding: quoted-printable\n\n', page, b'\n--=_alt--\n'))


def page(letter):
    """HTML with no plain text beside it."""
    return (letter.header('text/html; charset=utf-8', 'quoted-printable')
            + quopri.encodestring(html_part(letter).encode()))


def reply(letter):
    """A few words on top of all that was written before, each mail quoting those before it."""
    letter.subject = f'Re: {letter.subject}'
    letter.extra = [f'In-Reply-To: <{letter.number}.answer@council.example.net>']
    old = ''
    for _ in range(letter.random.randint(1, 8)):
        old = textwrap.indent(f'{letter.text()}\n{old}', '> ', lambda line: True)
        old = f'On 1 May 2018 at 09:30, {letter.name} <{letter.address}> wrote:\n\n{old}'
    return letter.header('text/plain; charset=utf-8') + f'{letter.text()}\n{old}'.encode()


def wdtk(letter):
    letter.address = f'request-{letter.number}-{letter.random.getrandbits(32):08x}@wdtk.example.net'
    letter.envelope = letter.address
    letter.subject = f'Freedom of Information request - {letter.thing.capitalize()}'
    letter.message_id = f'ogm-{letter.number}+{letter.random.getrandbits(52):013x}-0a1b@wdtk.example.net'
    rule = '-' * 67
    footer = (f'\n{rule}\n\nPlease use this email address for all replies to this request:\n'
              f'{letter.address}\n\nDisclaimer: This message and any reply that you make will be '
              f'published on\nthe internet.\n\n{rule}\n')
    return letter.header('text/plain; charset=UTF-8') + (letter.text() + footer).encode()


def attachment(letter):
    """Sizes spread evenly over their logarithm: many small ones, a few near the bound."""
    low, high = ATTACHMENT_BYTES
    size = int(low * (high / low) ** letter.random.random())
    return b''.join((
        letter.header('multipart/mixed; boundary="=_mixed"'),
        b'--=_mixed\nContent-Type: text/plain; charset=utf-8\n\n', letter.text().encode(),
        b'\n--=_mixed\nContent-Type: application/octet-stream; name="evidence.bin"\n'
        b'Content-Disposition: attachment; filename="evidence.bin"\n'
        b'Content-Transfer-Encoding: base64\n\n',
        base64.encodebytes(letter.random.randbytes(size)), b'\n--=_mixed--\n'))


def coded(letter):
    """Text in base64, with words that are not English."""
    letter.subject = f'=?utf-8?b?{base64.b64encode("Cais am wybodaeth – ysgolion Tŷ".encode()).decode()}?='
    text = letter.text().replace('Dear Council', 'Annwyl Gyngor Tŷ Ŵyl – £5')
    return letter.header('text/plain; charset=utf-8', 'base64') + base64.encodebytes(text.encode())


def charset(letter):
    name = letter.random.choice(CHARSETS)
    text = letter.text()
    if name == 'utf-16':
        return letter.header(f'text/plain; charset={name}', 'base64') + base64.encodebytes(text.encode(name))
    salute = {'koi8-r': 'Дорогой Совет', 'gb2312': '尊敬的议会'}.get(name, 'Dear Council – £5')
    return (letter.header(f'text/plain; charset={name}', '8bit')
            + text.replace('Dear Council', salute).encode(name, 'replace'))


def away(letter):
    letter.envelope = ''
    letter.subject = 'Out of office'
    letter.extra = ['Auto-Submitted: auto-replied', 'X-Auto-Response-Suppress: All']
    return letter.header('text/plain; charset=us-ascii') + b'I am away until Monday.\n'


def bounce(letter):
    letter.address, letter.envelope = 'mailer-daemon@mx.example.net', ''
    letter.name, letter.subject = 'Mail Delivery System', 'Undelivered Mail Returned to Sender'
    letter.extra = ['Auto-Submitted: auto-replied']
    return letter.header('multipart/report; report-type=delivery-status; boundary="=_dsn"') + (
        '--=_dsn\nContent-Type: text/plain\n\nYour message could not be delivered.\n\n'
        '--=_dsn\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.net\n\n'
        f'Final-Recipient: rfc822; gone.{letter.number}@requester.example.com\nAction: failed\n'
        'Status: 5.1.1\n\n--=_dsn\nContent-Type: text/rfc822-headers\n\n'
        f'From: {OURS}\nMessage-ID: <unknown.{letter.number}@foi.example.org>\n\n'
        '--=_dsn--\n').encode()


def newsletter(letter):
    letter.subject = 'This month in records management'
    letter.extra = ['List-Id: <records.lists.example.com>', 'Precedence: bulk',
                    'List-Unsubscribe: <https://lists.example.com/u>']
    text = '\n'.join('News of archives, shared drives and workshops in the autumn.'
                     for _ in range(letter.random.randint(10, 300)))
    return letter.header('text/plain; charset=utf-8') + text.encode() + b'\n'


def thanks(letter):
    letter.subject = 'Thank you'
    return letter.header('text/plain; charset=utf-8') + b'Thank you for your quick reply.\n'


MAKERS = {maker.__name__: maker for maker in
          (request, html, page, wdtk, reply, attachment, coded, charset, away, bounce, newsletter, thanks)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('dir', type=pathlib.Path)
    parser.add_argument('count', type=int)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--only', choices=KINDS)
    args = parser.parse_args()
    args.dir.mkdir(parents=True, exist_ok=True)
    with open(args.dir / 'list', 'w', encoding='utf-8') as paths, \
            open(args.dir / 'index', 'w', encoding='utf-8') as index:
        for number in range(1, args.count + 1):
            letter = Letter(number, args.seed)
            kind = letter.random.choices(list(KINDS), KINDS.values())[0]
            kind = args.only or kind
            path = args.dir.resolve() / f'{number:06}.eml'
            path.write_bytes(MAKERS[kind](letter))
            print(path, file=paths)
            print(path.name, kind, letter.message_id, letter.address, sep='\t', file=index)


if __name__ == '__main__':
    main()
