#!/usr/bin/python3
# judge.py - what is left when the soak is over: every promise, looked at from outside, and the figures.
# SPDX-License-Identifier: MIT
#
# Usage: judge.py SANDBOX
# Reads the store, Exim's log of what it took, the mailboxes, INDEX (what was delivered), events (what
# was done to the daemon and its servers, and when) and samples (watch.py). An acknowledgement that Exim
# took twice is explained by a kill or a cut between the dot and the commit: by such an event no more
# than a few seconds from when it was taken first.

import collections
import datetime
import pathlib
import re
import sqlite3
import sys

MIB = 1024
BESIDE_SEC = 5  # between what tore the conversation and the mail that Exim had taken by then
CUTS = {'kill register', 'kill send', 'drop smtp', 'restart exim', 'back exim'}
WARM_SEC = 60  # of a life: caches fill
GROWTH = 1.15  # of memory, from the first third of register's longest life to its last third
GROWTH_KIB = 4 * MIB  # and this much more: pages of the store that are read again and again
DESCRIPTORS = 3  # that a worker which is being started again has not, or not yet
CLOCKED = "('request', 'review', 'triage', 'unreadable')"

Sample = collections.namedtuple('Sample', 'at register total own descriptors workers')


class Verdict:
    def __init__(self):
        self.failed = 0

    def check(self, what, expected, found):
        good = expected == found
        self.failed += not good
        print(f'{"ok  " if good else "FAIL"} {what}: {found}' + ('' if good else f', not {expected}'))

    def note(self, text):
        print(f'     {text}')


def read_index(path):
    """Message-ID to kind of every mail that was delivered."""
    rows = (line.split('\t') for line in path.read_text(encoding='utf-8').splitlines())
    return {message_id: kind for _, kind, message_id, _ in rows}


def read_events(path):
    """Time and words of each thing that was done."""
    rows = (line.split(' ', 1) for line in path.read_text(encoding='ascii').splitlines())
    return [(float(at), what) for at, what in rows]


def read_taken(log):
    """Message-ID of ours to the times at which Exim took a mail under it."""
    taken = collections.defaultdict(list)
    for line in log.read_text(encoding='utf-8', errors='replace').splitlines():
        match = re.match(r'(\S+ \S+) \S+ <= .* id=(foi\.m\.\S+)', line)
        if match:
            at = datetime.datetime.fromisoformat(match[1]).replace(tzinfo=datetime.timezone.utc)
            taken[match[2]].append(at.timestamp())
    return taken


def read_copies(top):
    """Message-IDs of ours, each as often as it lies in a Maildir below."""
    copies = collections.Counter()
    for path in top.rglob('*'):
        if path.parent.name in ('new', 'cur') and path.is_file():
            head = path.read_bytes()[:16384]
            match = re.search(rb'^Message-ID:\s*<(foi\.m\.[^>]+)>', head, re.I | re.M)
            if match:
                copies[match[1].decode('ascii')] += 1
    return copies


def judge_mails(verdict, db, index):
    found = collections.Counter()
    fates = collections.Counter()
    for message_id, fate in db.execute("SELECT trim(message_id, '<>'), fate FROM message"):
        found[message_id] += 1
        fates[index.get(message_id, 'of nobody'), fate] += 1
    verdict.check('mails that were delivered and have no fate', 0, len(index.keys() - found.keys()))
    verdict.check('mails that have a fate and were not delivered', 0, len(found.keys() - index.keys()))
    verdict.check('mails with two fates', 0, sum(n > 1 for n in found.values()))
    verdict.check('each UID once, and none left out', [(len(index), len(index))], db.execute(
        'SELECT count(DISTINCT uid), max(uid) - min(uid) + 1 FROM message').fetchall())
    for (kind, fate), n in sorted(fates.items()):
        verdict.note(f'{kind:12} {fate:15} {n:6}')


def judge_cases(verdict, db):
    one = lambda question: db.execute(question).fetchone()[0]
    verdict.check('mails with two cases', 0, one(
        'SELECT count(*) FROM (SELECT message FROM foi_case GROUP BY message HAVING count(*) > 1)'))
    verdict.check('mails whose clock runs without a case', 0, one(
        f'SELECT count(*) FROM message m WHERE fate IN {CLOCKED}'
        ' AND NOT EXISTS (SELECT 1 FROM foi_case WHERE message = m.id)'))
    numbers = collections.defaultdict(set)
    references = [row[0] for row in db.execute('SELECT reference FROM foi_case')]
    for reference in references:
        kind, number, year = re.fullmatch(r'(\S+) (\d+)/(\d+)', reference).groups()
        numbers[kind, year].add(int(number))
    verdict.check('numbers left out or used twice', 0, len(references) - sum(map(len, numbers.values()))
                  + sum(max(used) - len(used) for used in numbers.values()))
    verdict.check('the store', 'ok', one('PRAGMA integrity_check'))
    verdict.note(f'{len(references)} cases')


