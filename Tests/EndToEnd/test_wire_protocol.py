"""The description of the protocol is enough to write a sensor: one in Python talks to a real master."""
import json

from meneki import run
from protocol_client import Batch, Client, Connection, frames_pb2

SECOND = 1_000_000_000
START = 1_762_000_000 * SECOND
CODE = frames_pb2.Refused.Code.Value


def example(names=("intranet.example", "mail.example")):
    """Connections and DNS questions, three and two; some fields are not in every row."""
    batch = Batch()
    connections = [
        {"ts": START + index * SECOND, "uid": f"Cpython{index}", "id.orig_h": "10.1.0.7", "id.orig_p": 50_000 + index,
         "id.resp_h": "10.1.0.53", "id.resp_p": 53, "proto": "udp", "service": ["dns"], "duration": SECOND // 10,
         "orig_bytes": 40 + index, "resp_bytes": 90, "conn_state": "SF"} for index in range(3)]
    del connections[1]["duration"], connections[1]["service"]
    batch.table("conn", connections, {
        "ts": "TIMES", "uid": "STRINGS", "id.orig_h": "STRINGS", "id.orig_p": "NUMBERS", "id.resp_h": "STRINGS",
        "id.resp_p": "NUMBERS", "proto": "STRINGS", "service": "STRING_LISTS", "duration": "NUMBERS",
        "orig_bytes": "NUMBERS", "resp_bytes": "NUMBERS", "conn_state": "STRINGS"})
    questions = [
        {"ts": START + index * SECOND, "uid": f"Cpython{index}", "id.orig_h": "10.1.0.7", "id.orig_p": 50_000 + index,
         "id.resp_h": "10.1.0.53", "id.resp_p": 53, "proto": "udp", "query": name, "answers": ["10.1.0.9"]}
        for index, name in enumerate(names)]
    batch.table("dns", questions, {
        "ts": "TIMES", "uid": "STRINGS", "id.orig_h": "STRINGS", "id.orig_p": "NUMBERS", "id.resp_h": "STRINGS",
        "id.resp_p": "NUMBERS", "proto": "STRINGS", "query": "STRINGS", "answers": "STRING_LISTS"})
    return batch


def stored(master):
    report = json.loads(run("meneki-master", "doctor", "--state", master.state, "--json").stdout)
    return report["batches"], report["records"]


def test_a_sensor_written_from_the_description_enrols_sends_and_is_stored_once(masters, folder):
    master = masters()
    address = ("127.0.0.1", master.port)
    token = master.token("tokyo")
    client = Client(address, token, "tokyo", "python", folder)
    assert client.kind == "enrolled" and (client.answer.site, client.answer.name) == ("tokyo", "python")

    connection, (kind, welcome) = client.connect()
    assert kind == "welcome" and welcome.last_committed == 0 and welcome.window >= 1
    connection.send(batch=example().frame(1))
    kind, ack = connection.receive()
    assert kind == "ack" and ack.sequence == 1
    assert stored(master) == (1, 5)

    # Sent again, on the same connection and on a new one, it is acknowledged and not stored twice.
    connection.send(batch=example().frame(1))
    kind, ack = connection.receive()
    assert kind == "ack" and ack.sequence == 1
    connection.send(flush=frames_pb2.Flush(sequence=1))
    kind, learned = connection.receive()
    assert kind == "learned" and learned.sequence == 1
    connection.close()
    connection, (kind, welcome) = client.connect()
    assert kind == "welcome" and welcome.last_committed == 1
    connection.send(batch=example().frame(1))
    assert connection.receive()[0] == "ack"
    assert stored(master) == (1, 5)

    # A gap ends the connection; nothing of it is stored.
    connection.send(batch=example().frame(3))
    kind, refused = connection.receive()
    assert kind == "refused" and refused.code == CODE("CODE_GAP") and refused.sequence == 3
    assert refused.message == "Batch 3 came where 2 is due; connect again and go on from there."
    assert connection.receive() == (None, None)

    # So do a payload that was altered, one that was cut, and a header that tells something else.
    damages = {
        "its CRC-32C": lambda frame: frame.MergeFrom(frames_pb2.BatchFrame(payload=b"x" + frame.payload[1:])),
        "its CRC": lambda frame: frame.MergeFrom(frames_pb2.BatchFrame(payload=frame.payload[:-4])),
        "disagree": lambda frame: frame.MergeFrom(frames_pb2.BatchFrame(records=6)),
    }
    for words, damage in damages.items():
        connection, (kind, welcome) = client.connect()
        assert kind == "welcome" and welcome.last_committed == 1
        frame = example().frame(2)
        damage(frame)
        connection.send(batch=frame)
        kind, refused = connection.receive()
        assert kind == "refused" and refused.code == CODE("CODE_ALTERED") and refused.sequence == 2
        assert refused.message.startswith("Batch 2 of tokyo/python is damaged: ") and words in refused.message
        assert refused.message.endswith("Nothing of it was stored.")
        assert connection.receive() == (None, None)
    assert stored(master) == (1, 5)

    # After all that the good batch goes through.
    connection, _ = client.connect()
    connection.send(batch=example(("other.example",)).frame(2))
    assert connection.receive()[0] == "ack"
    connection.close()
    assert stored(master) == (2, 9)
    log = (master.state / "master.log").read_text()
    assert "BoringSSL" not in log and "error=none" not in log
    assert "Batch 3 came where 2 is due" in log


def test_tokens_and_certificates_that_are_no_good_are_refused_in_words(masters, folder):
    master = masters()
    address = ("127.0.0.1", master.port)
    token = master.token("tokyo")
    wrong_site = Client(address, token, "osaka", "a", folder)
    assert wrong_site.kind == "refused" and wrong_site.answer.code == CODE("CODE_TOKEN_SITE")
    assert "This token is for the site tokyo" in wrong_site.answer.message
    client = Client(address, token, "tokyo", "a", folder)
    used = Client(address, token, "tokyo", "b", folder)
    assert used.kind == "refused" and used.answer.code == CODE("CODE_TOKEN_USED")
    assert used.answer.message == "This token was used before and is good only once; create another one."

    with Connection(address, client.ca) as stranger:
        stranger.send(hello=frames_pb2.Hello(protocol_version=1))
        kind, refused = stranger.receive()
        assert kind == "refused" and refused.code == CODE("CODE_CERTIFICATE_REQUIRED")

    run("meneki-master", "sensor", "revoke", "tokyo/a", "--state", master.state)
    _, (kind, refused) = client.connect()
    assert kind == "refused" and refused.code == CODE("CODE_REVOKED")
    assert refused.message == "The certificate of tokyo/a is revoked; enrol the sensor again with a new token."
    assert stored(master) == (0, 0)
