"""Live capture: two network namespaces joined by a veth pair, tcpreplay on one end, the sensor on the other."""
import collections
import contextlib
import json
import os
import pathlib
import signal
import struct
import subprocess
import sys
import uuid
import zlib

import pytest

from meneki import BIN, FIXTURES, ROOT, Sensor, run, wait_for

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="network namespaces need root")


def join(namespaces, number):
    """Joins two namespaces by a veth pair with this number."""
    interfaces = (f"probe{number}", f"mirror{number}")
    subprocess.run(["ip", "link", "add", interfaces[0], "netns", namespaces[0], "type", "veth",
                    "peer", "name", interfaces[1], "netns", namespaces[1]], check=True)
    for name, interface in zip(namespaces, interfaces):
        # Without this the kernel itself would send router solicitations into the capture.
        subprocess.run(["ip", "netns", "exec", name, "sysctl", "-qw",
                        f"net.ipv6.conf.{interface}.disable_ipv6=1"], check=True)
        subprocess.run(["ip", "-n", name, "link", "set", interface, "mtu", "65535", "up"], check=True)


@pytest.fixture
def link():
    """(namespace, interface) of both ends of a veth pair without addresses of its own."""
    names = [f"mnk{uuid.uuid4().hex[:6]}" for _ in range(2)]
    for name in names:
        subprocess.run(["ip", "netns", "add", name], check=True)
    try:
        join(names, 0)
        yield (names[0], "probe0"), (names[1], "mirror0")
    finally:
        for name in names:
            subprocess.run(["ip", "netns", "del", name], check=False)


def await_words(live, words):
    """Reads what the sensor says up to these words."""
    for line in live.stderr:
        if words in line.lower():
            return
    raise AssertionError(f"the sensor ended before it said: {words}")


@contextlib.contextmanager
def capturing(end, out, *options):
    """A sensor that captures at `end` into `out`; it must end well once the test has sent all."""
    namespace, interface = end
    live = subprocess.Popen(
        ["ip", "netns", "exec", namespace, BIN / "meneki-sensor", "run", "-i", interface, "--out", out, *options],
        stderr=subprocess.PIPE, text=True,
        # Whoever runs the tests under nohup means them, not the sensor, which would heed it.
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL))
    try:
        await_words(live, "capturing")
        yield live
        live.send_signal(signal.SIGTERM)  # it reads on what the kernel holds
        assert live.wait(timeout=60) == 0
    finally:
        if live.poll() is None:
            live.kill()


def send(end, path, pps):
    """What tcpreplay says of it."""
    namespace, interface = end
    return subprocess.run(["ip", "netns", "exec", namespace, "tcpreplay", "-q", "-i", interface, "--pps", str(pps), path],
                          check=True, capture_output=True, text=True).stdout


def records(folder):
    """Records by kind, without what differs from run to run: times and what is derived from them."""
    found = {}
    for path in sorted(pathlib.Path(folder).glob("*.log")):
        if path.stem == "stats":  # about the worker and its memory, not about the traffic
            continue
        rows = []
        for line in path.read_text().splitlines():
            row = json.loads(line)
            for name in ("ts", "uid", "duration", "rtt", "orig_rtt", "resp_rtt", "first_gaps", "conn_uids", "uids", "tunnel_parents", "id"):
                row.pop(name, None)
            for name in [name for name in row if name.endswith(("fuid", "fuids"))]:
                row.pop(name)
            rows.append(json.dumps(row, sort_keys=True))
        found[path.stem] = sorted(rows)
    return found


@pytest.mark.parametrize("capture", sorted(path.name for path in (FIXTURES / "quickstart").glob("*.pcap")))
def test_live_records_equal_those_of_read(link, folder, capture):
    probe, mirror = link
    path = FIXTURES / "quickstart" / capture
    run("meneki-sensor", "read", path, "--out", f"{folder}/read")
    assert sum(1 for _ in open(f"{folder}/read/conn.log")) > 0
    with capturing(mirror, f"{folder}/live"):
        send(probe, path, 2000)
    assert records(f"{folder}/live") == records(f"{folder}/read")


