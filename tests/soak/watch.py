#!/usr/bin/python3
# watch.py - memory, descriptors and processes of the daemon over time.
# SPDX-License-Identifier: MIT
#
# Usage: watch.py PIDFILE SAMPLES
# Adds a line to SAMPLES every few seconds, until it is killed: seconds, process id of register, KiB of
# all processes (PSS), KiB of register, descriptors of register, workers. A moment at which
# register is not there, or leaves while it is looked at, has no line.

import os
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'bench'))
from watch_memory import processes, sample  # noqa: E402

PAUSE = 3


def look(pid_file):
    register = pid_file.read_text().strip()
    memory = sample(register)
    descriptors = len(os.listdir(f'/proc/{register}/fd'))
    return register, sum(memory.values()), memory['register'], descriptors, len(processes(register)) - 1


def main():
    pid_file = pathlib.Path(sys.argv[1])
    with open(sys.argv[2], 'a', buffering=1, encoding='ascii') as samples:
        while True:
            try:
                print(int(time.time()), *look(pid_file), sep='\t', file=samples)
            except (OSError, KeyError):
                pass
            time.sleep(PAUSE)


if __name__ == '__main__':
    main()
