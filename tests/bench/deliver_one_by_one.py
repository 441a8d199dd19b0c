#!/usr/bin/python3
# deliver_one_by_one.py - mails into the idle daemon: deliver, wait until it has said so, the next.
# SPDX-License-Identifier: MIT
#
# Usage: deliver_one_by_one.py LMTP-SOCKET USER LIST LOG PIDFILE
# Prints for each mail the microseconds from LMTP's 250 to the line in LOG that tells of the commit.
# The next mail comes when the daemon has no work left: behind the line of the acknowledgement, and
# when none of its processes has been woken for a while (a copy goes to the Sent folder meanwhile).

import os
import pathlib
import re
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'servers'))
import mail_client  # noqa: E402  (the folder has to be named first)

PATIENCE = 30  # seconds for one mail
PAUSE = 0.0002  # between two looks at the log: what the figures are coarser by
QUIET = 0.2  # seconds without a context switch that count as idle
DURABLE = b' case-opened '
IDLE = b'acknowledgement-sent'


class Log:
    """The lines that are added to a file."""

    def __init__(self, path):
        self.file = open(path, 'rb')
        self.file.seek(0, os.SEEK_END)
        self.text = b''

    def wait(self, word):
        """Returns once a line with the word has come; lines before it are dropped."""
        end = time.monotonic() + PATIENCE
        while True:
            self.text += self.file.read()
            at = self.text.find(word)
            if at >= 0:
                self.text = self.text[at + len(word):]
                return
            if time.monotonic() > end:
                sys.exit(f'no {word.decode()} within {PATIENCE} s')
            time.sleep(PAUSE)


def switches(register):
    """How often each process of the daemon has gone to sleep so far."""
    children = pathlib.Path(f'/proc/{register}/task/{register}/children').read_text().split()
    return [re.search(r'\nvoluntary_ctxt_switches:\s*(\d+)',
                      pathlib.Path(f'/proc/{pid}/status').read_text()).group(1)
            for pid in [register, *children]]


def wait_idle(register):
    before = switches(register)
    since = time.monotonic()
    while time.monotonic() < since + QUIET:
        time.sleep(QUIET / 10)
        now = switches(register)
        if now != before:
            before, since = now, time.monotonic()


def main():
    socket, user, paths, log_path, pid_path = sys.argv[1:]
    register = pathlib.Path(pid_path).read_text().strip()
    log = Log(log_path)
    for path in mail_client.listed(['@' + paths]):
        raw, sender = mail_client.read_letter(path)
        wait_idle(register)
        with mail_client.smtplib.LMTP(socket, local_hostname='client.example.com') as session:
            session.ehlo()
            mail_client.send(session, sender, user, raw)
            delivered = time.monotonic()
            log.wait(DURABLE)
            print(int((time.monotonic() - delivered) * 1e6))
        log.wait(IDLE)


if __name__ == '__main__':
    main()
