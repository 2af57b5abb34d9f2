"""The programs under test as a person would start them: real master, real PostgreSQL, real sensors on loopback."""
import json
import os
import pathlib
import random
import socket
import subprocess
import time

ROOT = pathlib.Path(__file__).parents[2]
BIN = pathlib.Path(os.environ.get("MENEKI_BIN", ROOT / ".build" / "debug"))
FIXTURES = pathlib.Path(__file__).parents[1] / "Fixtures"


def free_port():
    """A port below the range that the kernel gives to clients: while a master is dead, nobody else may get its port."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def run(program, *arguments, check=True, timeout=600):
    """Runs a program to its end; its output is text."""
    done = subprocess.run([BIN / program, *map(str, arguments)], capture_output=True, text=True, timeout=timeout)
    if check and done.returncode != 0:
        raise AssertionError(f"{program} {' '.join(map(str, arguments))}: exit {done.returncode}\n{done.stderr}")
    return done


def wait_for(condition, what, seconds=60, process=None):
    """Polls an outside condition that nothing announces; fails by name."""
    end = time.monotonic() + seconds
    while not condition():
        if process is not None and process.poll() is not None:
            raise AssertionError(f"the process ended with {process.returncode} before {what}")
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not within {seconds} s")
        time.sleep(0.02)


class Master:
    """A master with a state folder of its own; can be killed and started again."""

    def __init__(self, state, *options):
        self.state, self.options = pathlib.Path(state), options
        self.state.mkdir(parents=True, exist_ok=True)
        self.state.chmod(0o755)
        self.port, self.console = free_port(), free_port()
        self.process = None

    @property
    def listen(self):
        return f"127.0.0.1:{self.port}"

    def start(self):
        ready = self.state / "ready.json"
        ready.unlink(missing_ok=True)
        self.log = open(self.state / "master.log", "ab")
        self.process = subprocess.Popen(
            [BIN / "meneki-master", "run", "--state", self.state, "--listen", self.listen,
             "--console", f"127.0.0.1:{self.console}", "--first-password-file", self.state / "first-password",
             *self.options],
            stdout=self.log, stderr=self.log)
        wait_for(lambda: ready.exists() and ready.stat().st_size > 0, "the master listens", process=self.process)
        return self

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.log.close()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            assert self.process.wait(timeout=60) == 0, (self.state / "master.log").read_text()[-2000:]
        self.log.close()

    def password(self):
        return (self.state / "first-password").read_text().strip()

    def token(self, site):
        return run("meneki-master", "token", "create", "--site", site, "--state", self.state, "--quiet").stdout.strip()

    def export(self, what="alerts", *options):
        out = run("meneki-master", what, "export", "--state", self.state, *options).stdout
        return [json.loads(line) for line in out.splitlines()]

    def postgres_pid(self):
        return int((self.state / "postgres" / "postmaster.pid").read_text().split()[0])


class Sensor:
    """An enrolled sensor with a state folder of its own."""

    def __init__(self, master, site, state):
        self.master, self.site, self.state = master, site, pathlib.Path(state)
        run("meneki-sensor", "enroll", "--master", master.listen, "--token", master.token(site), "--site", site,
            "--state", self.state)

    def replay(self, *paths, **options):
        """Paths, and other words of the command line."""
        return run("meneki-sensor", "replay", *paths, "--wait", "--state", self.state, **options)

    def start_replay(self, *paths):
        return subprocess.Popen(
            [BIN / "meneki-sensor", "replay", *map(str, paths), "--wait", "--state", self.state],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def company(folder, *options, site="tokyo"):
    """A small simulated company's Zeek logs; returns the site's folder and the truth."""
    run("meneki-lab", "company", "--out", folder, "--site", site, "--users", 12, "--days", 14,
        "--start", "2026-10-05", *options)
    truth = [json.loads(line) for path in sorted(pathlib.Path(folder).rglob("truth.jsonl"))
             for line in path.read_text().splitlines()]
    return pathlib.Path(folder) / site, truth
