#!/usr/bin/env python3
"""notify_listen.py - stands where systemd stands: writes down what a service notifies.

Usage: notify_listen.py SOCKET FILE
Each assignment of each datagram becomes one line "PID KEY=VALUE" of FILE, flushed at once. Ends
with SIGTERM.
"""
# SPDX-License-Identifier: MIT
import os
import socket
import struct
import sys


def main() -> None:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    listener.bind(sys.argv[1])
    os.chmod(sys.argv[1], 0o777)
    with open(sys.argv[2], "a", encoding="utf-8") as out:
        out.write("0 LISTENING=1\n")
        out.flush()
        while True:
            data, ancillary, _, _ = listener.recvmsg(65536, 1024)
            pid = struct.unpack("iii", ancillary[0][2][:12])[0] if ancillary else 0
            for line in data.decode("utf-8").splitlines():
                out.write(f"{pid} {line}\n")
            out.flush()


main()
