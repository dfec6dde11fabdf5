"""larder answers in the shapes ButterCMS was recorded answering in (contract: sections 3, 4, 6 to 10).

site/ reproduces each recorded situation with invented content; the shapes beside this file were made by derive.py.
"""

import json
import pathlib
import xml.etree.ElementTree as ElementTree

import pytest
from larder_site import serving_folder
from shapes.derive import is_xml, type_of, xml_shape

HERE = pathlib.Path(__file__).parent
SHAPES = {path.stem: json.loads(path.read_text()) for path in sorted(HERE.glob("*.json"))}

# What larder says beyond the recordings, each with the contract's section.
ADDED_KEYS = {"scheduled", "status"}  # newer than the recordings: 6.1 (posts), 9.1 (pages)
ADDED_METHODS = {"DELETE", "POST"}  # DELETE of pages and POST to /content/{key}/ are documented: 23.2


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with serving_folder(tmp_path_factory.mktemp("shapes"), HERE / "site") as site:
        yield site


def test_all_recordings_have_a_shape():
    assert len(SHAPES) == 48


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_shape(site, shape):
    request = shape["request"]
    answer = site.get(
        request["path"].removeprefix("/v2/"),
        request["query"],
        token="wrong" if request["token"] == "wrong" else None,
        headers={"Accept-Encoding": "gzip"},
    )
    assert answer.status_code == shape["status"], answer.text
    for name, recorded in shape["headers"].items():
        if name == "Allow":
            compare_methods(answer.headers[name], recorded)
        else:
            assert answer.headers[name] == recorded, name
    body = json.loads(answer.content)
    if shape["status"] >= 400:
        assert body == shape["body"]
    else:
        compare(body, shape["body"], "body")


def compare_methods(said, recorded):
    kept = [method for method in said.split(", ") if method in recorded.split(", ")]
    assert kept == recorded.split(", ")
    assert set(said.split(", ")) - set(kept) <= ADDED_METHODS


def compare(value, shape, place):
    if isinstance(shape, dict) and "xml" in shape:
        assert is_xml(value), place
        assert xml_shape(ElementTree.fromstring(value.encode())) == shape["xml"], place
    elif isinstance(shape, dict):
        assert isinstance(value, dict), f"{place}: {value}"
        added = {key for key in ADDED_KEYS if key not in shape and is_entry(shape)}
        assert [key for key in value if key not in added] == list(shape), place
        for key in shape:
            compare(value[key], shape[key], f"{place}.{key}")
    elif isinstance(shape, list):
        assert isinstance(value, list), f"{place}: {value}"
        compare_list(value, shape, place)
    else:
        assert matches_type(value, shape), f"{place}: {value!r} is not {shape}"


def compare_list(values, shapes, place):
    """Each element has one of the recorded shapes, and each recorded shape occurs."""
    occurring = set()
    for index, value in enumerate(values):
        fitting = [number for number, shape in enumerate(shapes) if fits(value, shape)]
        if not fitting:
            # Says where it differs.
            assert shapes, f"{place} should be empty: {values}"
            compare(value, shapes[0], f"{place}[{index}]")
        occurring.update(fitting)
    assert occurring == set(range(len(shapes))), f"{place}: not every recorded shape occurs"


def fits(value, shape):
    try:
        compare(value, shape, "")
    except AssertionError:
        return False
    return True


def is_entry(shape):
    """Posts and pages carry a status and a time of scheduling; nothing else gains keys."""
    return "slug" in shape and "published" in shape


def matches_type(value, shape):
    # "string" covers texts that may happen to look like something else.
    return type_of(value) == shape or (shape == "string" and isinstance(value, str))
