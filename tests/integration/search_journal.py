#!/usr/bin/python3
# search_journal.py - no line that a daemon of the tests has logged tells of a person or a mail.
# SPDX-License-Identifier: MIT
#
# Usage: search_journal.py JOURNALS TESTS MAIL...
# JOURNALS is where integration_keep put what the daemons logged (NAME.log, --debug lines too) and every
# address, name, subject, Message-ID and name of an attachment of the mails that they met (NAME.values);
# each of TESTS that starts a sandbox must have left both. The headers of each MAIL, a file or a
# folder, are searched for besides. Upper and lower case are one, and so are blanks.
#
# Values below SHORT characters are not searched for, being in too many words of ours; of a
# long one its beginning is, since a line has an end too.

import pathlib
import re
import subprocess
import sys

VALUES = pathlib.Path(__file__).resolve().parent.parent / 'servers' / 'mail_values.py'
SHORT = 5
LONG = 60

# What people and mails of the tests are called, and something else in our own sentences too.
EXCEPTIONS = {
    'request': 'the kind and the fate of most cases',
    'example': 'stands in the advice on how an address is written, foi@example.gov.uk',
}

# What --observe prints for who started it, into the same file: it quotes what was asked for.
PRINTED = re.compile(r'\S+/\S+ UID \d+: | {4}because ')


def normal(text):
    return ' '.join(text.casefold().split())


def read_values(lines, own, values):
    """Adds to both; values: text to kind."""
    for line in lines:
        kind, _, value = line.partition('\t')
        if kind == 'own':
            own.add(normal(value))
        else:
            values.setdefault(normal(value)[:LONG].strip(), kind)


def tests_without(journals, tests):
    """Those that start a sandbox and left nothing to search."""
    for test in tests:
        kept = [journals / f'{test.stem}.{end}' for end in ('log', 'values')]
        if 'integration_begin' in test.read_text() and \
                not all(path.exists() and path.stat().st_size > 0 for path in kept):
            yield test.name


def matching(lines, values):
    """Numbers of the lines that hold any of the values; grep, because it looks for all at once."""
    grep = ['grep', '--text', '-nF', '-f', '/dev/fd/3']
    done = subprocess.run(['bash', '-c', 'exec "$@" 3< <(cat "$0")', values, *grep], text=True,
                          input='\n'.join(lines) + '\n', stdout=subprocess.PIPE,
                          env={'LC_ALL': 'C', 'PATH': '/usr/bin:/bin'}, check=False)
    if done.returncode > 1:
        sys.exit('search_journal: grep failed')
    return [int(line.partition(':')[0]) - 1 for line in done.stdout.splitlines()]


def main():
    journals = pathlib.Path(sys.argv[1])
    tests = sorted(pathlib.Path(sys.argv[2]).glob('test_*.sh'))
    own, values = set(), {}
    for path in sorted(journals.glob('*.values')):
        read_values(path.read_text(encoding='utf-8').splitlines(), own, values)
    fixtures = subprocess.run([sys.executable, VALUES, *sys.argv[3:]], text=True, check=True,
                              stdout=subprocess.PIPE)
    read_values(fixtures.stdout.splitlines(), own, values)
    searched = {value: kind for value, kind in values.items()
                if len(value) >= SHORT and value not in own and value not in EXCEPTIONS}

    logs = sorted(journals.glob('*.log'))
    places, lines = [], []
    for log in logs:
        for number, line in enumerate(log.read_text(encoding='utf-8', errors='replace').splitlines(), 1):
            if not PRINTED.match(line):
                places.append(f'{log.stem}, line {number}')
                lines.append(normal(line))
    wanted = journals / 'searched'
    wanted.write_text(''.join(f'{value}\n' for value in sorted(searched)), encoding='utf-8')

    failed = False
    for name in tests_without(journals, tests):
        print(f'FAIL {name} has left no log, or no values')
        failed = True
    found = {}
    for at in matching(lines, wanted):
        for value in searched:
            if value in lines[at]:
                found.setdefault(value, []).append(at)
    for value, where in found.items():
        at = where[0]
        print(f'FAIL {places[at]} tells the {searched[value]} "{value}" ({len(where)} lines do):\n     {lines[at]}')
        failed = True
    debug = sum(' debug ' in line for line in lines)
    print(f'journal: {len(searched)} addresses, names and subjects searched for in {len(lines)} lines'
          f' ({debug} of them for developers) of {len(logs)} tests;'
          f' {len([v for v in values if v in EXCEPTIONS])} left out with a reason,'
          f' {len([v for v in values if len(v) < SHORT])} that are too short')
    if not searched or not lines or not debug:
        sys.exit('search_journal: there was nothing to search')
    sys.exit(failed)


if __name__ == '__main__':
    main()
