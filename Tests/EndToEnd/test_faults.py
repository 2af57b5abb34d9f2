"""What goes wrong between a sensor and its master is told in a sentence, and loses or doubles nothing."""
import contextlib
import datetime
import json
import os
import pathlib
import signal
import socket
import ssl
import subprocess
import threading

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from meneki import BIN, FIXTURES, Sensor, company, run, wait_for

CAPTURE = FIXTURES / "quickstart"


def enrol(master, site, token, state, check=False):
    return run("meneki-sensor", "enroll", "--master", master.listen, "--token", token, "--site", site,
               "--state", state, check=check)


def stored(master):
    report = json.loads(run("meneki-master", "doctor", "--state", master.state, "--json").stdout)
    return report["batches"], report["records"]


def refused(sensor):
    """What a replay that must fail says."""
    done = sensor.replay(CAPTURE, check=False)
    assert done.returncode != 0
    return done.stderr


def await_log(master, *words):
    """The sensor may have read the refusal before the master has written its line."""
    path = master.state / "master.log"
    wait_for(lambda: all(word in path.read_text() for word in words), f"{words} in {path}")


def reissue(master, sensor, begin, end):
    """Gives a sensor the certificate that it has, from the same authority, for another time."""
    authority = pathlib.Path(master.state) / "authority"
    key = serialization.load_pem_private_key((authority / "ca.key").read_bytes(), None)
    issuer = x509.load_pem_x509_certificate((authority / "ca.crt").read_bytes())
    path = sensor.state / "sensor.crt"
    old = x509.load_pem_x509_certificates(path.read_bytes())[0]
    now = datetime.datetime.now(datetime.timezone.utc)
    builder = x509.CertificateBuilder(
        issuer.subject, old.subject, old.public_key(), old.serial_number, now + begin, now + end)
    for extension in old.extensions:
        builder = builder.add_extension(extension.value, extension.critical)
    path.write_bytes(builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))


def test_a_token_that_is_used_incomplete_or_of_another_site_is_refused(masters, folder):
    master = masters()
    token = master.token("tokyo")
    assert enrol(master, "tokyo", token, f"{folder}/a").returncode == 0
    cases = {
        "This token was used before": ("tokyo", token),
        "This token is for the site tokyo": ("osaka", master.token("tokyo")),
        "the token is incomplete": ("tokyo", token[:-5]),
    }
    for number, (words, (site, text)) in enumerate(cases.items()):
        done = enrol(master, site, text, f"{folder}/refused-{number}")
        assert done.returncode != 0 and words in done.stderr, done.stderr
        assert not pathlib.Path(f"{folder}/refused-{number}/master.json").exists()
    listed = run("meneki-master", "sensor", "list", "--state", master.state, "--json").stdout
    assert listed.count('"tokyo"') == 1 and "osaka" not in listed


def test_a_certificate_that_expired_or_was_revoked_is_refused_and_nothing_is_lost(masters, folder):
    master = masters()
    sensor = Sensor(master, "tokyo", f"{folder}/sensor")
    good = (sensor.state / "sensor.crt").read_bytes()
    day = datetime.timedelta(days=1)
    reissue(master, sensor, -2 * day, -day)
    assert "expired" in refused(sensor)
    await_log(master, "expired at", "enrol the sensor again")
    assert stored(master) == (0, 0)
    # The batches have waited in the spool: with a good certificate they go, each once.
    reissue(master, sensor, -day, 10 * day)
    assert "certificate ends soon" in sensor.replay(CAPTURE).stderr
    (sensor.state / "sensor.crt").write_bytes(good)
    assert "certificate" not in sensor.replay(CAPTURE).stderr
    batches, records = stored(master)
    undisturbed = masters("undisturbed")
    Sensor(undisturbed, "tokyo", f"{folder}/other").replay(CAPTURE)
    assert records > 0 and (batches, records) == stored(undisturbed)

    listed = run("meneki-master", "sensor", "list", "--state", master.state, "--json").stdout
    listed = json.loads(listed.splitlines()[0])
    listed = listed[0] if isinstance(listed, list) else listed
    name = listed.get("name") or listed["sensor"]
    run("meneki-master", "sensor", "revoke", name if "/" in name else f"tokyo/{name}", "--state", master.state)
    done = sensor.replay(CAPTURE, "--again", check=False)
    assert done.returncode != 0 and "is revoked; enrol the sensor again with a new token" in done.stderr
    assert stored(master) == (batches, records)


