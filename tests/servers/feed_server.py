#!/usr/bin/env python3
# feed_server.py - a web server with TLS that gives bank holidays, well or badly.
# SPDX-License-Identifier: MIT
"""Usage: feed_server.py FOLDER CERTIFICATE KEY PORT

Listens on 127.0.0.1. Each request is added to FOLDER/requests as
"PATH IF-NONE-MATCH IF-MODIFIED-SINCE", "-" for what was not sent.

/feed        FOLDER/feed as it is now, with ETag and Last-Modified; 304 where these say so
/untagged    the same without either
/status/N    status N
/hop/N       is sent on, N times, then to /feed
/clear       is sent on to http://
/cut         a connection that ends in the middle of the answer
/long        a Content-Length over any bound
/size/N      N bytes without a Content-Length
/endless     an answer without length that never ends
/packed      an answer that is said to be packed by gzip
"""
import email.utils
import gzip
import hashlib
import http.server
import os
import ssl
import sys

FOLDER, CERTIFICATE, KEY, PORT = sys.argv[1:5]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def start(self, status, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def body(self, body, status=200, **headers):
        self.start(status, Content_Length=str(len(body)), **headers)
        self.wfile.write(body)

    def feed(self, tagged):
        path = os.path.join(FOLDER, "feed")
        with open(path, "rb") as file:
            body = file.read()
        if not tagged:
            return self.body(body)
        etag = '"%s"' % hashlib.sha256(body).hexdigest()[:32]
        modified = email.utils.formatdate(os.stat(path).st_mtime, usegmt=True)
        if self.headers.get("If-None-Match") == etag:
            return self.start(304, ETag=etag)
        return self.body(body, ETag=etag, Last_Modified=modified)

    def endless(self):
        self.start(200, Connection="close")
        while True:
            self.wfile.write(b" " * 65536)

    def do_GET(self):
        with open(os.path.join(FOLDER, "requests"), "a") as log:
            print(self.path, *(self.headers.get(name, "-").replace(" ", "_") for name in
                  ("If-None-Match", "If-Modified-Since")), file=log)
        name, _, argument = self.path[1:].partition("/")
        self.close_connection = True
        if name == "feed":
            self.feed(True)
        elif name == "untagged":
            self.feed(False)
        elif name == "status":
            self.body(b"no", int(argument))
        elif name == "hop":
            n = int(argument)
            self.body(b"", 302, Location="/hop/%d" % (n - 1) if n > 1 else "/feed")
        elif name == "clear":
            self.body(b"", 301, Location="http://localhost:1/feed")
        elif name == "cut":
            self.start(200, Content_Length="5000")
            self.wfile.write(b"{")
        elif name == "long":
            self.start(200, Content_Length="104857600")
            self.wfile.write(b"{")
        elif name == "size":
            self.start(200, Connection="close")
            self.wfile.write(b" " * int(argument))
        elif name == "endless":
            self.endless()
        elif name == "packed":
            self.body(gzip.compress(b" " * (64 << 20)), Content_Encoding="gzip")

    def handle(self):
        try:
            super().handle()
        except (OSError, ssl.SSLError):
            pass  # the client has gone, as it should


class Server(http.server.ThreadingHTTPServer):
    def finish_request(self, request, client_address):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE, KEY)  # anew, so that a test may change it
        try:
            request = context.wrap_socket(request, server_side=True)
            super().finish_request(request, client_address)
            request.unwrap().close()  # an answer without a length ends in order
        except (OSError, ssl.SSLError):
            pass  # it does not trust us


Server(("127.0.0.1", int(PORT)), Handler).serve_forever()
