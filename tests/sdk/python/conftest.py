import pathlib

import butter_cms
import larder_cms
import pytest
from larder_site import serving_folder

DESCRIPTION = pathlib.Path(__file__).parent.parent / "site"


@pytest.fixture(scope="package")
def site(tmp_path_factory):
    with serving_folder(tmp_path_factory.mktemp("sdk"), DESCRIPTION) as site:
        yield site


@pytest.fixture(params=["official", "own"])
def butter_for(site, request, monkeypatch):
    """An SDK with a token: the unmodified official one, and larder's own, which must pass the same tests after a change of
    the import."""
    monkeypatch.setenv("LARDER_URL", site.base)

    def official(token):
        client = butter_cms.ButterCMS(token)
        # It has no base URL option: each resource carries its own `url`.
        for resource in vars(client).values():
            resource.url = f"{site.base}/v2/"
        return client

    return official if request.param == "official" else larder_cms.ButterCMS


@pytest.fixture
def butter(site, butter_for):
    return butter_for(site.read_token)
