"""Receivers that hang, redirect, fail, talk without end or are not who they seem to be; nothing of it slows a publish."""

import contextlib
import http.server
import socket
import sqlite3
import ssl
import struct
import threading
import time

import pytest
import trustme
from larder_site import PATIENCE, await_until

from webhooks.conftest import hooked
from webhooks.receiver import Handler, Receiver, listening, ok, status

ONCE = ["--event", "page.published"]


def first(site, webhook):
    """The first attempt at the oldest message, once there is one."""

    def look():
        log = site.sent(webhook)
        return log and site.sent(webhook, str(log[0]["number"]))["attempts"]

    attempt = await_until(look, "an attempt")[-1]
    assert len(attempt["exchanges"]) == 1
    return attempt, attempt["exchanges"][0]


@pytest.fixture
def hook(site, receiver):
    """Adds webhooks to the receiver's address, and takes them away afterwards."""
    made = []

    def add(answer, *more, address=None):
        receiver.answer = answer
        made.append(site.add(address or receiver.address, *(more or ONCE)))
        return made[-1]

    yield add
    for webhook in made:
        site.larder("webhook", "remove", str(webhook["id"]))


def publish(site, slug, count=[0]):
    """Publishes a page of its own."""
    count[0] += 1
    site.page(f"{slug}-{count[0]}")


def test_one_that_fails_is_asked_again_and_told_in_order(site, receiver, hook):
    failed = []

    def answer(handler, got):
        if len(failed) < 1:
            failed.append(got)
            return status(500, b"not now")(handler, got)
        return ok(handler, got)

    webhook = hook(answer)
    site.page("order", text="1")
    receiver.until(lambda got: got, "a first try")
    for text in ["2", "3"]:
        site.write("PATCH", "pages/note/order/", {"title": text, "fields": {"text": text}}, {"locale": "en"})
    # Another page does not wait for it.
    publish(site, "meanwhile")
    log = site.settled(webhook)
    ids = [one["id"] for one in log]
    arrived = [got.id for got in receiver.got]
    assert arrived[0] == ids[0] and arrived.count(ids[0]) == 2, "the same id on every try"
    in_order = [one for one in arrived[1:] if one != ids[3]]
    assert in_order == ids[:3], "one after the other"
    assert arrived.index(ids[3]) < len(arrived) - 1 or len(arrived) == 5
    assert [one["tries"] for one in log] == [2, 1, 1, 1]
    attempt, exchange = first(site, webhook)
    assert attempt["outcome"] == "HTTP 500" and exchange["response"]["body"] == "not now"


def test_a_redirect_is_not_followed(site, receiver, hook):
    with listening() as elsewhere:
        webhook = hook(status(307, Location=elsewhere.address))
        publish(site, "redirect")
        attempt, exchange = first(site, webhook)
        assert attempt["outcome"] == "HTTP 307, which is not followed" and not attempt["taken"]
        assert dict(exchange["response"]["headers"])["location"] == elsewhere.address
        assert elsewhere.got == []


def test_one_that_hangs_slows_neither_publishing_nor_others(site, receiver, hook):
    release = threading.Event()
    with listening() as quick:
        stuck = hook(lambda *_: release.wait(PATIENCE))
        other = hook(receiver.answer, address=quick.address)
        try:
            for _ in range(12):
                publish(site, "hang")
            # Those of the quick one arrive while the other holds all its places.
            quick.until(lambda got: len(got) == 12, "the quick one")
            assert all(one["state"] == "sent" for one in site.settled(other))
            attempt, exchange = first(site, stuck)
            assert attempt["outcome"] == "no answer within 5 seconds" and "response" not in exchange
            assert len(receiver.got) >= 4
        finally:
            release.set()


