"""Receivers that check with the reference library of Standard Webhooks, and secrets that change."""

import json

import pytest
from larder_site import BINARY, PATIENCE, environment
from standardwebhooks.webhooks import Webhook, WebhookVerificationError


@pytest.fixture
def webhook(site, receiver):
    webhook = site.add(receiver.address, "--event", "page.published", "--header", "Authorization: Bearer open-sesame")
    yield webhook
    site.larder("webhook", "remove", str(webhook["id"]))


def sent(site, receiver, slug):
    """What arrives for a page that is published now."""
    before = len(receiver.got)
    site.page(slug)
    return receiver.until(lambda got: len(got) > before, slug)[-1]


def is_signed(secret, got):
    try:
        return Webhook(secret).verify(got.raw, got.headers) == got.json
    except WebhookVerificationError:
        return False


def test_the_reference_library_verifies(site, receiver, webhook):
    got = sent(site, receiver, "signed")
    assert is_signed(webhook["secret"], got)
    assert got.headers["content-type"] == "application/json"
    assert got.headers["authorization"] == "Bearer open-sesame"
    assert got.headers["user-agent"].startswith("larder/")
    got.raw = got.raw.replace(b"signed", b"forged")
    assert not is_signed(webhook["secret"], got)


def test_both_secrets_sign_for_a_while(site, receiver, webhook):
    new = site.larder("webhook", "rotate", str(webhook["id"]))
    assert site.larder("webhook", "secret", str(webhook["id"])) == new != webhook["secret"]
    got = sent(site, receiver, "both")
    assert is_signed(webhook["secret"], got) and is_signed(new, got)
    assert site.webhook(webhook)["old_secret_until"]
    last = site.larder("webhook", "rotate", str(webhook["id"]), "--hours", "0")
    got = sent(site, receiver, "last")
    assert is_signed(last, got) and not is_signed(new, got) and not is_signed(webhook["secret"], got)
    assert site.webhook(webhook)["old_secret_until"] is None


def test_a_secret_of_ones_own(site, receiver):
    own = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    webhook = site.add(receiver.address, "--event", "page.published", "--secret", own)
    assert is_signed(own, sent(site, receiver, "own"))
    site.larder("webhook", "remove", str(webhook["id"]))


def test_the_log_shows_no_secrets(site, receiver, webhook):
    sent(site, receiver, "masked")
    log = site.settled(webhook)
    whole = site.sent(webhook, str(log[-1]["number"]))
    headers = dict(whole["attempts"][0]["exchanges"][0]["request"]["headers"])
    assert headers["Authorization"] == "********" and headers["webhook-id"] == log[-1]["id"]
    listed = site.larder("webhook", "list", "--json")
    for text in (json.dumps(whole), listed, site.larder("webhook", "log", str(webhook["id"]), str(log[-1]["number"]))):
        assert "sesame" not in text and "whsec_" not in text
    assert json.loads(listed)[-1]["headers"] == ["Authorization"]


def test_a_test_is_signed_and_tried_once(site, receiver, webhook):
    said = site.larder("webhook", "test", str(webhook["id"]), "--event", "collectionitem.draft")
    assert said.startswith("HTTP 204, after ")
    got = receiver.got[-1]
    assert is_signed(webhook["secret"], got)
    assert (got.event, got.data["status"], got.data["label"]) == ("collectionitem.draft", "draft", "Sample item")


def test_nonsense_is_refused_in_a_sentence(site, receiver, webhook):
    import subprocess

    number = str(webhook["id"])
    for arguments, why in [
        (["add", "ftp://example.com/"], "https://"),
        (["add", "https://user:pass@example.com/"], "header"),
        (["add", receiver.address, "--event", "page.burnt"], "There is no event page.burnt"),
        (["add", receiver.address, "--header", "no colon"], "Name: value"),
        (["add", receiver.address, "--header", "Host: elsewhere"], "set by larder"),
        (["add", receiver.address, "--secret", "short"], "whsec_"),
        (["edit", "9999", "--off"], "there is no webhook 9999"),
        (["log", number, "9999"], "there is no 9999"),
        (["resend", "9999"], "there is no 9999"),
        (["test", "9999"], "there is no webhook 9999"),
    ]:
        done = subprocess.run(
            [BINARY, "webhook", *arguments, "--data", str(site.data_dir)],
            env=environment(), capture_output=True, text=True, timeout=PATIENCE,
        )
        assert done.returncode != 0 and why in done.stderr, (arguments, done.stderr)
    site.larder("webhook", "edit", number, "--off")
    done = subprocess.run(
        [BINARY, "webhook", "test", number, "--data", str(site.data_dir)],
        env=environment(), capture_output=True, text=True, timeout=PATIENCE,
    )
    assert done.returncode == 1 and "switched off" in done.stderr
