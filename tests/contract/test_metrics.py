"""`GET /metrics`: who may read it, and that a parser that is Prometheus's own reads it."""

import requests
from prometheus_client.parser import text_string_to_metric_families

from larder_site import PATIENCE

FORWARDED = {"X-Forwarded-For": "203.0.113.9"}


def ask(pantry, **headers):
    return requests.get(f"{pantry.base}/metrics", headers=headers, timeout=PATIENCE)


def numbers(pantry):
    """Every number by its name and labels."""
    answer = ask(pantry)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    families = text_string_to_metric_families(answer.text)
    return {(s.name, *sorted(s.labels.values())): s.value for family in families for s in family.samples}


def test_what_is_answered_is_counted(pantry):
    question = ("posts/", {"exclude_body": "true", "page_size": "7"})
    before = numbers(pantry)
    for _ in range(3):
        pantry.read(*question)
    after = numbers(pantry)
    grown = lambda *name: after[name] - before[name]
    # The first is made. The kept ones come from the routes and then from the door.
    assert grown("larder_answers_total", "made") == 1
    assert grown("larder_answers_total", "kept") == 2
    assert grown("larder_build_seconds_count") == 1
    assert grown("larder_build_seconds_bucket", "+Inf") == 1
    # Three, and the numbers from before.
    assert grown("larder_http_responses_total", "2xx") == 4
    assert requests.get(f"{pantry.base}/v2/nowhere/", timeout=PATIENCE).status_code == 401
    assert numbers(pantry)["larder_http_responses_total", "4xx"] == after["larder_http_responses_total", "4xx"] + 1


def test_how_the_site_stands(pantry):
    found = numbers(pantry)
    for name in ["process_resident_memory_bytes", "larder_database_bytes", "larder_disk_free_bytes", "larder_cache_bytes"]:
        assert found[name,] > 0, name
    assert found["larder_database_readable",] == 1
    assert found["larder_outbox_parcels", "waiting", "webhook"] == 0
    assert ("larder_wal_bytes",) in found
    # It is copied nowhere, and HTTPS is not spoken: what does not exist has no number.
    assert not any(name[0].startswith(("larder_replica", "larder_certificate", "larder_standby")) for name in found)


def test_strangers_need_a_token_that_may_write(pantry):
    assert ask(pantry).status_code == 200
    # Whoever comes through a proxy on this machine is not from this machine, whether or not that proxy is believed.
    for said in [FORWARDED, {"Forwarded": "for=203.0.113.9"}, {"Via": "1.1 proxy"}]:
        refused = ask(pantry, **said)
        assert refused.status_code == 401, said
        assert "larder_" not in refused.text
    assert ask(pantry, **FORWARDED, Authorization=f"Token {pantry.read_token}").status_code == 401
    assert ask(pantry, **FORWARDED, Authorization="Token nonsense").status_code == 401
    allowed = ask(pantry, **FORWARDED, Authorization=f"Token {pantry.write_token}")
    assert allowed.status_code == 200
    for secret in [pantry.read_token, pantry.write_token, str(pantry.data_dir)]:
        assert secret not in allowed.text
    in_address = requests.get(
        f"{pantry.base}/metrics", params={"auth_token": pantry.write_token}, headers=FORWARDED, timeout=PATIENCE
    )
    assert in_address.status_code == 401