def is_explained(first, events):
    return any(what in CUTS and abs(at - first) <= BESIDE_SEC for at, what in events)


def judge_acknowledgements(verdict, db, sandbox, events):
    outbox = dict(db.execute('SELECT message_id, state FROM outbox'))
    outbox = {key.strip('<>'): state for key, state in outbox.items()}
    states = collections.Counter(outbox.values())
    taken = read_taken(sandbox / 'exim/mainlog')
    sent = {key for key, state in outbox.items() if state == 'sent'}
    verdict.check('cases with two acknowledgements', 0, db.execute(
        'SELECT count(*) FROM (SELECT case_id FROM outbox GROUP BY case_id HAVING count(*) > 1)').fetchone()[0])
    verdict.check('acknowledgements neither sent nor held', 0, len(outbox) - states['sent'] - states['held'])
    verdict.check('told as sent, and never with the mail server', 0, len(sent - taken.keys()))
    verdict.check('with the mail server, and not told as sent', 0, len(taken.keys() - sent))
    doubles = {key: times for key, times in taken.items() if len(times) > 1}
    verdict.check('acknowledgements that came twice with no cut to explain it', 0,
                  sum(not is_explained(times[0], events) for times in doubles.values()))
    verdict.check('acknowledgements that came three times', 0, sum(len(times) > 2 for times in doubles.values()))
    copies = read_copies(sandbox / 'mail')
    verdict.note(f'{len(sent)} acknowledgements sent, {states["held"]} held,'
                 f' {len(doubles)} came twice, under one Message-ID')
    for (reason,), n in collections.Counter(db.execute(
            "SELECT held_for FROM outbox WHERE state = 'held'")).items():
        verdict.note(f'{n} held for: {reason}')
    verdict.check('sent, and in no mailbox', 0, len(sent - copies.keys()))


def longest_life(samples):
    lives = collections.defaultdict(list)
    for sample in samples:
        lives[sample.register].append(sample)
    return max(lives.values(), key=lambda life: life[-1].at - life[0].at), len(lives)


def judge_memory(verdict, samples, events, mails):
    life, lives = longest_life(samples)
    life = [s for s in life if s.at >= life[0].at + WARM_SEC] or life
    first, last = life[:len(life) // 3], life[-(len(life) // 3):]
    mean = lambda part, of: sum(map(of, part)) / len(part)
    before, after = mean(first, lambda s: s.total), mean(last, lambda s: s.total)
    verdict.note(f'register lived {lives} times, the longest {life[-1].at - life[0].at} s, '
                 f'with some {mails * (life[-1].at - life[0].at) / (samples[-1].at - samples[0].at):.0f} mails')
    verdict.note(f'all processes (PSS): {before / MIB:.1f} MiB in its first third, {after / MIB:.1f} in its last, '
                 f'{max(s.total for s in samples) / MIB:.1f} at the peak; register '
                 f'{mean(first, lambda s: s.own) / MIB:.1f} and {mean(last, lambda s: s.own) / MIB:.1f}')
    verdict.check('memory has grown', False, after > before * GROWTH + GROWTH_KIB)
    low, high = min(s.descriptors for s in first), min(s.descriptors for s in last)
    verdict.note(f'descriptors of register: {low} at least in its first third, {high} in its last, '
                 f'{max(s.descriptors for s in samples)} at most')
    verdict.check('descriptors have leaked', False, high > low + DESCRIPTORS)
    verdict.note(f'workers at one moment: {max(s.workers for s in samples)} at most')
    for what, n in sorted(collections.Counter(what for _, what in events).items()):
        verdict.note(f'{n:5} times {what}')


def main():
    sandbox = pathlib.Path(sys.argv[1])
    index = read_index(sandbox / 'mails/index')
    events = read_events(sandbox / 'events')
    rows = (map(int, line.split('\t')) for line in (sandbox / 'samples').read_text().splitlines())
    samples = [Sample(*row) for row in rows]
    verdict = Verdict()
    with sqlite3.connect(f'file:{sandbox}/foi/store?mode=ro', uri=True) as db:
        judge_mails(verdict, db, index)
        judge_cases(verdict, db)
        judge_acknowledgements(verdict, db, sandbox, events)
    judge_memory(verdict, samples, events, len(index))
    sys.exit(verdict.failed > 0)


if __name__ == '__main__':
    main()
