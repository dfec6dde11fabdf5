"""What a CDN is told after a change, by servers that answer as the providers document it."""

import json
import subprocess
import threading

import pytest
from edge_recorder import Recorder, taken_by_cloudflare, taken_by_fastly
from larder_site import BINARY, PATIENCE, Site, await_until, environment
from notes_and_jars import MODEL


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("purges"))
    site.make(MODEL)
    site.start()
    site.fill([
        {"method": "POST", "path": "pages/", "body": {
            "title": slug, "slug": slug, "page_type": "note", "status": "published", "fields": {"text": "0"},
        }}
        for slug in ("one", "two")
    ])
    yield site
    site.stop()


@pytest.fixture
def recorder():
    recorder = Recorder()
    recorder.start()
    yield recorder
    recorder.stop()


def set_up(site, recorder, *arguments, token="s3cret", again_after="0"):
    """Has the site told of by this CDN, and waits until what it held is dropped."""
    recorder.forget()
    done = subprocess.run(
        [BINARY, "cdn", "set", *arguments, "--data", str(site.data_dir), "--allow-private", "--again-after", again_after]
        + (["--token-stdin"] if token else []),
        input=token, env=environment(), capture_output=True, text=True, timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    # Whatever the CDN holds was made for another.
    recorder.await_request(lambda _: True, "the first purge")
    await_until(lambda: log(site)[0]["state"] == "purged", "the first purge to be noted")
    recorder.forget()


def fastly(site, recorder, **more):
    recorder.answer = taken_by_fastly
    set_up(site, recorder, "fastly", "--service", "SU1Z", "--api", recorder.address, **more)


def cloudflare(site, recorder, *arguments, **more):
    recorder.answer = taken_by_cloudflare
    set_up(site, recorder, "cloudflare", "--zone", "023e", "--api", recorder.address, *arguments, **more)


def log(site):
    return json.loads(site.larder("cdn", "log", "--json"))


def publish(site, slug, text):
    site.write("PATCH", f"pages/note/{slug}/", {"fields": {"text": text}, "status": "published"})


def keys_of(request):
    body = json.loads(request["body"])
    return set(body.get("surrogate_keys") or body["tags"])


def test_a_change_is_told_to_fastly_by_the_keys_of_what_shows_it(site, recorder):
    fastly(site, recorder)
    carried = set(site.get("pages/note/one/").headers["Surrogate-Key"].split())
    other = set(site.get("pages/note/two/").headers["Surrogate-Key"].split())
    publish(site, "one", "fastly")
    told = recorder.await_request(lambda _: True, "a purge")
    assert (told["method"], told["path"]) == ("POST", "/service/SU1Z/purge")
    assert told["headers"]["fastly-key"] == "s3cret"
    assert told["headers"]["fastly-soft-purge"] == "1"
    assert keys_of(told) & carried and not keys_of(told) & other, (told["body"], carried, other)


def test_our_own_answers_are_fresh_before_the_cdn_is_told(site, recorder):
    fastly(site, recorder)
    seen = []

    def answer(request):
        # As the CDN would, as soon as it has dropped what it had.
        seen.append(site.data("pages/note/one/")["fields"]["text"])
        return taken_by_fastly(request)

    recorder.answer = answer
    for text in ("fresh 1", "fresh 2", "fresh 3"):
        publish(site, "one", text)
        await_until(lambda: len(seen) > 0 and seen[-1] == text, f"{text} to be told")
    assert set(seen) == {"fresh 1", "fresh 2", "fresh 3"}, seen


def test_changes_while_a_purge_hangs_go_together_and_block_nobody(site, recorder):
    fastly(site, recorder)
    go_on = threading.Event()
    recorder.answer = lambda request: go_on.wait(PATIENCE) and taken_by_fastly(request)
    publish(site, "one", "hangs")
    recorder.await_request(lambda _: True, "a purge")
    for number in range(10):
        publish(site, "two", f"meanwhile {number}")
    assert len(recorder.requests) == 1, "one at a time"
    go_on.set()
    await_until(lambda: all(line["state"] == "purged" for line in log(site)), "all to be purged")
    assert len(recorder.requests) == 2, [request["body"] for request in recorder.requests]


def test_what_fastly_has_not_taken_is_told_again(site, recorder):
    fastly(site, recorder)

    def part_of_it(request):
        if len(recorder.requests) == 1:
            return 200, {}, b"{}"
        return taken_by_fastly(request)

    recorder.answer = part_of_it
    publish(site, "one", "in part")
    await_until(lambda: len(recorder.requests) > 1 and log(site)[0]["state"] == "purged", "the second try")
    assert keys_of(recorder.requests[0]) <= keys_of(recorder.requests[1])
    assert log(site)[0]["tries"] >= 2


def test_cloudflare_is_left_alone_as_long_as_it_says(site, recorder):
    cloudflare(site, recorder)
    tags = site.get("pages/note/one/").headers["Cache-Tag"]
    assert " " not in tags and "model" in tags.split(",")
    said = b'{"success":false,"errors":[{"code":1134,"message":"Unable to purge, rate limit reached."}]}'

    def limited(request):
        return (429, {"Retry-After": "2"}, said) if len(recorder.requests) == 1 else taken_by_cloudflare(request)

    recorder.answer = limited
    publish(site, "one", "limited")
    failed = await_until(lambda: next((line for line in log(site) if line["state"] == "failing"), None), "the failure")
    assert "rate limit reached" in failed["said"]
    await_until(lambda: log(site)[0]["state"] == "purged", "the second try")
    first, second = recorder.requests[:2]
    assert second["at"] - first["at"] >= 2
    assert first["path"] == "/zones/023e/invalidate_cache" and first["headers"]["authorization"] == "Bearer s3cret"


def test_cloudflare_without_tags_is_told_addresses(site, recorder):
    cloudflare(site, recorder, "--by", "addresses", "--hard")
    publish(site, "one", "by address")
    told = recorder.await_request(lambda _: True, "a purge")
    assert told["path"] == "/zones/023e/purge_cache"
    host = site.base.split("://")[1]
    assert json.loads(told["body"]) == {"prefixes": [f"{host}/v2"]}


def test_bunny_gets_few_short_keys(site, recorder):
    recorder.answer = lambda _: (204, {}, b"")
    set_up(site, recorder, "bunny", "--zone", "4711", "--api", recorder.address)
    answer = await_until(lambda: site.get("pages/note/one/").headers.get("CDN-Tag"), "the tags")
    assert len(answer) <= 1024
    carried = set(answer.split(","))
    publish(site, "one", "bunny")
    await_until(lambda: log(site)[0]["state"] == "purged", "the purge")
    assert all(request["path"] == "/pullzone/4711/purgeCache" for request in recorder.requests)
    told = {json.loads(request["body"])["CacheTag"] for request in recorder.requests}
    assert told & carried and len(told) == len(recorder.requests) <= 16


def test_a_template_tells_anybody(site, recorder):
    recorder.answer = lambda _: (200, {}, b"")
    set_up(
        site, recorder, "http", "--method", "PURGE", "--address", f"{recorder.address}/drop?soft={{soft}}",
        "--header", "X-Purge-Token: {token}", "--header", "X-Keys: {keys}", "--carries", "X-Made-Of", "--separator", "comma",
    )
    carried = set(site.get("pages/note/one/").headers["X-Made-Of"].split(","))
    publish(site, "one", "by template")
    told = recorder.await_request(lambda _: True, "a purge")
    assert (told["method"], told["path"]) == ("PURGE", "/drop?soft=1")
    assert told["headers"]["x-purge-token"] == "s3cret"
    assert set(told["headers"]["x-keys"].split(",")) & carried
    # What cannot be done is said, and keeps nothing else from being done.
    tried = subprocess.run(
        [BINARY, "cdn", "purge", "--url", "https://cms.example/", "--data", str(site.data_dir)],
        env=environment(), capture_output=True, text=True, timeout=PATIENCE,
    )
    assert tried.returncode == 1 and "keys are purged, not addresses" in tried.stderr
    recorder.forget()
    publish(site, "one", "by template again")
    recorder.await_request(lambda _: True, "another purge")


def test_a_purge_is_said_once_more_for_what_was_on_its_way(site, recorder):
    fastly(site, recorder, again_after="1")
    publish(site, "one", "once more")

    def of_the_entry():
        # Setting the CDN up is said twice too, alone or together with one of these.
        return [request for request in list(recorder.requests) if "schema-2" in keys_of(request)]

    await_until(lambda: len(of_the_entry()) >= 2, "the second purge")
    first, second = of_the_entry()[:2]
    assert keys_of(first) - {"model"} == keys_of(second) - {"model"} and second["at"] - first["at"] >= 1


def test_a_purge_outlives_the_cdn_and_the_server(site, recorder):
    fastly(site, recorder)
    recorder.stop()
    publish(site, "one", "through it all")
    await_until(lambda: log(site)[0]["state"] == "failing", "the failure")
    site.kill()
    recorder.start()
    site.start()
    told = recorder.await_request(lambda _: True, "the purge of the server that was killed")
    assert "schema-" in told["body"]
    await_until(lambda: log(site)[0]["state"] == "purged", "its note")


def test_a_wrong_token_is_said_and_a_new_one_purges_what_waits(site, recorder):
    fastly(site, recorder)
    recorder.answer = lambda _: (401, {}, b'{"msg":"Provided credentials are missing or invalid"}')
    publish(site, "one", "unauthorised")
    failed = await_until(lambda: next((line for line in log(site) if line["state"] == "failing"), None), "the failure")
    assert "credentials are missing or invalid" in failed["said"]
    fastly(site, recorder, token="another")
    await_until(lambda: all(line["state"] == "purged" for line in log(site)), "what waited")


def test_a_token_that_is_taken_back_is_no_good_at_the_cdn_either(site, recorder):
    fastly(site, recorder)
    site.larder("token", "add", "--kind", "read", "--name", "short-lived")
    recorder.forget()
    tokens = json.loads(site.larder("token", "list", "--json"))
    number = next(token["id"] for token in tokens if token["name"] == "short-lived")
    site.larder("token", "remove", str(number))
    told = recorder.await_request(lambda _: True, "a purge")
    assert keys_of(told) == {"model"}


def test_private_addresses_are_told_only_when_that_was_allowed(site, recorder):
    recorder.forget()
    site.larder("cdn", "set", "varnish", "--server", recorder.address, "--again-after", "0")
    failed = await_until(lambda: next((line for line in log(site) if line["state"] == "failing"), None), "the failure")
    assert "not on the public internet" in failed["said"]
    assert recorder.requests == []


def test_the_command_line_purges_and_shows_no_secret(site, recorder):
    fastly(site, recorder)
    shown = json.loads(site.larder("cdn", "show", "--json"))
    assert (shown["provider"], shown["service"], shown["token"]) == ("fastly", "SU1Z", "stored")
    assert "s3cret" not in json.dumps(shown) + site.larder("cdn", "show")
    line = json.loads(site.larder("cdn", "purge", "--key", "entry-1", "--key", "any", "--json"))[0]
    assert (line["state"], line["change"]) == ("purged", None)
    assert keys_of(recorder.requests[-1]) == {"any", "entry-1"}
    site.larder("cdn", "purge", "--url", "https://cms.example/v2/posts/")
    assert recorder.requests[-1]["path"] == "/purge/cms.example/v2/posts/"
    site.larder("cdn", "purge", "--all", "--yes")
    assert recorder.requests[-1]["path"] == "/service/SU1Z/purge_all"
    assert "it can be told" in site.larder("cdn", "test")
    recorder.answer = lambda _: (403, {}, b'{"msg":"No."}')
    tried = subprocess.run(
        [BINARY, "cdn", "test", "--data", str(site.data_dir)], env=environment(), capture_output=True, text=True, timeout=PATIENCE,
    )
    assert tried.returncode == 1 and "does not accept the token" in tried.stderr
    assert "s3cret" not in site.log.read_text()


def test_without_a_cdn_nothing_is_told_and_the_usual_headers_are_sent(site, recorder):
    fastly(site, recorder)
    site.larder("cdn", "unset")
    assert site.larder("cdn", "show") == "No CDN is set up."
    publish(site, "one", "alone")
    headers = await_until(lambda: site.get("pages/note/one/"), "an answer").headers
    assert headers["Surrogate-Key"] and headers["Surrogate-Control"] == "max-age=31536000, stale-if-error=604800"
    assert recorder.requests == []


def test_old_answers_are_shown_while_new_ones_are_fetched_only_when_that_is_set(site, recorder):
    recorder.answer = taken_by_fastly
    set_up(site, recorder, "fastly", "--service", "SU1Z", "--api", recorder.address, "--stale-while-revalidate", "30")
    said = "max-age=31536000, stale-while-revalidate=30, stale-if-error=604800"
    await_until(lambda: site.get("pages/note/one/").headers["CDN-Cache-Control"] == said, said)
