"""A new program takes over while clients ask that never ask twice: no request fails, whatever becomes of the program.

`LARDER_UPGRADES=100` makes the first test the long one.
"""

import contextlib
import http.client
import json
import os
import pathlib
import signal
import socket
import subprocess
import threading

import pytest
import requests
from http_clients import Clients
from larder_site import BINARY, PATIENCE, Site, await_until, environment
from notes_and_jars import MODEL

UPGRADES = int(os.environ.get("LARDER_UPGRADES", "4"))
# Longer than any client here can be kept from asking by a busy machine. A server whose last client has gone ends at once.
DRAIN = "120"


class Upgraded(Site):
    """A site whose server may be another process than the one that was started."""

    def __init__(self, folder):
        super().__init__(folder)
        self.program = self.folder / "larder"
        self.install(BINARY)
        self.pids = []

    def install(self, program):
        """Puts a program where the server's lies, as packages do: another file under the same name."""
        fresh = self.folder / "larder.new"
        fresh.symlink_to(pathlib.Path(program).resolve())
        fresh.replace(self.program)

    def install_script(self, text):
        script = self.folder / f"script-{len(list(self.folder.iterdir()))}"
        script.write_text(f"#!/bin/sh\n{text}\n")
        script.chmod(0o755)
        self.install(script)

    def start(self, *options, **process):
        super().start(self.program, ["--drain-seconds", DRAIN, *options], **process)
        await_until(self.serving, "the server to say who it is")
        self.pids.append(self.process.pid)

    def serving(self):
        with contextlib.suppress(OSError, ValueError):
            return json.loads((self.data_dir / "serving.json").read_text())["pid"]

    def upgrade(self):
        """What the command printed, if it says that it was done."""
        done = self.try_upgrade()
        assert done.returncode == 0, done.stderr + self.log.read_text()
        said = json.loads(done.stdout)
        assert said["from"]["pid"] == self.pids[-1]
        self.pids.append(said["to"]["pid"])
        return said

    def try_upgrade(self):
        return subprocess.run(
            [BINARY, "upgrade", "--json", "--data", str(self.data_dir)],
            env=environment(), capture_output=True, text=True, timeout=3 * PATIENCE,
        )

    def end(self, how):
        """Ends the newest process, and waits until all have ended."""
        self.session.close()
        for pid in reversed(self.pids):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, how)
        if self.process:
            self.process.wait(PATIENCE)
            self.process = None
        await_until(lambda: not any(lives(pid) for pid in self.pids), "all processes to end")
        self.pids.clear()


def lives(pid):
    try:
        state = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@pytest.fixture
def site(tmp_path):
    site = Upgraded(tmp_path)
    site.make(MODEL)
    yield site
    site.stop()


def paths(site):
    for number in range(3):
        site.write("POST", "posts/", {"title": f"p{number}", "slug": f"p{number}", "status": "published"})
    token = f"auth_token={site.read_token}"
    return [f"/v2/posts/?{token}", *(f"/v2/posts/p{number}/?{token}" for number in range(3)), f"/v2/pages/note/?{token}&page_size=3"]


def test_no_request_fails_while_programs_take_over(site):
    site.start()
    with Clients(site.base, paths(site)) as clients:
        for number in range(UPGRADES):
            assert site.upgrade()["status"] == "upgraded"
            clients.go_on()
            # The new one takes changes, and the clients' next answers have them.
            site.session.close()
            site.write("PATCH", "posts/p0/", {"title": f"changed {number}"})
            assert site.data("posts/p0/")["title"] == f"changed {number}"
    assert len(set(site.pids)) == UPGRADES + 1
    await_until(lambda: not any(lives(pid) for pid in site.pids[:-1]), "the old processes to end")
    assert site.process.wait(PATIENCE) == 0