def in_vxlan(path, out):
    """The capture at `path` as a fabric carries it: the outer port of each direction is a hash of its own (RFC 7348)."""
    data = path.read_bytes()
    with open(out, "wb") as file:
        file.write(data[:24])
        at = 24
        while at < len(data):
            seconds, micros, kept, _ = struct.unpack_from("<IIII", data, at)
            frame = data[at + 16:at + 16 + kept]
            at += 16 + kept
            port = 49152 + zlib.crc32(frame[26:38]) % 16384
            carried = b"\x08\0\0\0\0\0\x07\0" + frame
            datagram = struct.pack(">HHHH", port, 4789, len(carried) + 8, 0) + carried
            ends = (b"\xc0\0\2\1", b"\xc0\0\2\2")
            ends = ends if frame[26:30] < frame[30:34] else ends[::-1]
            packet = struct.pack(">BBHHHBBH", 0x45, 0, len(datagram) + 20, 1, 0, 64, 17, 0) + b"".join(ends) + datagram
            whole = bytes(12) + b"\x08\0" + packet
            file.write(struct.pack("<IIII", seconds, micros, len(whole), len(whole)) + whole)


def test_workers_keep_the_connections_of_tunnels_whole(link, folder):
    probe, mirror = link
    path = f"{folder}/vxlan.pcap"
    in_vxlan(FIXTURES / "quickstart" / "http-methods.pcap", path)
    run("meneki-sensor", "read", path, "--out", f"{folder}/read")
    with capturing(mirror, f"{folder}/live", "--workers", "4"):
        send(probe, path, 2000)
    live_records, read_records = records(f"{folder}/live"), records(f"{folder}/read")
    assert len(read_records["http"]) > 0
    assert live_records["http"] == read_records["http"]


def packets_by_ends(folder):
    """Packets between two ends in both directions; how many connections they are depends on the time between them."""
    packets = collections.Counter()
    for line in pathlib.Path(f"{folder}/conn.log").read_text().splitlines():
        row = json.loads(line)
        ends = sorted((row[f"id.{side}_h"], row[f"id.{side}_p"]) for side in ("orig", "resp"))
        packets[(*ends, row["proto"])] += row["orig_pkts"] + row["resp_pkts"]
    return packets


