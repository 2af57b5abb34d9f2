"""A master on a PostgreSQL server that it did not start."""
import pathlib
import subprocess

from meneki import BIN, Master, Sensor, company


def test_a_given_server_is_used_and_left_running(masters, folder):
    owner = masters("owner")
    given = (owner.state / "database").read_text().strip()
    subprocess.run(["psql", given, "-qc", "CREATE DATABASE other"], check=True)
    address = given.replace("dbname=meneki", "dbname=other")
    assert address != given
    logs, _ = company(f"{folder}/logs", "--seed", 1, "--story", "exfiltration")

    guest = Master(f"{folder}/guest", "--database", address).start()
    try:
        assert not (guest.state / "postgres").exists()
        Sensor(guest, "tokyo", f"{folder}/sensor").replay(logs)
        alerts = guest.export()
        assert any(alert["model"].endswith("Data Sent to Rare Domain") for alert in alerts)
        counted = subprocess.run(
            ["psql", address, "-Atc", "SELECT count(*) FROM alert"], check=True, capture_output=True, text=True)
        assert int(counted.stdout) == len(alerts)
    finally:
        guest.stop()
    assert pathlib.Path(f"/proc/{owner.postgres_pid()}").exists()
    assert owner.export() == []


def test_a_server_that_is_not_there_is_named_with_what_to_do(folder):
    address = "postgresql://meneki@127.0.0.1:1/meneki"
    ended = subprocess.run(
        [BIN / "meneki-master", "run", "--state", f"{folder}/master", "--database", address],
        capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    last = ended.stderr.strip().splitlines()[-1]
    assert last.startswith("meneki-master: Cannot connect to the database: ") and "127.0.0.1" in last
    assert last.endswith("check that it runs, and --database") and "\t" not in last
