#!/usr/bin/env python3
"""Writes a large capture from small ones: the same packets again and again, with other addresses each time.

Usage: big_capture.py OUT PACKETS CAPTURE...
Little-endian microsecond Ethernet captures only. Checksums of headers with changed addresses are left as they are.
"""
import struct
import sys


def packets(path):
    data = open(path, "rb").read()
    magic, = struct.unpack_from("<I", data)
    link, = struct.unpack_from("<I", data, 20)
    if magic != 0xA1B2C3D4 or link != 1:
        raise SystemExit(f"{path}: not a little-endian microsecond Ethernet capture")
    at = 24
    while at + 16 <= len(data):
        seconds, micros, kept, length = struct.unpack_from("<IIII", data, at)
        yield seconds * 1_000_000 + micros, length, data[at + 16:at + 16 + kept]
        at += 16 + kept


def main():
    out, wanted, paths = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
    originals = [list(packets(path)) for path in paths]
    clock, written = 1_760_000_000_000_000, 0
    with open(out, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        turn = 0
        while written < wanted:
            for original in originals:
                turn += 1
                start = original[0][0]
                for time, length, frame in original:
                    if frame[12:14] == b"\x08\x00" and len(frame) >= 34:
                        frame = bytearray(frame)
                        frame[27] = frame[31] = turn & 255
                        frame[28] = frame[32] = turn >> 8 & 255
                    at = clock + time - start
                    file.write(struct.pack("<IIII", at // 1_000_000, at % 1_000_000, len(frame), length))
                    file.write(frame)
                    written += 1
                clock += max(time - start, 0) % 1_000_000 + 1000
    print(f"{written} packets")


if __name__ == "__main__":
    main()
