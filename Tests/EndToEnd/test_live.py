"""Live capture: two network namespaces joined by a veth pair, tcpreplay on one end, the sensor on the other."""
import json
import os
import pathlib
import signal
import subprocess
import uuid

import pytest

from meneki import BIN, FIXTURES, run, wait_for

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="network namespaces need root")


@pytest.fixture
def link():
    """(namespace, interface) of both ends of a veth pair without addresses of its own."""
    names = [f"mnk{uuid.uuid4().hex[:6]}" for _ in range(2)]
    for name in names:
        subprocess.run(["ip", "netns", "add", name], check=True)
    try:
        subprocess.run(["ip", "link", "add", "probe0", "netns", names[0], "type", "veth",
                        "peer", "name", "mirror0", "netns", names[1]], check=True)
        for name, interface in zip(names, ("probe0", "mirror0")):
            # Without this the kernel itself would send router solicitations into the capture.
            subprocess.run(["ip", "netns", "exec", name, "sysctl", "-qw",
                            f"net.ipv6.conf.{interface}.disable_ipv6=1"], check=True)
            subprocess.run(["ip", "-n", name, "link", "set", interface, "mtu", "9000", "up"], check=True)
        yield (names[0], "probe0"), (names[1], "mirror0")
    finally:
        for name in names:
            subprocess.run(["ip", "netns", "del", name], check=False)


def records(folder):
    """Records by kind, without what differs from run to run: times and what is derived from them."""
    found = {}
    for path in sorted(pathlib.Path(folder).glob("*.log")):
        if path.stem == "stats":  # about the worker and its memory, not about the traffic
            continue
        rows = []
        for line in path.read_text().splitlines():
            row = json.loads(line)
            for name in ("ts", "uid", "duration", "rtt", "orig_rtt", "resp_rtt", "first_gaps", "conn_uids", "fuid", "uids", "tunnel_parents", "id"):
                row.pop(name, None)
            for name in [name for name in row if name.endswith("fuids")]:
                row.pop(name)
            rows.append(json.dumps(row, sort_keys=True))
        found[path.stem] = sorted(rows)
    return found


@pytest.mark.parametrize("capture", sorted(path.name for path in (FIXTURES / "quickstart").glob("*.pcap")))
def test_live_records_equal_those_of_read(link, folder, capture):
    (source, probe), (target, mirror) = link
    path = FIXTURES / "quickstart" / capture
    run("meneki-sensor", "read", path, "--out", f"{folder}/read")
    live = subprocess.Popen(
        ["ip", "netns", "exec", target, BIN / "meneki-sensor", "run", "-i", mirror, "--out", f"{folder}/live"],
        stderr=subprocess.PIPE, text=True)
    try:
        for line in live.stderr:
            if "capturing" in line.lower():
                break
        subprocess.run(["ip", "netns", "exec", source, "tcpreplay", "-q", "-i", probe, "--pps", "2000", path],
                       check=True, stdout=subprocess.DEVNULL)
        expected = sum(1 for _ in open(f"{folder}/read/conn.log"))
        assert expected > 0
        live.send_signal(signal.SIGTERM)
        assert live.wait(timeout=60) == 0
    finally:
        if live.poll() is None:
            live.kill()
    assert records(f"{folder}/live") == records(f"{folder}/read")
