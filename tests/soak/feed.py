#!/usr/bin/python3
# feed.py - lets mails into a mailbox evenly over a time, past all servers.
# SPDX-License-Identifier: MIT
#
# Usage: feed.py LIST MAILDIR SECONDS
# The files that LIST names, one a line, are moved into the Maildir; each arrives when it is moved.

import os
import pathlib
import sys
import time

PAUSE = 0.1


def main():
    paths = pathlib.Path(sys.argv[1]).read_text(encoding='utf-8').splitlines()
    new = pathlib.Path(sys.argv[2]) / 'new'
    seconds = float(sys.argv[3])
    began = time.monotonic()
    for number, path in enumerate(paths, 1):
        while time.monotonic() - began < number * seconds / len(paths):
            time.sleep(PAUSE)
        os.utime(path)
        os.rename(path, new / f'{int(time.time())}.M{number:06}P{os.getpid()}.soak')


if __name__ == '__main__':
    main()
