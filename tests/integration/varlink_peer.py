# varlink_peer.py - a peer at foimaild's socket that knows nothing of foictl: it asks, or it misbehaves.
# SPDX-License-Identifier: MIT
#
# Usage: varlink_peer.py SOCKET call METHOD [PARAMETERS] | text INTERFACE | rubbish WHAT | flood | hold COUNT
# call prints the answer. rubbish ends with 0 once the daemon has closed the connection. flood asks
# without ever reading; hold keeps COUNT connections open: both print "ready" and wait for the end
# of their standard input.
import json
import socket
import sys

PATIENCE = 20  # seconds
SERVICE = 'org.varlink.service'

RUBBISH = {
    'bytes': bytes(range(1, 256)) * 4 + b'\0',
    'json': b'{"method": \0',
    'array': b'[1, 2, 3]\0',
    'number': b'{"method": 7}\0',
    'parameters': b'{"method": "org.varlink.service.GetInfo", "parameters": []}\0',
    'utf-8': b'{"method": "\xff\xfe"}\0',
    'deep': b'{"method": "a.b.C", "parameters": ' + b'[' * 30000 + b']' * 30000 + b'}\0',
    'endless': b'{"method": "' + b'a' * 65 * 1024,
    'long': b'{"method": "org.varlink.service.GetInfo", "parameters": {"x": "' + b'a' * 65 * 1024 + b'"}}\0',
    'empty': b'\0\0\0\0',
}


def connect(path):
    s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    s.connect(path)  # waits where the backlog is full; with a timeout it would not
    s.settimeout(PATIENCE)
    return s


def ask(path, method, parameters, more=False):
    call = {'method': method, 'parameters': parameters}
    if more:
        call['more'] = True
    with connect(path) as s:
        s.sendall(json.dumps(call).encode() + b'\0')
        answer = b''
        while not answer.endswith(b'\0'):
            got = s.recv(65536)
            if not got:
                sys.exit('the daemon closed the connection')
            answer += got
    return json.loads(answer.split(b'\0')[0])


def rubbish(path, what):
    with connect(path) as s:
        try:
            s.sendall(RUBBISH[what])
            while s.recv(65536):
                pass  # an error told first is fine
        except (ConnectionResetError, BrokenPipeError):
            pass  # closed, as it should be
        except TimeoutError:
            sys.exit('the daemon keeps the connection')


def flood(path):
    call = json.dumps({'method': 'org.foimaild.Cases.Status', 'parameters': {}}).encode() + b'\0'
    with connect(path) as s:
        s.setblocking(False)
        try:
            for _ in range(100000):
                s.send(call)
        except (BlockingIOError, ConnectionResetError, BrokenPipeError):
            pass  # nobody takes more
        wait()


def hold(path, count):
    peers = []
    for _ in range(count):
        try:
            peers.append(connect(path))
        except (TimeoutError, ConnectionError):
            break
    wait()


def wait():
    print('ready', flush=True)
    sys.stdin.read()


def main(path, action, *rest):
    if action == 'call':
        print(json.dumps(ask(path, rest[0], json.loads(rest[1]) if rest[1:] else {})))
    elif action == 'text':
        answer = ask(path, SERVICE + '.GetInterfaceDescription', {'interface': rest[0]})
        print(answer['parameters']['description'], end='')
    elif action == 'rubbish':
        rubbish(path, rest[0])
    elif action == 'flood':
        flood(path)
    elif action == 'hold':
        hold(path, int(rest[0]))
    else:
        sys.exit('there is no such action')


main(*sys.argv[1:])
