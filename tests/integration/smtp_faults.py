# smtp_faults.py - a mail server on loopback that does what a real one cannot be made to do.
# SPDX-License-Identifier: MIT
#
# Usage: smtp_faults.py PORT FOLDER
# It takes mails into FOLDER/1, FOLDER/2, ... While FOLDER/drop is there it takes one, removes that
# file, and closes the connection in place of an answer; while FOLDER/small is there it announces that
# it takes no mail of more than 100 bytes. Ends at SIGTERM.
import pathlib
import socketserver
import sys

folder = pathlib.Path(sys.argv[2])


class Session(socketserver.StreamRequestHandler):
    timeout = 60

    def say(self, text):
        self.wfile.write(text.encode() + b'\r\n')

    def take_mail(self):
        lines = []
        while (line := self.rfile.readline()) not in (b'.\r\n', b''):
            lines.append(line)
        (folder / str(len([f for f in folder.iterdir() if f.name.isdigit()]) + 1)).write_bytes(b''.join(lines))
        if (folder / 'drop').exists():
            (folder / 'drop').unlink()
            return False
        self.say('250 2.0.0 taken')
        return True

    def handle(self):
        self.say('220 ready')
        while line := self.rfile.readline():
            verb = line.split()[0].upper() if line.split() else b''
            if verb == b'EHLO':
                self.say('250-here')
                self.say('250 SIZE 100' if (folder / 'small').exists() else '250 SIZE 0')
            elif verb == b'DATA':
                self.say('354 go on')
                if not self.take_mail():
                    return
            elif verb == b'QUIT':
                self.say('221 bye')
                return
            else:
                self.say('250 2.1.0 ok')


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


with Server(('127.0.0.1', int(sys.argv[1])), Session) as server:
    (folder / 'up').touch()
    server.serve_forever()
