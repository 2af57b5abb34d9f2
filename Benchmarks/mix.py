#!/usr/bin/env python3
"""Writes a large capture out of small ones: all of them at once, again and again, with other addresses each time.

Usage: mix.py OUT [--bytes N] [--frame N] [--short] CAPTURE_OR_FOLDER...

A round is every capture, squeezed into a minute and merged by time. Each further round has other hosts: both ends of
every IP packet are changed alike, so that connections stay whole. Checksums are left as they are. Captures that are
not little-endian microsecond Ethernet are left out, and so are the ones whose packets are mostly one connection each
(scans), unless --short asks for those with short connections only.

Captures made to test a protocol have smaller packets than a company's network has. --frame N evens that out: transfers
(captures whose frames are larger than that, and none larger than a wire takes) come again in a round, from other hosts,
until frames are about N bytes long.
"""
import argparse
import pathlib
import struct

MULTICAST_OR_BROADCAST = 224
JUMBO_FRAME = 9_018
# Microseconds between a transfer and the same from other hosts.
BETWEEN_COPIES = 7_000_000


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


def chosen(paths, short):
    """The packets of each capture that belongs into the mix."""
    for found in map(packets, paths):
        if found:
            per_connection = len(found) / max(1, len({connection(frame) for _, _, frame in found}))
            if short == (per_connection < 4):
                yield found


def size_of(captures):
    """(bytes, packets)"""
    return sum(length for found in captures for _, length, _ in found), sum(map(len, captures))


def copies_of_transfers(captures, frame):
    """Captures of transfers, as often as makes frames about `frame` bytes long on average."""
    def is_transfer(found):
        total, count = size_of([found])
        return total / count > frame and max(length for _, length, _ in found) <= JUMBO_FRAME

    transfers = list(filter(is_transfer, captures))
    (total, count), (large, large_count) = size_of(captures), size_of(transfers)
    missing, gained = frame * count - total, large - frame * large_count
    return [transfers] * (round(missing / gained) if missing > 0 and transfers else 0)


def merged(sets):
    """The packets of one round in order: (time, length, frame, places to change, number of its set)."""
    packets_of_round = []
    for number, captures in enumerate(sets):
        for found in captures:
            start = min(time for time, _, _ in found)
            span = max(time for time, _, _ in found) - start
            scale = min(1.0, 60_000_000 / max(1, span))
            for time, length, frame in found:
                places, width = address_places(frame)
                if width == 4:
                    places = [place + 1 for place in places if frame[place] < MULTICAST_OR_BROADCAST]
                elif width == 16:
                    places = [place + 4 for place in places if frame[place] != 0xFF]
                moment = int((time - start) * scale) + number * BETWEEN_COPIES
                packets_of_round.append((moment, length, frame, places, number))
    packets_of_round.sort(key=lambda packet: packet[0])
    return packets_of_round


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("--bytes", type=int, default=1_000_000_000)
    parser.add_argument("--frame", type=int)
    parser.add_argument("--short", action="store_true")
    parser.add_argument("captures", nargs="+")
    options = parser.parse_args()
    paths = []
    for given in map(pathlib.Path, options.captures):
        paths += sorted(p for p in given.rglob("*") if p.suffix in (".pcap", ".cap")) if given.is_dir() else [given]
    contents = {path.read_bytes(): path for path in paths}  # the same capture in two places counts once
    captures = list(chosen(sorted(contents.values()), options.short))
    if not captures:
        raise SystemExit(f"{', '.join(options.captures)}: no little-endian microsecond Ethernet capture in it")
    sets = [captures] + (copies_of_transfers(captures, options.frame) if options.frame else [])
    one = merged(sets)
    round_length = one[-1][0] + 1_000_000
    clock, written, count, turn = 1_760_000_000_000_000, 24, 0, 0
    with open(options.out, "wb", buffering=1 << 20) as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        while written < options.bytes:
            for time, length, frame, places, number in one:
                if places:
                    high, low = divmod(turn + number, 256)
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
            turn += len(sets)
    print(f"{count} packets, {written} bytes, {turn // len(sets)} rounds")


if __name__ == "__main__":
    main()
