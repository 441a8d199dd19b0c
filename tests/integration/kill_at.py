#!/usr/bin/python3
# kill_at.py - the daemon's log in a pipe, and a kill -9 behind chosen lines of it.
# SPDX-License-Identifier: MIT
#
# Usage: kill_at.py PIPE LOG PIDFILE ROLE PATTERN N...
#
# Makes PIPE and copies it to LOG until every process that holds its other end is gone. When PATTERN matches
# for the Nth time, the process of ROLE dies: register itself (PIDFILE), or its worker fetch, parse
# or send. The pipe is one page long: the daemon cannot run on while nobody reads, so the kill comes
# within the few lines that fit there, however fast it is, and nothing has to sleep.

import fcntl
import os
import re
import select
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


def open_pipe(path):
    """The reading end of a new pipe of one page, once somebody has begun to write."""
    os.mkfifo(path + '.new', 0o666)
    os.chmod(path + '.new', 0o666)
    holder = os.open(path + '.new', os.O_RDWR)
    fcntl.fcntl(holder, fcntl.F_SETPIPE_SZ, ONE_PAGE)
    pipe = os.open(path + '.new', os.O_RDONLY)
    os.rename(path + '.new', path)
    poll = select.poll()
    poll.register(pipe, select.POLLIN)
    poll.poll()
    os.close(holder)  # not before: a pipe that nobody writes to yet would read as ended
    return os.fdopen(pipe, encoding='utf-8')


def main():
    pipe_path, log_path, pid_path, role, pattern = sys.argv[1:6]
    deadly = set(map(int, sys.argv[6:]))
    pattern = re.compile(pattern)
    matches = 0
    with open_pipe(pipe_path) as pipe, open(log_path, 'a', buffering=1, encoding='utf-8') as log:
        for line in pipe:
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
