#!/usr/bin/env python3
"""Writes a large capture out of small ones: all of them at once, again and again, with other addresses each time.

Usage: mix.py OUT [--bytes N] [--frame N] CAPTURE_OR_FOLDER...

A round is every capture, squeezed into a minute and merged by time. Each further round has other hosts: both ends of
every IP packet are changed alike, so that connections stay whole. Checksums are left as they are. Captures that are
not little-endian microsecond Ethernet are left out, and so are the ones whose packets are mostly one connection each
(scans), unless --short asks for those with short connections only.
"""
import argparse
import pathlib
import struct

MULTICAST_OR_BROADCAST = 224


def packets(path):
    data = path.read_bytes()
    if data[:4] != b"\xd4\xc3\xb2\xa1" or struct.unpack_from("<I", data, 20)[0] != 1:
        return None
    found, at = [], 24
    while at + 16 <= len(data):
        seconds, micros, kept, length = struct.unpack_from("<IIII", data, at)
        found.append((seconds * 1_000_000 + micros, length, data[at + 16:at + 16 + kept]))
        at += 16 + kept
    return found


def address_places(frame):
    """(offset, length) of the addresses of the outer IP header."""
    at = 12
    while frame[at:at + 2] in (b"\x81\x00", b"\x88\xa8"):
        at += 4
    if frame[at:at + 2] == b"\x08\x00" and len(frame) >= at + 22:
        return [at + 14, at + 18], 4
    if frame[at:at + 2] == b"\x86\xdd" and len(frame) >= at + 42:
        return [at + 10, at + 26], 16
    return [], 0


def connection(frame):
    places, width = address_places(frame)
    if not places:
        return None
    ends = sorted(bytes(frame[place:place + width]) for place in places)
    ports = sorted([frame[places[1] + width:][:2], frame[places[1] + width:][2:4]])
    return tuple(ends + ports)


def template(paths, short):
    """The packets of one round in order: (time, length, frame, places to change)."""
    merged = []
    for path in paths:
        found = packets(path)
        if not found:
            continue
        per_connection = len(found) / max(1, len({connection(frame) for _, _, frame in found}))
        if short != (per_connection < 4):
            continue
        start = min(time for time, _, _ in found)
        span = max(time for time, _, _ in found) - start
        scale = min(1.0, 60_000_000 / max(1, span))
        for time, length, frame in found:
            places, width = address_places(frame)
            if width == 4:
                places = [place + 1 for place in places if frame[place] < MULTICAST_OR_BROADCAST]
            elif width == 16:
                places = [place + 4 for place in places if frame[place] != 0xFF]
            merged.append((int((time - start) * scale), length, frame, places))
    merged.sort(key=lambda packet: packet[0])
    return merged


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("--bytes", type=int, default=1_000_000_000)
    parser.add_argument("--short", action="store_true")
    parser.add_argument("captures", nargs="+")
    options = parser.parse_args()
    paths = []
    for given in map(pathlib.Path, options.captures):
        paths += sorted(p for p in given.rglob("*") if p.suffix in (".pcap", ".cap")) if given.is_dir() else [given]
    contents = {path.read_bytes(): path for path in paths}  # the same capture in two places counts once
    one = template(sorted(contents.values()), options.short)
    if not one:
        raise SystemExit(f"{', '.join(options.captures)}: no little-endian microsecond Ethernet capture in it")
    round_length = one[-1][0] + 1_000_000
    clock, written, count, turn = 1_760_000_000_000_000, 24, 0, 0
    with open(options.out, "wb", buffering=1 << 20) as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        while written < options.bytes:
            high, low = turn >> 8 & 255, turn & 255
            for time, length, frame, places in one:
                if places:
                    frame = bytearray(frame)
                    for place in places:
                        frame[place] ^= low
                        frame[place + 1] ^= high
                at = clock + time
                file.write(struct.pack("<IIII", at // 1_000_000, at % 1_000_000, len(frame), length))
                file.write(frame)
                written += 16 + len(frame)
                count += 1
            clock += round_length
            turn += 1
    print(f"{count} packets, {written} bytes, {turn} rounds")


if __name__ == "__main__":
    main()
