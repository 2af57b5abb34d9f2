import tempfile

import pytest

from meneki import Master


@pytest.fixture
def folder():
    """A folder that PostgreSQL's own account can reach, also when the tests run as root."""
    with tempfile.TemporaryDirectory(prefix="meneki-", dir="/var/tmp") as path:
        import os
        os.chmod(path, 0o755)
        yield path


@pytest.fixture
def masters(folder):
    """Makes masters and stops them all at the end."""
    made = []

    def make(name="master"):
        made.append(Master(f"{folder}/{name}").start())
        return made[-1]

    yield make
    for master in made:
        master.stop()
