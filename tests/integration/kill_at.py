#!/usr/bin/python3
# kill_at.py - the daemon's log in a pipe, and a kill -9 behind chosen lines of it.
# SPDX-License-Identifier: MIT
#
# Usage: kill_at.py LOG PIDFILE ROLE PATTERN N... <PIPE
#
# Copies the pipe to LOG until every process that holds its other end is gone. When PATTERN matches
# for the Nth time, the process of ROLE dies: register itself (PIDFILE), or its worker fetch, parse
# or send. The pipe is one page long: the daemon cannot run on while nobody reads, so the kill comes
# within the few lines that fit there, however fast it is, and nothing has to sleep.

import fcntl
import os
import re
import signal
import sys

ONE_PAGE = 4096


def victim(register, role):
    """The process of the role; None while there is none."""
    if role == 'register':
        return register
    with open(f'/proc/{register}/task/{register}/children', encoding='ascii') as file:
        children = file.read().split()
    for child in children:
        try:
            with open(f'/proc/{child}/cmdline', 'rb') as file:
                if f'--role={role}'.encode() in file.read().split(b'\0'):
                    return int(child)
        except FileNotFoundError:
            continue
    return None


def main():
    log_path, pid_path, role, pattern = sys.argv[1:5]
    deadly = set(map(int, sys.argv[5:]))
    fcntl.fcntl(sys.stdin, fcntl.F_SETPIPE_SZ, ONE_PAGE)
    pattern = re.compile(pattern)
    matches = 0
    with open(log_path, 'a', buffering=1, encoding='utf-8') as log:
        for line in sys.stdin:
            log.write(line)
            if not pattern.search(line):
                continue
            matches += 1
            if matches not in deadly:
                continue
            with open(pid_path, encoding='ascii') as file:
                pid = victim(int(file.read()), role)
            if pid is None:  # it is being started again: the next one dies instead
                deadly.add(matches + 1)
                continue
            os.kill(pid, signal.SIGKILL)
            log.write(f'killed {role} behind match {matches}\n')


if __name__ == '__main__':
    main()