def test_a_sensor_does_not_talk_to_another_master_nor_a_master_to_another_sensor(masters, folder):
    ours, theirs = masters("ours"), masters("theirs")
    sensor = Sensor(ours, "tokyo", f"{folder}/sensor")
    path = sensor.state / "master.json"
    address = json.loads(path.read_text())
    path.write_text(json.dumps({**address, "port": theirs.port}))
    assert "is not the master that this sensor may trust" in refused(sensor)
    # It trusts the other authority now, but has no certificate of it.
    own = (sensor.state / "ca.crt").read_bytes()
    (sensor.state / "ca.crt").write_bytes((theirs.state / "authority" / "ca.crt").read_bytes())
    assert "the master does not accept the sensor's certificate" in refused(sensor)
    await_log(theirs, "was not issued by this master")
    assert stored(theirs) == (0, 0)
    (sensor.state / "ca.crt").write_bytes(own)
    path.write_text(json.dumps(address))
    sensor.replay(CAPTURE)
    assert stored(ours)[1] > 0


@contextlib.contextmanager
def listening(serve):
    """A port of loopback whose connections `serve` gets; they end with it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        connections = []

        def accept():
            with contextlib.suppress(OSError):  # the listener was closed
                while True:
                    connections.append(listener.accept()[0])
                    with contextlib.suppress(OSError):  # of one connection
                        serve(connections[-1])

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
            for connection in connections:
                connection.close()


def direct(sensor, port):
    """The sensor's master is at another port from now on."""
    path = sensor.state / "master.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "port": port}))


@contextlib.contextmanager
def replaying(sensor, said):
    """A replay whose words go to a file."""
    with open(said, "w") as output:
        replay = subprocess.Popen([BIN / "meneki-sensor", "replay", CAPTURE, "--wait", "--state", sensor.state],
                                  stdout=output, stderr=output)
    try:
        yield replay
    finally:
        if replay.poll() is None:
            replay.kill()
        replay.wait()


def test_a_port_that_answers_nothing_is_told_and_costs_no_token(masters, folder):
    master = masters()
    token = master.token("tokyo")
    with listening(lambda connection: None) as port:
        address = f"127.0.0.1:{port}"
        done = run("meneki-sensor", "enroll", "--master", address, "--token", token, "--site", "tokyo",
                   "--state", f"{folder}/a", check=False, timeout=60)
        assert done.returncode != 0 and f"{address} takes the connection and does not answer" in done.stderr
        assert enrol(master, "tokyo", token, f"{folder}/a").returncode == 0
        sensor = Sensor(master, "osaka", f"{folder}/sensor")
        direct(sensor, port)
        said = pathlib.Path(folder) / "replay.log"
        with replaying(sensor, said) as replay:
            wait_for(lambda: "does not answer" in said.read_text(), "the silence is told", process=replay)
            assert "trying again" in said.read_text()


def test_a_clock_that_is_behind_is_told_and_waited_for(masters, folder):
    master = masters()
    sensor = Sensor(master, "tokyo", f"{folder}/sensor")
    authority = master.state / "authority"
    issuer = x509.load_pem_x509_certificate((authority / "ca.crt").read_bytes())
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.timezone.utc)
    name = "master.meneki.internal"
    certificate = x509.CertificateBuilder(
        issuer.subject, x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]), key.public_key(),
        x509.random_serial_number(), now + datetime.timedelta(days=1), now + datetime.timedelta(days=9)
    ).add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), False).sign(
        serialization.load_pem_private_key((authority / "ca.key").read_bytes(), None), hashes.SHA256())
    chain, own = pathlib.Path(folder) / "chain.pem", pathlib.Path(folder) / "own.key"
    chain.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + (authority / "ca.crt").read_bytes())
    own.write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, own)

    def serve(connection):
        with context.wrap_socket(connection, server_side=True) as session:
            session.recv(1)

    with listening(serve) as port:
        done = run("meneki-sensor", "enroll", "--master", f"127.0.0.1:{port}", "--token", master.token("osaka"),
                   "--site", "osaka", "--state", f"{folder}/other", check=False)
        assert done.returncode != 0 and "the clock of this machine says" in done.stderr, done.stderr
        direct(sensor, port)
        said = pathlib.Path(folder) / "replay.log"
        with replaying(sensor, said) as replay:
            wait_for(lambda: said.read_text().count("set the clock") > 1, "it is told and tried again", process=replay)