NEVER_READY = "exec sleep 1000"
DIES = "exit 3"
OTHER_PROGRAM = "echo hello >&4; exec sleep 1000"
NO_PORT = f'exec {BINARY} serve --data "$3" --listen 127.0.0.1:0 --cache-mb none'
NO_SITE = f'exec {BINARY} serve --data /proc/larder --listen 127.0.0.1:0'


@pytest.mark.parametrize(
    "script, why",
    [
        (NEVER_READY, "was not ready after 2 s"),
        (DIES, "ended before it was ready (exit status: 3)"),
        (OTHER_PROGRAM, "hello"),
        (NO_PORT, "ended before it was ready (exit status: 2)"),
        (NO_SITE, "/proc/larder"),
        (None, "cannot be started"),
    ],
)
def test_a_program_that_does_not_start_changes_nothing(site, script, why):
    site.start("--upgrade-seconds", "2" if script == NEVER_READY else "60")
    with Clients(site.base, paths(site)) as clients:
        if script:
            site.install_script(script)
        else:
            site.program.unlink()
        failed = site.try_upgrade()
        assert failed.returncode == 1 and why in failed.stderr, failed.stderr
        assert f"Process {site.pids[0]} goes on serving" in failed.stderr
        clients.go_on()
        assert site.serving() == site.pids[0]
        if script != NEVER_READY:
            # With a sound program the next one succeeds. A busy machine may need more than two seconds for it.
            site.install(BINARY)
            site.upgrade()
            clients.go_on()


