import pathlib

import pytest
from butter_cms import ButterCMS
from larder_site import serving_folder

DESCRIPTION = pathlib.Path(__file__).parent.parent / "site"


@pytest.fixture(scope="package")
def site(tmp_path_factory):
    with serving_folder(tmp_path_factory.mktemp("sdk"), DESCRIPTION) as site:
        yield site


@pytest.fixture
def butter_for(site):
    """The SDK with a token. It has no base URL option: each resource carries its own `url`."""

    def make(token):
        client = ButterCMS(token)
        for resource in vars(client).values():
            resource.url = f"{site.base}/v2/"
        return client

    return make


@pytest.fixture
def butter(site, butter_for):
    return butter_for(site.read_token)