def test_what_cannot_be_written_costs_no_token(masters, folder):
    master = masters()
    token = master.token("tokyo")
    taken = pathlib.Path(folder) / "taken"
    taken.write_text("")
    done = enrol(master, "tokyo", token, taken)
    assert done.returncode != 0 and f"{taken} cannot be made: Not a directory" in done.stderr, done.stderr
    assert enrol(master, "tokyo", token, f"{folder}/good").returncode == 0


def test_a_damaged_enrolment_is_named(masters, folder):
    sensor = Sensor(masters(), "tokyo", f"{folder}/sensor")
    for name in ("master.json", "sensor.key", "sensor.crt", "ca.crt"):
        path = sensor.state / name
        whole = path.read_bytes()
        path.write_bytes(whole[:-40])
        assert f"{path} is damaged" in refused(sensor)
        path.write_bytes(whole)
    sensor.replay(CAPTURE)


@pytest.mark.skipif(os.geteuid() != 0, reason="capturing needs root")
def test_a_master_that_restarts_keeps_its_sensors(masters, folder):
    master = masters()
    sensor = Sensor(master, "tokyo", f"{folder}/sensor")
    said = pathlib.Path(folder) / "run.log"
    with open(said, "w") as output:
        live = subprocess.Popen([BIN / "meneki-sensor", "run", "-i", "lo", "--state", sensor.state],
                                stdout=output, stderr=output)
    try:
        for count, end in enumerate([master.stop, master.kill, master.stop], 1):
            wait_for(lambda: said.read_text().count("Connected to the master") == count, "connected", process=live)
            end()
            master.start()
        wait_for(lambda: said.read_text().count("Connected to the master") == 4, "connected again", process=live)
        live.send_signal(signal.SIGTERM)
        assert live.wait(timeout=60) == 0
    finally:
        if live.poll() is None:
            live.kill()
            live.wait()


@pytest.mark.skipif(os.geteuid() != 0, reason="a small file system needs root")
def test_a_full_disk_under_the_spool_is_told_and_loses_nothing(masters, folder):
    master, undisturbed = masters(), masters("undisturbed")
    logs, _ = company(f"{folder}/company")
    Sensor(undisturbed, "tokyo", f"{folder}/other").replay(logs)
    state = pathlib.Path(folder) / "small"
    state.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k,mode=700", "tmpfs", state], check=True)
    said = pathlib.Path(folder) / "replay.log"
    try:
        sensor = Sensor(master, "tokyo", state)
        with open(said, "w") as output:
            replay = subprocess.Popen([BIN / "meneki-sensor", "replay", logs, "--wait", "--state", state],
                                      stdout=output, stderr=output)
        try:
            spooled = lambda: sum(path.stat().st_size for path in (state / "spool").glob("*.seg"))
            wait_for(lambda: spooled() > 0, "the sensor is connected and reads", process=replay)
            # A master that takes nothing while the sensor reads on.
            master.process.send_signal(signal.SIGSTOP)
            wait_for(lambda: "waiting for the master" in said.read_text(), "the full spool is told", process=replay)
            assert f"the spool {state}/spool is full: make room on its disk" in said.read_text()
            master.process.send_signal(signal.SIGCONT)
            assert replay.wait(timeout=180) == 0, said.read_text()
        finally:
            master.process.send_signal(signal.SIGCONT)
            if replay.poll() is None:
                replay.kill()
                replay.wait()
    finally:
        subprocess.run(["umount", state], check=True)
    assert stored(master) == stored(undisturbed)
    assert master.export() == undisturbed.export()
