"""The API keeps what its own /v2/openapi.json says, whatever is sent: schemathesis with a fixed seed."""

import pathlib
import subprocess
import sys

import pytest
import requests

# Left out: checks that need semantics a schema cannot say. A valid reference may point to nothing (positive data), input is
# read leniently (negative data), and a good header wins over whatever token stands in the query (ignored auth).
CHECKS = ",".join([
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance",
    "response_headers_conformance", "unsupported_method", "allow_header_conformance",
])  # fmt: skip
EXAMPLES = "25"


def schemathesis(site, token, *options):
    command = [
        pathlib.Path(sys.executable).with_name("schemathesis"), "run", site.url("openapi.json"),
        "--header", f"Authorization: Token {token}",
        # Uploads are tested by themselves: most of what is made up here is no file.
        "--exclude-path-regex", "^/media",
        "--phases", "examples,coverage,fuzzing",
        "--checks", CHECKS,
        "--max-examples", EXAMPLES,
        "--seed", "1931",
        "--generation-database", "none",
        # Two workers now and then trip over each other inside schemathesis.
        "--workers", "1",
        "--continue-on-failure",
        "--request-timeout", "60",
        "--no-color",
        *options,
    ]  # fmt: skip
    done = subprocess.run(command, cwd=site.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("kind", ["read", "write"])
def test_answers_conform(site, kind):
    schemathesis(site, site.read_token if kind == "read" else site.write_token)


def test_description_needs_a_token(site):
    assert requests.get(site.url("openapi.json")).status_code == 401
    assert site.get("openapi.json", token="wrong").status_code == 401


def test_description_names_the_model_of_the_site(site):
    description = site.read("openapi.json")
    assert description["openapi"].startswith("3.")
    assert description["paths"]
    text = str(description)
    for name in ["recipe", "main_jar", "shelves"]:
        assert name in text
