#!/usr/bin/python3
# watch_hostile.py - lets mails into the mailbox and sees what the daemon makes of them.
# SPDX-License-Identifier: MIT
#
# Usage: watch_hostile.py one|batch MAILDIR PIDFILE STORE SECONDS FILE...
# The files are moved into the Maildir: with `one` each once the one before has its fate, with `batch`
# all at once. Prints a line a mail, separated by tabs: name, MB, seconds from its arrival to its fate
# (in a batch: since the fate before it), fate; then the lines `before`, `peak` and `after`
# with the memory of all processes of the daemon in MiB (see watch_memory.py). Fails when a mail has
# no fate SECONDS after it, or the one before it, had its turn.

import os
import pathlib
import sqlite3
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'bench'))
from watch_memory import sample  # noqa: E402

PAUSE = 0.005  # seconds between two looks at the store
SAMPLE_PAUSE = 0.02


class Memory(threading.Thread):
    """The most that all processes held at one moment, in KiB."""

    def __init__(self, register):
        super().__init__(daemon=True)
        self.register = register
        self.peak = {}
        self.start()

    def run(self):
        while True:
            now = sample(self.register)
            if sum(now.values()) > sum(self.peak.values()):
                self.peak = now
            time.sleep(SAMPLE_PAUSE)


def show(name, memory):
    parts = ', '.join(f'{role} {size / 1024:.1f}' for role, size in sorted(memory.items()))
    print(f'{name}\t{sum(memory.values()) / 1024:.1f}\t{parts}')


def fates(store, known):
    """UID and fate of each mail behind the first @known ones, in the order of UIDs."""
    with sqlite3.connect(f'file:{store}?mode=ro', uri=True, timeout=10) as db:
        return db.execute('SELECT uid, fate FROM message ORDER BY uid LIMIT -1 OFFSET ?',
                          (known,)).fetchall()


def let_in(maildir, path, number):
    """An atomic arrival, named so that its place in the order of UIDs is its number's."""
    name = f'{int(time.time())}.M{number:06}P{os.getpid()}.hostile'
    os.rename(path, maildir / 'new' / name)


def follow(store, names, known, seconds, sizes):
    """Prints the fate of each mail as it comes."""
    last = time.monotonic()
    while names:
        found = fates(store, known)
        now = time.monotonic()
        for _, fate in found:
            name = names.pop(0)
            print(f'{name}\t{sizes[name] / 1e6:.1f}\t{(now - last) / len(found):.2f}\t{fate}', flush=True)
        known += len(found)
        if found:
            last = now
        elif now - last > seconds:
            sys.exit(f'{names[0]}: no fate within {seconds} s')
        time.sleep(PAUSE)


def main():
    how, maildir, pidfile, store, seconds = sys.argv[1:6]
    files = [pathlib.Path(name) for name in sys.argv[6:]]
    sizes = {file.stem: file.stat().st_size for file in files}
    register = pathlib.Path(pidfile).read_text().strip()
    known = len(fates(store, 0))
    show('before', sample(register))
    memory = Memory(register)
    group = 1 if how == 'one' else len(files)
    for start in range(0, len(files), group):
        names = files[start:start + group]
        for number, file in enumerate(names, known + start):
            let_in(pathlib.Path(maildir), file, number)
        follow(store, [file.stem for file in names], known + start, float(seconds), sizes)
    show('peak', memory.peak)
    show('after', sample(register))


if __name__ == '__main__':
    main()
