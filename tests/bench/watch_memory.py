#!/usr/bin/python3
# watch_memory.py - samples the memory of the daemon's processes while it works through a backlog.
# SPDX-License-Identifier: MIT
#
# Usage: watch_memory.py PIDFILE STORE MAILS
# PSS is from smaps_rollup: a page that n processes share counts 1/n for each. Needs the right to
# read it: the daemon's user cannot (it is not dumpable), root can; else the unshared and shared
# pages of statm are added up, which is more than PSS.

import pathlib
import re
import sqlite3
import sys
import time

PAUSE = 0.05  # seconds between two samples
PATIENCE = 600


def processes(register):
    children = pathlib.Path(f'/proc/{register}/task/{register}/children').read_text().split()
    return [register, *children]


def role(pid):
    words = pathlib.Path(f'/proc/{pid}/cmdline').read_bytes().decode().split('\0')
    return next((word[7:] for word in words if word.startswith('--role=')), 'register')


def kib(pid):
    """PSS; the resident set where PSS may not be seen."""
    try:
        text = pathlib.Path(f'/proc/{pid}/smaps_rollup').read_text()
        return int(re.search(r'\nPss:\s+(\d+)', text).group(1))
    except PermissionError:
        return int(pathlib.Path(f'/proc/{pid}/statm').read_text().split()[1]) * 4


def sample(register):
    found = {}
    for pid in processes(register):
        try:
            found[role(pid)] = found.get(role(pid), 0) + kib(pid)
        except (FileNotFoundError, ProcessLookupError, AttributeError):
            continue  # it has just ended
    return found


def counts(store):
    """Mails committed, acknowledgements not sent yet; before there is a store: none."""
    try:
        with sqlite3.connect(f'file:{store}?mode=ro', uri=True) as db:
            return db.execute("SELECT (SELECT count(*) FROM message),"
                              " (SELECT count(*) FROM outbox WHERE state <> 'sent')").fetchone()
    except sqlite3.OperationalError:
        return 0, 0


def show(name, memory):
    parts = ', '.join(f'{role} {size / 1024:.1f}' for role, size in sorted(memory.items()))
    print(f'{name:8} {sum(memory.values()) / 1024:6.1f} MiB  ({parts})')


def main():
    register = pathlib.Path(sys.argv[1]).read_text().strip()
    store, mails = sys.argv[2], int(sys.argv[3])
    started = time.monotonic()
    peak, committed = {}, 0.0
    while True:
        now = sample(register)
        if sum(now.values()) > sum(peak.values()):
            peak = now
        rows, unsent = counts(store)
        elapsed = time.monotonic() - started
        if rows == mails and not committed:
            committed = elapsed
        if committed and unsent == 0:
            break
        if elapsed > PATIENCE:
            sys.exit(f'{rows} of {mails} mails, {unsent} acknowledgements unsent after {PATIENCE} s')
        time.sleep(PAUSE)
    print(f'{mails} mails committed in {committed:.1f} s: {mails / committed:.0f} a second; '
          f'all acknowledged in {elapsed:.1f} s')
    show('peak', peak)
    show('after', sample(register))


if __name__ == '__main__':
    main()
