# hostile_text.py - hostile mails whose poison is what their texts and files say.
# SPDX-License-Identifier: MIT

import base64

from hostile import MB, WORDS, evil, header, repeated, tnef


@evil('one base64 line of 40 MB')
def base64_line():
    yield header('base64-line', 'Content-Transfer-Encoding: base64') + '\n'
    yield base64.b64encode(repeated(WORDS, 30 * MB).encode())


@evil('an attachment of 48 MB whose base64 is padded after each byte')
def base64_padding():
    yield header('base64-padding', 'Content-Type: application/pdf; name=a.pdf',
                 'Content-Transfer-Encoding: base64') + '\n' + 'QQ==' * 12 * MB


@evil('48 MB of quoted-printable that is nothing but soft line breaks that are none')
def quoted_printable():
    yield header('quoted-printable', 'Content-Transfer-Encoding: quoted-printable') + '\n' + WORDS
    yield '= ' * 24 * MB


@evil('a text of 48 MB in UTF-7, shifted in and out')
def utf_7():
    yield header('utf-7', 'Content-Type: text/plain; charset=utf-7') + '\n' + WORDS + '+AGE-' * (48 * MB // 5)


@evil('a text of 48 MB in ISO-2022-JP, all of it escape sequences')
def escapes():
    yield header('escapes', 'Content-Type: text/plain; charset=iso-2022-jp') + '\n' + WORDS
    yield '\x1b$B\x1b(B' * (48 * MB // 6)


@evil('500 texts of 90 KB that no character set can read')
def bad_texts():
    yield header('bad-texts', 'Content-Type: multipart/mixed; boundary=b') + '\n--b\n\n' + WORDS
    for _ in range(500):
        yield '--b\nContent-Type: text/plain; charset=utf-16\n\n'
        yield b'\xd8\x00' * 45000 + b'\n'


@evil("40 MB of '>'")
def quote_marks():
    yield header('quote-marks') + '\n' + WORDS + '>' * 40 * MB


@evil("40 MB of lines of '>', flowed")
def quote_lines():
    yield header('quote-lines', 'Content-Type: text/plain; format=flowed; delsp=yes') + '\n' + WORDS
    yield repeated('>' * 70 + ' \n', 40 * MB)


@evil('40 MB of "On ... wrote:"')
def attributions():
    yield header('attributions') + '\n' + WORDS + repeated('On 1 May 2018 Jo Figure wrote:\n', 40 * MB)


@evil('40 MB of beginnings of "On ... wrote:" that never end')
def half_attributions():
    yield header('half-attributions') + '\n' + WORDS + repeated('On 1 wrote\n', 40 * MB)


@evil('40 MB of signatures')
def signatures():
    yield header('signatures') + '\n' + WORDS + repeated('--\n', 40 * MB)


@evil('40 MB of first lines of a quoted header')
def header_blocks():
    yield header('header-blocks') + '\n' + WORDS + repeated('From: a\nx\n', 40 * MB)


@evil('40 MB of legal notices without a legal word')
def disclaimers():
    yield header('disclaimers') + '\n' + WORDS + repeated('\nThis email and any\n', 40 * MB)


@evil('40 MB of our own references, none of them real')
def our_references():
    yield header('our-references') + '\n' + WORDS + repeated('FOI ref no. request FOI 00000\n', 40 * MB)


@evil('40 MB of question marks and Acts')
def questions():
    yield header('questions') + '\n' + WORDS + repeated('freedom of information act? ', 40 * MB)


@evil('40 MB in one sentence with half a phrase again and again')
def half_phrases():
    yield header('half-phrases') + '\n' + WORDS + repeated('under the freedom of internal review of the ', 40 * MB)


@evil('a uuencoded file of 40 MB, begun again on each line')
def uuencode_begins():
    yield header('uuencode-begins') + '\n' + WORDS + repeated('begin 644 a.doc\n', 40 * MB)


@evil('1,000,000 uuencoded files in one text')
def uuencode_files():
    yield header('uuencode-files') + '\n' + WORDS + 'begin 644 a\n#86)C\n`\nend\n' * MB


@evil('a uuencoded file of 40 MB without an end')
def uuencode_endless():
    yield header('uuencode-endless') + '\n' + WORDS + 'begin 644 a.doc\n'
    yield repeated('M' + '8' * 60 + '\n', 40 * MB)


@evil('40 MB of Message-IDs in the text')
def ids_in_text():
    yield header('ids-in-text') + '\n' + WORDS + repeated('Message-ID: <a@example.org>\n', 40 * MB)


@evil('40 MB of NUL')
def nuls():
    yield header('nuls') + '\n' + WORDS + '\0' * 40 * MB


@evil('50 MB of blank lines')
def blank_lines():
    yield header('blank-lines') + '\n' + WORDS + '\n' * (50 * MB - 1000)


@evil('a winmail.dat of 40 MB whose records lie about their lengths')
def winmail_lies():
    record = b'\x02\x05\x90\x06\x00\xff\xff\xff\xff'
    yield tnef('winmail-lies')
    yield base64.encodebytes(b'\x78\x9f\x3e\x22\x01\x00' + repeated(record, 30 * MB))


@evil('a winmail.dat of 1,000,000 attachments')
def winmail_attachments():
    title = b'\x02\x10\x80\x01\x00\x02\x00\x00\x00a\x00\x00\x00'
    start = b'\x02\x02\x90\x06\x00\x00\x00\x00\x00\x00\x00'
    yield tnef('winmail-attachments')
    yield base64.encodebytes(b'\x78\x9f\x3e\x22\x01\x00' + (start + title) * MB)


@evil('a delivery report about 1,000,000 recipients')
def report():
    yield header('report', 'Content-Type: multipart/report; report-type=delivery-status; boundary=b')
    yield '\n--b\n\nIt was not delivered.\n--b\nContent-Type: message/delivery-status\n\n'
    yield 'Final-Recipient: rfc822; a@example.net\nAction: failed\nStatus: 5.1.1\n\n' * (MB // 2)
    yield '--b--\n'
