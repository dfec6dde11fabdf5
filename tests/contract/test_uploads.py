"""Uploads in pieces, with a well-known tus client used as it is: tuspy."""

import io

import pytest
import requests
from larder_site import serving
from tusclient import client

from contract.conftest import AUTHORS, SITE

LINES = b"".join(b"Line %06d of a long note.\n" % number for number in range(40_000))


@pytest.fixture
def site(tmp_path):
    with serving(tmp_path, SITE / "schema.json", AUTHORS) as site:
        yield site


def uploader(site, url=None):
    tus = client.TusClient(f"{site.base}/media/uploads", headers={"Authorization": f"Token {site.write_token}"})
    return tus.uploader(
        file_stream=io.BytesIO(LINES), chunk_size=300_000, url=url, metadata={"filename": "long.txt", "alt": "Äpfel"},
        upload_checksum=True,
    )  # fmt: skip


def test_a_client_used_as_it_is_uploads(site):
    upload = uploader(site)
    upload.upload()
    assert upload.offset == len(LINES)
    facts = upload.request.response_headers
    served = requests.get(f"{site.base}/media/{facts['larder-media']}")
    assert served.content == LINES


def test_it_goes_on_after_the_server_was_killed(site):
    first = uploader(site)
    first.upload_chunk()
    path = first.url.removeprefix(site.base)
    site.kill()
    site.start()
    second = uploader(site, url=site.base + path)
    assert 0 < second.offset < len(LINES)
    second.upload()
    facts = requests.get(site.base + path, headers={"Authorization": f"Token {site.write_token}"}).json()
    assert (facts["name"], facts["alt"], facts["size"]) == ("long.txt", "Äpfel", len(LINES))
