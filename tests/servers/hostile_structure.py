# hostile_structure.py - hostile mails whose poison is how their parts lie in each other.
# SPDX-License-Identifier: MIT

from hostile import MB, WORDS, evil, header


@evil('100,000 mails, each enclosed in the last')
def enclosed():
    yield header('enclosed') + 'Content-Type: message/rfc822\n\n' * 100000 + '\n' + WORDS


@evil('100,000 multiparts, each within the last, of one boundary')
def multiparts():
    yield header('multiparts') + 'Content-Type: multipart/mixed; boundary=b\n\n--b\n' * 100000 + '\n' + WORDS


@evil('100,000 multiparts, each within the last, of boundaries of their own')
def multiparts_apart():
    yield header('multiparts-apart') + ''.join(
        f'Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n' for n in range(100000)) + '\n' + WORDS


@evil('200 boundaries, each a prefix of the next, and 500,000 lines that begin like one of them')
def boundary_prefixes():
    text = header('boundary-prefixes')
    for n in range(1, 200):
        text += f'Content-Type: multipart/mixed; boundary={"b" * n}\n\n--{"b" * n}\n'
    yield text + '\n' + WORDS
    yield ''.join(f'--{"b" * (n % 60)}x\n' for n in range(500000))


@evil('a boundary of 40 MB')
def boundary_of_40_mb():
    yield header('boundary-of-40-mb', 'Content-Type: multipart/mixed; boundary="' + 'b' * 40 * MB + '"')
    yield '\n--' + 'b' * 1000 + '\n\n' + WORDS


@evil('100,000 parts')
def parts():
    yield header('parts', 'Content-Type: multipart/mixed; boundary=b') + '\n--b\n\n' + WORDS
    yield '--b\nContent-Type: application/pdf\n\nx\n' * 100000 + '--b--\n'


@evil('100,000 attachments with names')
def attachments():
    yield header('attachments', 'Content-Type: multipart/mixed; boundary=b') + '\n--b\n\n' + WORDS
    yield ''.join('--b\nContent-Type: application/pdf\n'
                  f'Content-Disposition: attachment; filename="../../{n}.pdf"\n\n{n}\n'
                  for n in range(100000)) + '--b--\n'


@evil('12,000,000 lines that look like a boundary')
def boundary_lines():
    yield header('boundary-lines', 'Content-Type: multipart/mixed; boundary=b') + '\n--b\n\n' + WORDS
    yield '--c\n' * 12 * MB


@evil('alternatives within alternatives, each with its text twice')
def alternatives():
    text = header('alternatives')
    for n in range(31):
        text += (f'Content-Type: multipart/alternative; boundary=b{n}\n\n--b{n}\n\n {n}\n' +
                 f'--b{n}\nContent-Type: text/html\n\n<p> \n' * 15 + f'--b{n}\n')
    yield text + '\n' + WORDS
