"""What comes along in an archive of a library: folders in which nothing lies, too."""

import tarfile

from fault.test_dashboard import Desk
from larder_site import PATIENCE, Site
from media.conftest import opened


def folders(archive):
    with tarfile.open(archive) as tar:
        if "folders.jsonl" not in tar.getnames():
            return None
        return tar.extractfile("folders.jsonl").read().decode().splitlines()


def test_empty_folders_come_along(tmp_path, photo):
    one, two = tmp_path / "one.tar.gz", tmp_path / "two.tar.gz"
    with opened(tmp_path / "site") as site:
        site.larder("export", str(one))
        assert folders(one) is None
        (tmp_path / "jar.png").write_bytes(photo)
        site.larder("media", "add", "--folder", "Shop/Autumn", str(tmp_path / "jar.png"))
        desk = Desk(site)
        for name in ["Shop", "Empty"]:
            answer = desk.session.post(desk.url("/admin/media/folders"), data={"name": name}, timeout=PATIENCE)
            assert answer.status_code < 400 or name == "Shop", answer.text
        site.larder("export", str(one), "--without-secrets")
    assert folders(one) == ['{"folders":["Empty"]}']
    copy = Site(tmp_path / "copy")
    copy.larder("import", str(one))
    copy.larder("export", str(two), "--without-secrets")
    assert folders(two) == folders(one)
