#!/usr/bin/python3
# proxy.py - the wire between the daemon and a mail server, which the soak cuts.
# SPDX-License-Identifier: MIT
#
# Usage: proxy.py NAME PORT SERVER-PORT [NAME PORT SERVER-PORT...]
# Carries what is said on PORT to SERVER-PORT and back; TLS goes through untouched. Reads orders from
# standard input, a pipe, one a line, until that ends:
#   drop NAME     resets every connection there is now
#   silence NAME  from now on nothing comes through on them, as behind a NAT that has forgotten them

import asyncio
import socket
import struct
import sys

HOST = '127.0.0.1'
CHUNK = 65536
LINGER_NONE = struct.pack('ii', 1, 0)


class Connection:
    def __init__(self, near, far):
        self.writers = near, far
        self.is_silent = False

    async def carry(self, reader, writer):
        """One direction, until it ends or is cut."""
        try:
            while data := await reader.read(CHUNK):
                if not self.is_silent:
                    writer.write(data)
                    await writer.drain()
            if not self.is_silent:
                writer.close()
        except OSError:
            self.drop()

    def drop(self):
        for writer in self.writers:
            sock = writer.get_extra_info('socket')
            if sock is not None and sock.fileno() >= 0:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NONE)
            writer.transport.abort()

    def silence(self):
        self.is_silent = True


async def serve(port, server_port, connections):
    async def accept(near_reader, near):
        try:
            far_reader, far = await asyncio.open_connection(HOST, server_port)
        except OSError:  # the server is away
            near.close()
            return
        connection = Connection(near, far)
        connections.add(connection)
        await asyncio.gather(connection.carry(near_reader, far), connection.carry(far_reader, near))
        connections.discard(connection)
        near.close()
        far.close()

    await asyncio.start_server(accept, HOST, port)


async def main():
    words = sys.argv[1:]
    wires = {}
    for name, port, server_port in zip(words[::3], words[1::3], words[2::3]):
        wires[name] = set()
        await serve(int(port), int(server_port), wires[name])
    orders = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    print('ready', flush=True)
    while line := await orders.readline():
        order, name = line.decode().split()
        for connection in list(wires[name]):
            getattr(connection, order)()


if __name__ == '__main__':
    asyncio.run(main())
