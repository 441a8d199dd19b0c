#!/usr/bin/python3
# make_hostile.py - mails made to hurt whoever reads them; made anew each time, never stored.
# SPDX-License-Identifier: MIT
#
# Usage: make_hostile.py DIR MB [NAME...]
# Writes DIR/NAME.eml for each (all by default), cut off behind that many MB (0: never; then they
# are 2 GB in all). `make_hostile.py -` prints the names and what each one is.

import pathlib
import sys

import hostile
import hostile_headers  # noqa: F401
import hostile_html  # noqa: F401
import hostile_structure  # noqa: F401
import hostile_text  # noqa: F401


def write(path, pieces, room):
    with path.open('wb') as f:
        for piece in pieces:
            piece = piece if isinstance(piece, bytes) else piece.encode('latin-1')
            f.write(piece[:room])
            room -= min(room, len(piece))


def main():
    names = sys.argv[3:] or list(hostile.EVIL)
    if sys.argv[1] == '-':
        print(''.join(f'{name}\t{hostile.EVIL[name][0]}\n' for name in names), end='')
        return
    folder = pathlib.Path(sys.argv[1])
    room = int(sys.argv[2]) * hostile.MB or sys.maxsize
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        write(folder / f'{name}.eml', hostile.EVIL[name][1](), room)


if __name__ == '__main__':
    main()