def test_an_endless_answer_is_cut(site, receiver, hook):
    stop = threading.Event()

    def answer(handler, _):
        handler.send_response(200)
        handler.end_headers()
        while not stop.is_set():
            handler.wfile.write(b"more and " * 1000)

    webhook = hook(answer)
    publish(site, "endless")
    attempt, exchange = first(site, webhook)
    stop.set()
    assert attempt["taken"] and attempt["outcome"] == "HTTP 200"
    assert len(exchange["response"]["body"]) == 64 << 10 and exchange["response"]["cut"]
    assert exchange["response"]["body"].startswith("more and more and ")


def test_one_that_trickles_is_taken_by_its_first_line(site, receiver, hook):
    stop = threading.Event()

    def answer(handler, _):
        handler.send_response(202)
        handler.end_headers()
        while not stop.wait(0.2):
            handler.wfile.write(b".")

    webhook = hook(answer)
    publish(site, "trickle")
    attempt, exchange = first(site, webhook)
    stop.set()
    assert attempt["taken"] and "longer than 5 seconds" in exchange["error"]


def test_who_wants_no_more_is_not_asked_again(site, receiver, hook):
    webhook = hook(status(410))
    publish(site, "gone")
    assert [(one["state"], one["tries"], one["outcome"]) for one in site.settled(webhook)] == [("dead", 1, "HTTP 410")]
    # By hand it is sent again, under the same id.
    receiver.answer = ok
    number = site.sent(webhook)[0]["number"]
    site.larder("webhook", "resend", str(number))
    assert [one["state"] for one in site.settled(webhook)] == ["sent"]
    assert len({got.id for got in receiver.got}) == 1 and len(receiver.got) == 2
    assert len(site.sent(webhook, str(number))["attempts"]) == 2


def test_one_attempt_without_a_signature(site, receiver, hook):
    webhook = hook(status(500), "--plain", *ONCE)
    publish(site, "plain")
    publish(site, "plain")
    assert [(one["state"], one["tries"]) for one in site.settled(webhook)] == [("dead", 1)] * 2
    assert not [name for got in receiver.got for name in got.headers if name.startswith("webhook-")]
    receiver.answer = ok
    site.larder("webhook", "resend", "--dead-of", str(webhook["id"]))
    assert [one["state"] for one in site.settled(webhook)] == ["sent"] * 2


def test_a_pause_that_is_asked_for_is_granted(site, receiver, hook):
    webhook = hook(status(429, Retry_After="2000"))
    publish(site, "pause")
    await_until(lambda: site.webhook(webhook)["resumes"], "the pause")
    publish(site, "pause")
    log = site.sent(webhook)
    assert [one["tries"] for one in log] == [1, 0]
    due, at = (parse(log[0]["due"]), parse(log[0]["at"]))
    assert 1900 < due - at < 2100
    # A test goes out all the same, and what it says is known at once.
    receiver.answer = ok
    assert "HTTP 204" in site.larder("webhook", "test", str(webhook["id"]))


def parse(moment):
    return time.mktime(time.strptime(moment[:19], "%Y-%m-%dT%H:%M:%S"))


def test_one_that_is_dead_is_left_alone_and_nothing_is_lost(site, receiver, hook):
    webhook = hook(status(503))
    for _ in range(8):
        publish(site, "dead")
    standing = await_until(lambda: (one := site.webhook(webhook))["failures"] >= 5 and one, "the breaker")
    assert standing["resumes"] and standing["failing_since"] and standing["waiting"] == 8
    tried = sum(one["tries"] for one in site.sent(webhook))
    publish(site, "dead")
    assert sum(one["tries"] for one in site.sent(webhook)) <= tried + 4, "what was under way at most"
    # Somebody mends it and says so: all of it arrives.
    receiver.answer = ok
    site.larder("webhook", "edit", str(webhook["id"]), "--on")
    log = site.settled(webhook)
    assert [one["state"] for one in log] == ["sent"] * 9
    assert {one["id"] for one in log} == {got.id for got in receiver.got}
    assert site.webhook(webhook)["failures"] == 0