def test_two_at_once_are_one_or_follow_each_other(site):
    site.start()
    with Clients(site.base, paths(site)):
        both = [None, None]

        def upgrade(which):
            both[which] = site.try_upgrade()

        threads = [threading.Thread(target=upgrade, args=[which]) for which in (0, 1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        done = [json.loads(one.stdout) for one in both if one.returncode == 0]
        assert done, [one.stderr for one in both]
        for one in both:
            assert one.returncode == 0 or "is being upgraded already" in one.stderr, one.stderr
        # Whichever came first, a process that serves is the one that is named.
        site.pids += sorted({said["to"]["pid"] for said in done}, key=[said["to"]["pid"] for said in done].index)
        await_until(lambda: site.serving() in site.pids, "one process to hold the folder")


def test_what_is_under_way_is_finished(site):
    site.start()
    body = json.dumps({"title": "slow", "slug": "slow", "status": "published"}).encode()
    write = begin(site, "POST", "/v2/posts/", body, {"Content-Type": "application/json"})
    text = b"One line of a long note.\n" * 4_000
    place = begin_upload(site, len(text))
    upload = begin(site, "PATCH", place, text, TUS | {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"})
    site.upgrade()
    # Both still belong to the old process.
    assert lives(site.pids[0])
    for request, whole in [(write, body), (upload, text)]:
        request.send(whole[len(whole) // 2 :])
    for request, status in [(write, 202), (upload, 204)]:
        answer = request.getresponse()
        assert (answer.status, answer.getheader("Connection")) == (status, "close"), answer.read()
        answer.read()
        request.close()
    site.session.close()
    await_until(lambda: site.get("posts/slow/").status_code == 200, "the new process to show what was written")
    served = requests.get(f"{site.base}/media/{answer.getheader('Larder-Media')}", timeout=PATIENCE)
    assert served.content == text
    assert site.process.wait(PATIENCE) == 0


TUS = {"Tus-Resumable": "1.0.0"}


def begin_upload(site, length):
    """The path of an upload in pieces."""
    headers = TUS | {"Authorization": f"Token {site.write_token}", "Upload-Length": str(length)}
    headers["Upload-Metadata"] = "filename bG9uZy50eHQ="  # long.txt
    answer = requests.post(f"{site.base}/media/uploads", headers=headers, timeout=PATIENCE)
    assert answer.status_code == 201, answer.text
    return answer.headers["Location"].removeprefix(site.base)


def begin(site, method, path, body, headers):
    """Sends the head and half of the body."""
    connection = http.client.HTTPConnection(site.base.removeprefix("http://"), timeout=PATIENCE)
    connection.putrequest(method, path)
    for name, value in (headers | {"Authorization": f"Token {site.write_token}", "Content-Length": str(len(body))}).items():
        connection.putheader(name, value)
    connection.endheaders()
    connection.send(body[: len(body) // 2])
    return connection


def test_what_was_scheduled_is_published_by_the_new_process(site):
    site.start()
    site.upgrade()
    # Its last connection.
    site.session.close()
    await_until(lambda: not lives(site.pids[0]), "the old process to end")
    later = {"title": "later", "slug": "later", "status": "draft"}
    site.write("POST", "posts/", later)
    # A time that is past is published at the next look of whoever has the duty.
    site.larder("publish", "post:later", "--at", "2026-01-01T00:00:00Z")
    await_until(lambda: site.get("posts/later/").status_code == 200, "the post to be published")


def test_an_end_is_told_to_clients_and_balancers_first(site):
    site.start("--drain-wait", "600")
    connection = http.client.HTTPConnection(site.base.removeprefix("http://"), timeout=PATIENCE)
    os.kill(site.pids[0], signal.SIGTERM)

    def ready():
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        assert answer.getheader("Cache-Control") == "no-store"
        return answer.status, json.loads(answer.read())

    leaving = {"status": "leaving", "reads": "ready", "writes": "ready"}
    await_until(lambda: ready() == (503, leaving), "readiness to be denied")
    # Everything else goes on as before, on old connections and new ones.
    assert site.get("posts/").status_code == 200
    site.write("POST", "posts/", {"title": "last", "slug": "last", "status": "published"})
    site.session.close()
    connection.close()
    # Whoever sits at the terminal does not wait.
    os.kill(site.pids[0], signal.SIGINT)
    assert site.process.wait(PATIENCE) == 0


def test_systemd_is_told(site, tmp_path):
    told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    told.bind(str(tmp_path / "notify"))
    told.settimeout(PATIENCE)
    site.start(env=environment() | {"NOTIFY_SOCKET": str(tmp_path / "notify")})
    assert told.recv(4096).decode().split() == ["READY=1", f"MAINPID={site.pids[0]}"]
    site.upgrade()
    assert told.recv(4096).decode().split() == ["READY=1", f"MAINPID={site.pids[1]}"]
    os.kill(site.pids[1], signal.SIGTERM)
    assert told.recv(4096).split() == [b"STOPPING=1"]


def test_a_socket_of_systemd_is_taken_and_handed_on(site):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = "127.0.0.1:%d" % free.getsockname()[1]
    # It starts larder when the first connection comes.
    arguments = ["systemd-socket-activate", "-l", address, site.program, "serve", "--data", site.data_dir]
    with open(site.log, "ab") as log:
        site.process = subprocess.Popen(arguments, env=environment(), stdout=log, stderr=log)
    site.base = f"http://{address}"

    def reached():
        with contextlib.suppress(requests.ConnectionError):
            return requests.get(f"{site.base}/readyz", timeout=PATIENCE).status_code == 200

    await_until(reached, "larder on systemd's socket")
    site.pids.append(await_until(site.serving, "the server to say who it is"))
    with Clients(site.base, paths(site)) as clients:
        site.upgrade()
        clients.go_on()


UNITS = pathlib.Path(__file__).resolve().parents[2] / "deploy/systemd"


def test_systemd_finds_nothing_wrong_with_the_units(tmp_path):
    for unit in UNITS.iterdir():
        text = unit.read_text().replace("/usr/local/bin/larder", str(pathlib.Path(BINARY).resolve()))
        (tmp_path / unit.name).write_text(text)
    units = sorted(str(unit) for unit in tmp_path.iterdir())
    verified = subprocess.run(["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True, timeout=PATIENCE)
    # It also looks at the units of the machine, of which it may complain.
    complaints = [line for line in verified.stderr.splitlines() if "larder" in line]
    assert verified.returncode == 0 and complaints == [], verified.stderr
