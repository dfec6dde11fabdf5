"""The disk is full while somebody writes: the editor is told so in a sentence, still shows what is there, and the
same save sent again succeeds once, when there is room."""

import contextlib
import subprocess

import requests
from fault.test_database import made, mounted
from larder_site import BINARY, PATIENCE, await_until, environment

PASSWORD = "correct horse battery staple"


class Desk:
    """Somebody who is signed in to the dashboard."""

    def __init__(self, site):
        person = ["--email", "olga@example.com", "--name", "Olga", "--role", "owner", "--password-stdin"]
        subprocess.run(
            [BINARY, "user", "add", "--data", str(site.data_dir), *person],
            env=environment(), input=f"{PASSWORD}\n", check=True, capture_output=True, text=True, timeout=PATIENCE,
        )
        self.root = site.base
        self.session = requests.Session()
        sent = {"email": "olga@example.com", "password": PASSWORD}
        answer = self.session.post(
            self.url("/admin/sign-in"), data=sent, headers={"Accept": "application/json"}, timeout=PATIENCE
        )
        assert answer.status_code == 200, answer.text
        self.session.headers["X-CSRF-Token"] = answer.json()["csrf"]

    def url(self, path):
        return f"{self.root}{path}"

    def get(self, path):
        return self.session.get(self.url(path), timeout=PATIENCE)

    def begin(self):
        """A new post; returns its address and its rev."""
        title = [{"op": "set", "path": "@title", "value": "Rye"}]
        save = {"client": "tab00001", "seq": 1, "follow_slug": True, "ops": title, "why": "saved"}
        answer = self.session.post(self.url("/admin/c/posts/draft"), json=save, timeout=PATIENCE)
        assert answer.status_code == 200, answer.text
        return f"/admin/c/posts/{answer.json()['id']}", answer.json()["rev"]

    def save(self, entry, base, seq, text):
        ops = [{"op": "set", "path": "body", "value": f"<p>{text}</p>"}]
        save = {"base": base, "client": "tab00001", "seq": seq, "ops": ops, "why": "autosave"}
        return self.session.patch(self.url(f"{entry}/draft"), json=save, timeout=PATIENCE)


def test_a_full_disk_refuses_a_save_which_succeeds_when_sent_again(tmp_path):
    with mounted(tmp_path, "24m"), made(tmp_path) as site:
        desk = Desk(site)
        entry, rev = desk.begin()
        fill = site.folder / "fill"
        with contextlib.suppress(OSError), open(fill, "wb", buffering=0) as file:
            while file.write(b"x" * 4096):
                pass
        await_until(site.refuses_writes, "changes to be refused")
        words = "dough " * 2000
        refused = desk.save(entry, rev, 2, words)
        assert refused.status_code == 503, refused.text
        assert int(refused.headers["Retry-After"]) >= 1
        told = refused.json()
        assert "full" in told["message"] and told["message"].endswith("."), told
        # Reading goes on: the text, its screen and the list.
        kept = desk.get(f"{entry}/draft")
        assert kept.status_code == 200 and kept.json()["rev"] == rev
        for screen in [entry, f"{entry}/history", "/admin/c/posts"]:
            assert desk.get(screen).status_code == 200, screen
        assert desk.save(entry, rev, 2, words).status_code == 503
        fill.unlink()
        await_until(site.takes_writes, "changes to be taken")
        saved = desk.save(entry, rev, 2, words)
        assert saved.status_code == 200, saved.text
        again = desk.save(entry, rev, 2, words)
        assert again.status_code == 200 and again.text == saved.text
        shown = desk.get(f"{entry}/draft").json()
        assert shown["rev"] == saved.json()["rev"] and words.strip() in shown["values"]["body"]