def test_an_outcome_that_cannot_be_noted_is_kept_and_nothing_is_sent_twice(site, receiver, hook):
    """Another program holds the database while the receiver answers, for longer than larder waits for it."""
    database = sqlite3.connect(site.data_dir / "larder.db", isolation_level=None, timeout=PATIENCE, check_same_thread=False)

    def answer(handler, got):
        database.execute("BEGIN IMMEDIATE")
        ok(handler, got)

    webhook = hook(answer)
    said = site.log.read_text().count("cannot be noted")
    publish(site, "locked")
    await_until(lambda: site.log.read_text().count("cannot be noted") > said, "a failed note")
    database.execute("ROLLBACK")
    database.close()
    receiver.answer = ok
    assert [(one["state"], one["tries"]) for one in site.settled(webhook)] == [("sent", 1)]
    assert len(receiver.got) == 1


def test_nobody_there(site, hook):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{closed.getsockname()[1]}/"
    webhook = hook(ok, address=address)
    publish(site, "nobody")
    attempt, exchange = first(site, webhook)
    assert attempt["outcome"] == "not reachable" and "could not be reached" in exchange["error"]


def test_no_http(site, hook):
    def talk(server):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = server.accept()
                connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")
                connection.close()

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=talk, args=[server], daemon=True).start()
        webhook = hook(ok, address=f"http://127.0.0.1:{server.getsockname()[1]}/")
        publish(site, "ssh")
        assert first(site, webhook)[0]["outcome"] == "broken answer"


def test_broken_tls(site, hook):
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.receiver = Receiver(server)
    server.handle_error = lambda *_: None
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        webhook = hook(ok, address=server.receiver.address.replace("http:", "https:"))
        publish(site, "tls")
        attempt, exchange = first(site, webhook)
        assert attempt["outcome"] == "no trusted TLS" and "could not prove who it is" in exchange["error"]
        assert server.receiver.got == []
    finally:
        server.shutdown()
        server.server_close()


class NameServer:
    """Answers each question about a name with the next of its addresses, the last one for ever."""

    def __init__(self, *addresses):
        self.addresses, self.asked = list(addresses), 0
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        threading.Thread(target=self.serve, daemon=True).start()

    @property
    def address(self):
        return "%s:%d" % self.socket.getsockname()

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                question, sender = self.socket.recvfrom(1500)
                end = question.index(0, 12) + 5
                is_v4 = question[end - 4:end - 2] == b"\0\1"
                answer = question[:2] + struct.pack(">HHHHH", 0x8180, 1, int(is_v4), 0, 0) + question[12:end]
                if is_v4:
                    address = self.addresses[min(self.asked, len(self.addresses) - 1)]
                    self.asked += 1
                    answer += b"\xc0\x0c\0\1\0\1\0\0\0\0\0\4" + socket.inet_aton(address)
                self.socket.sendto(answer, sender)


def test_a_name_that_leads_inside_afterwards(tmp_path):
    """127.0.0.2 stands for the internet; the second look-up says 127.0.0.1, where something listens too."""
    names = NameServer("127.0.0.2", "127.0.0.1")
    options = ["--allow-private-fetch", "127.0.0.2", "--name-server", names.address]
    with listening("127.0.0.2") as outside, hooked(tmp_path, options) as site:
        port = outside.server.server_address[1]
        with listening("127.0.0.1", port) as inside:
            webhook = site.add(f"http://hooks.example:{port}/hook", *ONCE)
            publish(site, "rebind")
            outside.until(lambda got: got, "the first")
            assert outside.got[0].headers["host"] == f"hooks.example:{port}"
            publish(site, "rebind")
            last = await_until(lambda: (log := site.sent(webhook))[-1]["tries"] and log[-1], "the second try")
            assert last["outcome"] == "not on the public internet"
            # The address itself, and other ways to write it, are no better.
            for number, host in enumerate(["127.0.0.1", "0x7f.1", "[::ffff:7f00:1]", "localhost"]):
                webhook = site.add(f"http://{host}:{port}/", *ONCE)
                publish(site, "inside")
                outcome = first(site, webhook)[0]["outcome"]
                assert outcome in ("not on the public internet", "no such server"), host
            assert inside.got == []
    names.socket.close()
