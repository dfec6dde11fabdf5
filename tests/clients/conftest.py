import contextlib
import subprocess

import driver as drivers
import pytest
import table
from scenario import Redis, all_scenarios

KNOWN = drivers.known()

PASSED = pytest.StashKey[set]()


def pytest_addoption(parser):
    parser.addoption("--write-table", action="store_true", help="write docs/clients/conformance.md from this run")


def pytest_configure(config):
    config.stash[PASSED] = set()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    if call.when == "call" and report.passed and "scenario" in getattr(item, "fixturenames", ()):
        values = item.callspec.params
        item.config.stash[PASSED].add((values["scenario"]["name"], values["manifest"]["name"]))


def pytest_sessionfinish(session):
    if session.config.getoption("--write-table", False):
        passed = session.config.stash[PASSED]
        table.PAGE.write_text(table.page(KNOWN, lambda scenario, manifest: (scenario["name"], manifest["name"]) in passed))


def pytest_generate_tests(metafunc):
    if "manifest" in metafunc.fixturenames:
        metafunc.parametrize("manifest", KNOWN, ids=[one["name"] for one in KNOWN], scope="session")
    if "scenario" in metafunc.fixturenames:
        scenarios = all_scenarios()
        metafunc.parametrize("scenario", scenarios, ids=[one["name"] for one in scenarios])


@pytest.fixture(scope="session")
def driver(manifest):
    """One process for all scenarios of an SDK."""
    running = drivers.Driver(manifest)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def redis():
    server = Redis()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def full_disk(tmp_path_factory):
    """A file system of 64 kB that is full. Making it needs root, as the tests of larder's own disk do."""
    place = tmp_path_factory.mktemp("full")
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)], check=True)
    try:
        (place / "copies").mkdir()
        with contextlib.suppress(OSError), open(place / "filler", "wb", buffering=0) as filler:
            while True:
                filler.write(b"x" * 4096)
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)
