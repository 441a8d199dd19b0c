#!/usr/bin/python3
# watch_recount.py - mails into the daemon while it counts its cases anew, and its memory.
# SPDX-License-Identifier: MIT
#
# Usage: watch_recount.py LMTP-SOCKET USER LIST LOG PIDFILE
# Delivers one mail after the other, as soon as the one before is committed, until LOG says
# "recounted"; samples the memory of all processes between them. Start it before the reload.

import pathlib
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import deliver_one_by_one as one  # noqa: E402  (the folder has to be named first)
import watch_memory as memory  # noqa: E402

END = b'INFO recounted'


def deliver(socket, user, path, log):
    """Microseconds from LMTP's 250 to the commit."""
    raw, sender = one.mail_client.read_letter(path)
    with one.mail_client.smtplib.LMTP(socket, local_hostname='client.example.com') as session:
        session.ehlo()
        one.mail_client.send(session, sender, user, raw)
        delivered = time.monotonic()
        log.wait(one.DURABLE)
        return (time.monotonic() - delivered) * 1e6


def watch_peak(register, peak, stop):
    while not stop.is_set():
        now = memory.sample(register)
        if sum(now.values()) > sum(peak.values()):
            peak.clear()
            peak.update(now)
        stop.wait(memory.PAUSE)


def main():
    socket, user, paths, log_path, pid_path = sys.argv[1:]
    register = pathlib.Path(pid_path).read_text().strip()
    log, whole = one.Log(log_path), one.Log(log_path)
    print('watching', flush=True)
    whole.wait(b'WARNING deadline-changed')
    peak, stop = {}, threading.Event()
    sampler = threading.Thread(target=watch_peak, args=(register, peak, stop))
    sampler.start()
    took = []
    for path in one.mail_client.listed(['@' + paths]):
        took.append(deliver(socket, user, path, log))
        whole.text += whole.file.read()
        if END in whole.text:
            took.pop()  # part of it came behind the end
            break
    whole.wait(END)
    stop.set()
    sampler.join()
    memory.show('peak', peak)
    memory.show('after', memory.sample(register))
    took = sorted(took) or [0]
    print(f'{len(took)} mails committed meanwhile, from delivery: median '
          f'{took[len(took) // 2] / 1000:.0f} ms, longest {took[-1] / 1000:.0f} ms')


if __name__ == '__main__':
    main()
