"""Standard streams that cannot be written, or are not there, end no work and spoil no log."""
import os
import pathlib
import subprocess

from meneki import BIN, FIXTURES, run

CAPTURE = FIXTURES / "quickstart" / "http-methods.pcap"


def read(out, *options, **streams):
    return subprocess.run([BIN / "meneki-sensor", "read", CAPTURE, "--out", out, *options], timeout=600, **streams)


def logs(folder):
    return {path.name: path.read_text() for path in pathlib.Path(folder).glob("*.log")}


def test_a_standard_error_that_cannot_be_written_ends_nothing(folder):
    assert read(f"{folder}/whole", stderr=subprocess.DEVNULL).returncode == 0
    whole = logs(f"{folder}/whole")
    assert "http.log" in whole
    with open("/dev/full", "w") as full:
        assert read(f"{folder}/full", stderr=full).returncode == 0
    assert logs(f"{folder}/full") == whole
    ends = os.pipe()
    os.close(ends[0])
    assert read(f"{folder}/pipe", stderr=ends[1]).returncode == 0
    os.close(ends[1])
    assert logs(f"{folder}/pipe") == whole


def test_a_standard_stream_that_is_closed_does_not_become_a_log(folder):
    def close():
        for descriptor in range(3):
            os.close(descriptor)
    assert read(f"{folder}/closed", preexec_fn=close).returncode == 0
    assert read(f"{folder}/whole", stderr=subprocess.DEVNULL).returncode == 0
    assert logs(f"{folder}/closed") == logs(f"{folder}/whole")


def test_a_result_that_cannot_be_written_is_an_error(folder):
    with open("/dev/full", "w") as full:
        done = read(f"{folder}/full", "--json", stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 1
    assert "error: cannot write the standard output: No space left on device" in done.stderr


def test_a_state_that_is_none_says_what_to_do(folder):
    done = run("meneki-sensor", "run", "-i", "lo", "--state", f"{folder}/nowhere", check=False)
    assert done.returncode == 1 and "holds no enrolment: run `meneki-sensor enroll" in done.stderr


def test_an_interface_that_is_not_there_or_given_twice_is_told_as_it_is(folder):
    done = run("meneki-sensor", "run", "-i", "nowhere0", "--out", f"{folder}/logs", check=False)
    assert done.returncode == 1 and "cannot capture on nowhere0" in done.stderr
    assert os.geteuid() != 0 or "CAP_NET_RAW" not in done.stderr
    done = run("meneki-sensor", "run", "-i", "lo", "-i", "lo", "--out", f"{folder}/logs", check=False)
    assert done.returncode != 0 and "is given twice" in done.stderr
