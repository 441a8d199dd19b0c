# hostile_headers.py - hostile mails whose poison is in the header.
# SPDX-License-Identifier: MIT

from hostile import MB, WORDS, evil, header, repeated


@evil("a From of 200,000 times '('")
def from_of_brackets():
    yield header('from-of-brackets', sender='(' * 200000) + '\n' + WORDS


@evil("a From of 40 MB of '('")
def from_of_40_mb_brackets():
    yield header('from-of-40-mb-brackets', sender='(' * 40 * MB) + '\n' + WORDS


@evil("a From of 10 MB of '<', no end of any")
def from_of_angles():
    yield header('from-of-angles', sender='<' * 10 * MB) + '\n' + WORDS


@evil('a From of 10 MB of quotation marks and backslashes')
def from_of_quotes():
    yield header('from-of-quotes', sender='"\\' * 5 * MB) + '\n' + WORDS


@evil('1,000,000 recipients in one To')
def recipients():
    yield header('recipients', 'Cc: a@example.org' + ',b@example.net' * MB) + '\n' + WORDS


@evil('1,000,000 recipients, one a Cc')
def recipient_fields():
    yield header('recipient-fields') + 'Cc: b@example.net\n' * MB + '\n' + WORDS


@evil('1,000,000 groups of recipients that are never ended')
def recipient_groups():
    yield header('recipient-groups', 'Cc: ' + 'a:' * MB) + '\n' + WORDS


@evil('a header of 50 MB in short fields')
def header_of_50_mb():
    yield header('header-of-50-mb') + repeated('X-A: b\n', 50 * MB) + '\n' + WORDS


@evil('1,000,000 header fields of different names')
def header_fields():
    yield header('header-fields') + ''.join(f'X-{n}: {n}\n' for n in range(MB)) + '\n' + WORDS


@evil('a header field of 50 MB, folded every four bytes')
def folded():
    yield header('folded', 'X-Long: a' + '\n b' * (50 * MB // 3)) + '\n' + WORDS


@evil('a subject of 40 MB of encoded words')
def encoded_words():
    word = '=?utf-8?q?=C3=A9?='
    yield header('encoded-words', 'Subject: ' + repeated(word + '\n ', 40 * MB) + word) + '\n' + WORDS


@evil('encoded words of 1,000,000 changing character sets')
def encoded_sets():
    sets = ('utf-8', 'iso-2022-jp', 'utf-7', 'gb18030', 'x-nonsense', 'utf-16')
    yield header('encoded-sets', 'X-Sets: ' + ' '.join(
        f'=?{sets[n % 6]}?b?AAAA?=' for n in range(MB))) + '\n' + WORDS


@evil('a subject of 20,000,000 beginnings of encoded words, no end of any')
def encoded_beginnings():
    yield header('encoded-beginnings', 'X-Words: ' + '=?' * 20 * MB) + '\n' + WORDS


@evil('1,000,000 Message-IDs in References')
def references():
    yield header('references', 'References: ' + '\n '.join(
        f'<{n}@example.org>' for n in range(MB))) + '\n' + WORDS


@evil('1,000,000 fields of References')
def reference_fields():
    yield header('reference-fields') + ''.join(
        f'References: <{n}@example.org>\n' for n in range(MB)) + '\n' + WORDS


@evil("a Date of 40 MB of nested comments")
def date_of_comments():
    yield header('date-of-comments').replace('Date: ', 'Date: ' + '(' * 40 * MB) + '\n' + WORDS


@evil('a Content-Type name of 40 MB in 100,000 pieces (RFC 2231)')
def name_in_pieces():
    yield header('name-in-pieces', 'Content-Type: application/pdf' + ''.join(
        f";\n name*{n}*=utf-8''{'%41' * 130}" for n in range(100000))) + '\nx\n'


@evil('40 MB of blanks where a header should be')
def blank_header():
    yield header('blank-header') + repeated(' ' * 70 + '\n', 40 * MB) + '\n' + WORDS


@evil('40 MB of lines that are no header fields, between ones that are')
def half_header():
    yield header('half-header') + repeated('X-A: b\nno field\n', 40 * MB) + '\n' + WORDS
