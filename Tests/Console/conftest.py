"""A master with an office's story in it, and a browser that is signed in."""
import os
import pathlib
import sys
import tempfile

import pytest
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "EndToEnd"))
from meneki import Master, Sensor, company  # noqa: E402


@pytest.fixture(scope="session")
def told():
    """(running master, what really happened)"""
    with tempfile.TemporaryDirectory(prefix="meneki-", dir="/var/tmp") as folder:
        os.chmod(folder, 0o755)
        logs, truth = company(f"{folder}/logs", "--seed", 1, "--story", "exfiltration")
        master = Master(f"{folder}/master").start()
        try:
            Sensor(master, "tokyo", f"{folder}/sensor").replay(logs)
            yield master, next(entry for entry in truth if entry["kind"] == "exfiltration")
        finally:
            master.stop()


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser, told):
    """A fresh window at the console's front page, whose certificate is of the master's own authority."""
    context = browser.new_context(
        ignore_https_errors=True, viewport={"width": 1440, "height": 900},
        base_url=f"https://127.0.0.1:{told[0].console}")
    page = context.new_page()
    page.set_default_timeout(15_000)
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto("/")
    yield page
    context.close()
    assert not problems, problems
