# letters_peer.py - reads every mail of a folder with Python's email package and compares it with foictl explain.
# SPDX-License-Identifier: MIT
#
# Usage: letters_peer.py FOICTL FOLDER
# FOLDER/peer.txt lists where the two may differ: a line "NAME FIELD why" each. Prints each difference
# that is not listed, each that is listed and is none, and every breach of what holds for any mail; ends
# with 1 if there was one, and in its last line says how much was compared.
import email
import email.policy
import json
import pathlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

FIELDS = ('from', 'subject', 'message_id', 'attachments', 'clock')
LINES = ('from', 'from_name', 'subject', 'message_id')
AT_ONCE = 4


def quietly(read):
    """What read() gives; the package raises for some of these mails, which is an answer too."""
    try:
        return read()
    except Exception as e:
        return f'({type(e).__name__})'


def first_address(mail):
    addresses = mail['from'].addresses if mail['from'] else ()
    local, at, domain = addresses[0].addr_spec.rpartition('@') if addresses else ('', '', '')
    return local + at + domain.lower() if at else ''


def files(mail):
    """Parts that are no words: named, or of another kind than text. What they hold is not looked at."""
    count = 0
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == 'message/rfc822' or part.get_content_maintype() not in ('multipart', 'text', 'message'):
            count += not kind.endswith('-signature')
        else:
            count += part.get_content_maintype() == 'text' and bool(part.is_attachment() or part.get_filename())
    return count


def theirs(path):
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    return {
        'from': quietly(lambda: first_address(mail)),
        'subject': quietly(lambda: ' '.join(str(mail['subject'] or '').split())),
        'message_id': quietly(lambda: ' '.join(str(mail['message-id'] or '').split())),
        'attachments': quietly(lambda: files(mail)),
        'clock': True,  # the Act's clock runs for any mail, but for what peer.txt lists
    }


def texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)


def breaches(said):
    for text in texts(said):
        if any(c < ' ' and c not in '\n\t' or '\x7f' <= c <= '\x9f' for c in text):
            yield f'a control character in {text!r}'
    for field in LINES:
        if '\n' in said[field]:
            yield f'{field} is more than one line'
    if said['clock'] and said['fate'] in ('automatic', 'bounce', 'own', 'duplicate'):
        yield f'a clock for the fate {said["fate"]}'


def compare(foictl, path):
    """What is wrong with the one mail, and the fields in which the two differ."""
    run = subprocess.run([foictl, 'explain', path, '--json'], capture_output=True, check=False)
    if run.returncode != 0:
        return [f'exit status {run.returncode}: {run.stderr.decode(errors="replace").strip()}'], {}
    said = json.loads(run.stdout.decode('utf-8', errors='strict'))
    ours = {**{field: said[field] for field in FIELDS}, 'attachments': len(said['attachments'])}
    peer = theirs(path)
    return list(breaches(said)), {f: f'{ours[f]!r}, they say {peer[f]!r}' for f in FIELDS if ours[f] != peer[f]}


def listed(folder):
    with open(folder / 'peer.txt', encoding='utf-8') as lines:
        rows = (line.split(None, 2) for line in lines if line.strip() and not line.startswith('#'))
        return {(name, field): why.strip() for name, field, why in rows}


def main():
    foictl, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    expected = listed(folder)
    mails = sorted(folder.glob('*.eml'))
    wrong = 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for path, (bad, differ) in zip(mails, pool.map(lambda p: compare(foictl, p), mails)):
            for why in bad:
                print(f'{path.stem}: {why}')
                wrong += 1
            for field, how in differ.items():
                if expected.pop((path.stem, field), None) is None:
                    print(f'{path.stem} {field} differs: {how}')
                    wrong += 1
    for name, field in expected:
        print(f'{name} {field}: listed, but no difference')
        wrong += 1
    print(f'checks: {len(mails) * len(FIELDS)} fields of {len(mails)} mails, {wrong} wrong')
    sys.exit(1 if wrong or not mails else 0)


main()
