"""The same input gives the same alerts, and no kill changes that."""
import os
import random
import signal
import time

from meneki import Sensor, company


def replayed(master, folder, name, logs):
    Sensor(master, "tokyo", f"{folder}/sensor-{name}").replay(logs)
    return master.export()


def test_two_replays_into_two_fresh_masters_export_identical_alerts(masters, folder):
    logs, _ = company(f"{folder}/logs", "--seed", 3, "--story", "all")
    first = replayed(masters("one"), folder, "one", logs)
    assert first, "the stories raised no alert at all"
    assert replayed(masters("two"), folder, "two", logs) == first


def test_kills_and_restarts_at_ten_random_moments_change_nothing(masters, folder):
    logs, _ = company(f"{folder}/logs", "--seed", 4, "--story", "all")
    calm = masters("calm")
    started = time.monotonic()
    expected = replayed(calm, folder, "calm", logs)
    length = time.monotonic() - started

    master = masters("shaken")
    sensor = Sensor(master, "tokyo", f"{folder}/sensor-shaken")
    dice = random.Random(20261123)
    replay = sensor.start_replay(logs)
    for kill in range(10):
        # The moment itself is what is drawn: there is no event to wait for.
        time.sleep(dice.uniform(0.05, max(0.1, length / 8)))
        victim = ("sensor", "master", "postgres", "master in order")[kill % 4]
        if victim == "sensor":
            replay.kill()
            replay.wait()
            replay = sensor.start_replay(logs)
        elif victim == "master":
            master.kill()
            master.start()
        elif victim == "master in order":
            master.stop()
            master.start()
        else:
            os.kill(master.postgres_pid(), signal.SIGKILL)
    assert replay.wait(timeout=900) == 0
    sensor.replay(logs)  # says that it is done
    assert master.export() == expected
