"""The sites of the contract tests.

`pantry` is filled from site/content.json and only read: every test may rely on exactly that content.
`kitchen` has the same model and starts empty: tests that write use it, each with slugs of its own.
`abroad` is like `kitchen`, with three locales.
"""

import itertools
import json
import pathlib
import re

import pytest
from larder_site import serving, serving_folder

SITE = pathlib.Path(__file__).parent / "site"
AUTHORS = json.loads((SITE / "content.json").read_text())["authors"]
LOCALES = [{"slug": "en", "name": "English"}, {"slug": "de", "name": "Deutsch"}, {"slug": "pt-br", "name": "Português"}]

numbers = itertools.count(1)


@pytest.fixture(scope="package")
def pantry(tmp_path_factory):
    with serving_folder(tmp_path_factory.mktemp("pantry"), SITE) as site:
        yield site


@pytest.fixture(scope="package")
def kitchen(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("kitchen"), SITE / "schema.json", AUTHORS) as site:
        yield site


@pytest.fixture(scope="package")
def abroad(tmp_path_factory):
    model = json.loads((SITE / "schema.json").read_text()) | {"locales": LOCALES}
    with serving(tmp_path_factory.mktemp("abroad"), model, AUTHORS) as site:
        yield site


@pytest.fixture
def slug(request):
    """A slug no other test uses."""
    name = re.sub(r"[^a-z0-9]+", "-", request.node.originalname.removeprefix("test_"))[:60]
    return f"{name}-{next(numbers)}"
