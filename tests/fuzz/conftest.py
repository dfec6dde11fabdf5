import pathlib

import pytest
from larder_site import serving_folder

DESCRIPTION = pathlib.Path(__file__).parent.parent / "contract/site"


@pytest.fixture
def site(tmp_path):
    with serving_folder(tmp_path, DESCRIPTION) as site:
        yield site
