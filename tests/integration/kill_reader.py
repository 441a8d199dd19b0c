#!/usr/bin/python3
# kill_reader.py - kill -9 of the parse process each time it holds a large mail.
# SPDX-License-Identifier: MIT
#
# Usage: kill_reader.py REGISTER-PID BYTES
#
# Learns how many addresses the idle parse process has mapped, prints "ready", and from then on
# kills any that has BYTES more: it has mapped the mail and reads it. Ends with register. Each reader
# is made a background process (SCHED_IDLE), so that on a busy machine it is slow and not we.

import os
import pathlib
import signal
import sys
import time

PAUSE = 0.0003  # seconds between two looks; a mail of 14 MB is held a hundred times as long


def reader(register):
    """The parse process; None while there is none."""
    for child in pathlib.Path(f'/proc/{register}/task/{register}/children').read_text().split():
        try:
            words = pathlib.Path(f'/proc/{child}/cmdline').read_bytes().split(b'\0')
        except FileNotFoundError:
            continue
        if b'--role=parse' in words:
            return int(child)
    return None


def mapped(pid):
    """Bytes of address space; 0 for one that has ended."""
    try:
        return int(pathlib.Path(f'/proc/{pid}/statm').read_text().split()[0]) * 4096
    except (FileNotFoundError, ProcessLookupError, IndexError):
        return 0


def main():
    register, extra = sys.argv[1], int(sys.argv[2])
    pid = reader(register)
    limit = mapped(pid) + extra
    os.sched_setscheduler(pid, os.SCHED_IDLE, os.sched_param(0))
    print('ready', flush=True)
    while pathlib.Path(f'/proc/{register}').exists():
        if mapped(pid) >= limit:
            os.kill(pid, signal.SIGKILL)
        if mapped(pid) == 0 or not os.path.exists(f'/proc/{pid}/task/{pid}/children'):
            new = reader(register)
            if new and new != pid:
                pid = new
                os.sched_setscheduler(pid, os.SCHED_IDLE, os.sched_param(0))
        time.sleep(PAUSE)


if __name__ == '__main__':
    try:
        main()
    except (FileNotFoundError, ProcessLookupError):
        pass  # register has ended between two looks
