#!/usr/bin/env python3
"""Writes a capture in which very many connections are open at once: an opening and a payload each, all within seconds.

Usage: crowd.py OUT [--flows N]

Each connection has hosts and ports of its own and is never answered, so that none ends before the capture does. What
they carry is no protocol that anybody knows: every analyzer is asked, and none takes it.
"""
import argparse
import pathlib
import struct

PAYLOAD = bytes((7 * place + 131) % 256 for place in range(32))


def packet(flags, payload):
    """A frame to be filled in: (bytes, where the source address, the source port and the destination stand)."""
    tcp = struct.pack(">HHIIBBHHH", 0, 4711, 1 if flags == 2 else 2, 0, 0x50, flags, 64_000, 0, 0) + payload
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp), 1, 0x4000, 64, 6, 0, bytes(4), bytes(4))
    return bytearray(bytes([2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0]) + ip + tcp)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--flows", type=int, default=1_000_000)
    arguments = parser.parse_args()
    frames = [packet(2, b""), packet(0x18, PAYLOAD)]
    micros = 1_760_000_000_000_000
    with open(arguments.out, "wb", buffering=1 << 20) as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, 1))
        for number in range(arguments.flows):
            ends = struct.pack(">BBHBBHH", 10, number >> 16 & 255, number & 0xFFFF, 172, 16, number % 65_521,
                               1024 + number % 60_000)
            for frame in frames:
                frame[26:36] = ends
                micros += 1
                out.write(struct.pack("<IIII", micros // 1_000_000, micros % 1_000_000, len(frame), len(frame)))
                out.write(frame)


if __name__ == "__main__":
    main()