def test_a_sensor_that_fell_behind_leaves_out_payload_and_no_connection(link, folder):
    """It sleeps until its ring is full or nearly so: what must be left out to catch up is payload, and all is counted."""
    probe, mirror = link
    mix = f"{folder}/mix.pcap"
    ring = 32 << 20
    subprocess.run([sys.executable, ROOT / "Benchmarks/mix.py", mix, "--bytes", str(ring * 17 // 20), "--frame", "600",
                    FIXTURES], check=True, stdout=subprocess.DEVNULL)
    run("meneki-sensor", "read", mix, "--out", f"{folder}/read")
    with capturing(mirror, f"{folder}/live", "--buffer-mib", str(ring >> 20)) as live:
        live.send_signal(signal.SIGSTOP)
        sent = send(probe, mix, 40000)
        live.send_signal(signal.SIGCONT)
    packets = int(sent.split("Actual: ")[1].split()[0])
    stats = [json.loads(line) for line in pathlib.Path(f"{folder}/live/stats.log").read_text().splitlines()]
    total = {name: sum(row.get(name, 0) for row in stats)
             for name in ("pkts_link", "pkts_proc", "pkts_dropped", "shed_packets", "shed_segments", "shed_bytes")}
    assert total["pkts_link"] == packets == total["pkts_proc"] + total["pkts_dropped"]
    assert total["shed_packets"] == 0
    assert total["shed_segments"] > 0 and total["shed_bytes"] > total["shed_segments"]
    live_packets, read_packets = packets_by_ends(f"{folder}/live"), packets_by_ends(f"{folder}/read")
    assert not live_packets - read_packets
    # How much fits into the ring is the kernel's affair. What it had to drop may be a packet in a packet in a packet.
    assert (read_packets - live_packets).total() <= 3 * total["pkts_dropped"]


def test_an_interface_that_goes_away_is_told_and_captured_again_when_it_is_back(link, folder):
    probe, mirror = link
    path = FIXTURES / "quickstart" / "http-methods.pcap"
    run("meneki-sensor", "read", path, "--out", f"{folder}/read")
    with capturing(mirror, f"{folder}/live", "--workers", "2") as live:
        subprocess.run(["ip", "-n", probe[0], "link", "del", probe[1]], check=True)
        await_words(live, "mirror0 cannot be captured any more")
        join((probe[0], mirror[0]), 0)
        await_words(live, "mirror0 is captured again")
        send(probe, path, 2000)
    live_records, read_records = records(f"{folder}/live"), records(f"{folder}/read")
    assert len(read_records["http"]) > 0
    assert live_records["http"] == read_records["http"]


def test_several_workers_share_each_of_several_interfaces(link, folder):
    probe, mirror = link
    join((probe[0], mirror[0]), 1)
    paths = [FIXTURES / "quickstart" / name for name in ("http-methods.pcap", "tls-tls1.2.pcap")]
    run("meneki-sensor", "read", *paths, "--out", f"{folder}/read")
    with capturing(mirror, f"{folder}/live", "-i", "mirror1", "--workers", "2"):
        for number, path in enumerate(paths):
            send((probe[0], f"probe{number}"), path, 2000)
    live_records, read_records = records(f"{folder}/live"), records(f"{folder}/read")
    for kind in ("http", "ssl"):
        assert len(read_records[kind]) > 0
        assert live_records[kind] == read_records[kind]


def opened(path, out):
    """The capture at `path` without the packets that end connections: all of them stay open."""
    data = path.read_bytes()
    with open(out, "wb") as file:
        file.write(data[:24])
        at = 24
        while at < len(data):
            kept = struct.unpack_from("<I", data, at + 8)[0]
            frame = data[at + 16:at + 16 + kept]
            ends = frame[12:14] == b"\x08\0" and frame[23] == 6 and frame[14 + (frame[14] & 15) * 4 + 13] & 5
            if not ends:
                file.write(data[at:at + 16 + kept])
            at += 16 + kept


def spooled(state):
    """Records in a sensor's spool: each entry has a head of length and checksum, then number, three times, records."""
    total = 0
    for path in (state / "spool").glob("*.seg"):
        data, at = path.read_bytes(), 0
        while at < len(data):
            total += struct.unpack_from("<I", data, at + 8 + 32)[0]
            at += 8 + struct.unpack_from("<I", data, at)[0]
    return total


def test_a_refusal_of_the_master_loses_no_open_connection(masters, folder):
    """What was captured waits in the spool for a new certificate."""
    master = masters()
    sensor = Sensor(master, "tokyo", f"{folder}/sensor")
    listed = json.loads(run("meneki-master", "sensor", "list", "--state", master.state, "--json").stdout.splitlines()[0])
    listed = listed[0] if isinstance(listed, list) else listed
    name = listed.get("name") or listed["sensor"]
    run("meneki-master", "sensor", "revoke", name if "/" in name else f"tokyo/{name}", "--state", master.state)
    master.stop()
    path = f"{folder}/open.pcap"
    opened(FIXTURES / "quickstart" / "http-methods.pcap", path)
    run("meneki-sensor", "read", path, "--out", f"{folder}/read")
    # Reports on connections while they last depend on the packets' times.
    expected = sum(len(log.read_text().splitlines()) for log in pathlib.Path(f"{folder}/read").glob("*.log")
                   if log.stem != "conn_interim")
    ends = [f"mnk{uuid.uuid4().hex[:6]}" for _ in range(2)]
    subprocess.run(["ip", "link", "add", ends[0], "type", "veth", "peer", "name", ends[1]], check=True)
    try:
        for interface in ends:
            subprocess.run(["sysctl", "-qw", f"net.ipv6.conf.{interface}.disable_ipv6=1"], check=True)
            subprocess.run(["ip", "link", "set", interface, "mtu", "65535", "up"], check=True)
        live = subprocess.Popen([BIN / "meneki-sensor", "run", "-i", ends[1], "--state", sensor.state],
                                stderr=subprocess.PIPE, text=True)
        await_words(live, "capturing")
        subprocess.run(["tcpreplay", "-q", "-i", ends[0], "--pps", "2000", path], check=True, capture_output=True)
        master.start()
        assert live.wait(timeout=60) == 1
        assert "is revoked" in live.stderr.read()
    finally:
        subprocess.run(["ip", "link", "del", ends[0]], check=False)
    assert spooled(sensor.state) == expected > 100


def test_a_terminal_that_closes_ends_a_capture_as_well_as_a_stop(link, folder):
    probe, mirror = link
    path = FIXTURES / "quickstart" / "http-methods.pcap"
    run("meneki-sensor", "read", path, "--out", f"{folder}/read")
    with capturing(mirror, f"{folder}/live") as live:
        send(probe, path, 2000)
        live.send_signal(signal.SIGHUP)
        assert live.wait(timeout=60) == 0
    assert records(f"{folder}/live") == records(f"{folder}/read")


def test_a_second_signal_ends_a_capture_whose_log_cannot_be_written(link, folder):
    """A log that nobody reads is a pipe that is full."""
    probe, mirror = link
    os.mkdir(f"{folder}/live")
    os.mkfifo(f"{folder}/live/http.log")
    pipe = os.open(f"{folder}/live/http.log", os.O_RDWR | os.O_NONBLOCK)
    with pytest.raises(BlockingIOError):
        while True:
            os.write(pipe, bytes(4096))
    with capturing(mirror, f"{folder}/live") as live:
        send(probe, FIXTURES / "quickstart" / "http-methods.pcap", 2000)
        live.send_signal(signal.SIGINT)
        with pytest.raises(subprocess.TimeoutExpired):
            live.wait(timeout=4)
        live.send_signal(signal.SIGINT)
        assert live.wait(timeout=10) == 128 + signal.SIGINT
        live.returncode = 0
    os.close(pipe)


def test_loopback_is_captured_whole_and_each_packet_counts_once(link, folder):
    """Its packets are longer than 64 KiB with their frame (MTU 65,536), and the kernel shows each twice."""
    namespace = link[1][0]
    subprocess.run(["ip", "-n", namespace, "link", "set", "lo", "up"], check=True)
    transfer = """if True:
        import socket, threading
        server = socket.create_server(("127.0.0.1", 8000))
        def serve():
            with server.accept()[0] as end:
                end.sendall(bytes(8 << 20))
        threading.Thread(target=serve).start()
        with socket.create_connection(server.getsockname()) as client:
            while client.recv(1 << 20):
                pass"""
    with capturing((namespace, "lo"), f"{folder}/live"):
        subprocess.run(["ip", "netns", "exec", namespace, sys.executable, "-c", transfer], check=True)
    stats = [json.loads(line) for line in pathlib.Path(f"{folder}/live/stats.log").read_text().splitlines()]
    total = {name: sum(row.get(name, 0) for row in stats)
             for name in ("pkts_link", "pkts_proc", "pkts_dropped", "pkts_cut", "bytes_recv")}
    assert total["bytes_recv"] > 8 << 20
    assert total["pkts_link"] == total["pkts_proc"] + total["pkts_dropped"]
    assert total["pkts_cut"] == 0
