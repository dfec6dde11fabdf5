"""The program that stands for one SDK: it gets JSON lines and answers JSON lines. README.md is its contract."""

import functools
import json
import os
import pathlib
import queue
import subprocess
import threading

ROOT = pathlib.Path(__file__).resolve().parents[2]

# Long enough for a loaded machine; a driver that takes longer has failed anyway.
PATIENCE = 300


def known():
    """Every driver that an SDK declares in its `conformance.json`, in the order of their names."""
    drivers = []
    for manifest in sorted((ROOT / "sdk").glob("*/conformance.json")):
        drivers += [dict(driver, folder=manifest.parent) for driver in json.loads(manifest.read_text())]
    return drivers


@functools.cache
def build(folder, *command):
    """Once for all that an SDK declares."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stdout}{done.stderr}"


def launch(manifest, program, **settings):
    """Starts one of an SDK's programs: its `run` or its `site`."""
    for command in manifest.get("build", []):
        build(manifest["folder"], *command)
    # A developer's own settings must not reach the SDK under test.
    environment = {key: value for key, value in os.environ.items() if not key.startswith("LARDER_")}
    environment["NO_PROXY"] = environment["no_proxy"] = "*"
    return subprocess.Popen(
        manifest[program], cwd=manifest["folder"], env=environment | settings, text=True, bufsize=1,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )


class Driver:
    """A driver that runs, and goes on from scenario to scenario."""

    def __init__(self, manifest):
        self.process = launch(manifest, "run")
        self.lines = queue.Queue()
        threading.Thread(target=self.read, daemon=True).start()
        self.asked = 0

    def read(self):
        for line in self.process.stdout:
            self.lines.put(line)
        self.lines.put(None)

    def ask(self, operation, **message):
        self.asked += 1
        line = json.dumps({"id": self.asked, "op": operation, **message})
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        try:
            said = self.lines.get(timeout=PATIENCE)
        except queue.Empty:
            raise AssertionError(f"the driver did not answer {line}") from None
        assert said is not None, f"the driver ended (exit code {self.process.wait()}) at {line}"
        answer = json.loads(said)
        assert answer.get("id") == self.asked, f"asked {line}, answered {said}"
        assert "failed" not in answer, f"asked {line}, the driver failed: {answer['failed']}"
        return answer

    def stop(self):
        self.process.stdin.close()
        self.process.wait(PATIENCE)
