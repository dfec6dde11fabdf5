"""A store that checks signatures, which the one of the other tests does not: s3s-fs, in `LARDER_TEST_S3S`.

`make torture` installs it from crates.io and runs this, and the tests of standbys with it. It is no part of `make test`.
"""

import contextlib
import subprocess

import pytest
from larder_group import KEYS, SIGNED, Member, Replica
from larder_site import BINARY, PATIENCE, environment
from notes_and_jars import MODEL
from replicas import VERSIONS, await_copied, dump, litestream

assert SIGNED, "LARDER_TEST_S3S shall be the path of s3s-fs"


@pytest.fixture
def bucket(tmp_path):
    with Replica.of("bucket", tmp_path) as replica:
        yield replica


@pytest.fixture
def primary(bucket, tmp_path):
    """A site that is copied there, with posts and a file."""
    member = Member(tmp_path / "primary", bucket)
    member.folder.mkdir()
    member.make(MODEL)
    member.start("--replica-ack")
    with contextlib.ExitStack() as on_the_way_out:
        on_the_way_out.callback(member.kill)
        for number in range(30):
            slug = f"p{number}"
            member.write("POST", "posts/", {"title": slug, "slug": slug, "status": "published", "body": slug * 3000})
        for number in range(0, 30, 3):
            member.remove(f"posts/p{number}/")
        member.upload("large.txt", b"A line of a file.\n" * 500_000)
        await_copied(member)
        on_the_way_out.pop_all()
        member.stop()
    return member


def larder(*arguments, keys=KEYS):
    return subprocess.run(
        [BINARY, *arguments], env=environment() | keys, capture_output=True, text=True, timeout=3 * PATIENCE
    )


def test_larder_and_litestream_restore_what_was_copied(primary, bucket, tmp_path):
    wanted = dump(primary.data_dir / "larder.db")
    for version in VERSIONS:
        target = tmp_path / f"{version}.db"
        done = litestream(version, "restore", "-o", str(target), bucket.stock(""), keys=KEYS)
        assert done.returncode == 0, done.stderr
        assert dump(target) == wanted, version
    for depth in ["list", "files", "restore"]:
        done = larder("verify", bucket.url, "--depth", depth)
        assert done.returncode == 0, done.stderr
    done = larder("restore", bucket.url, "--data", str(tmp_path / "restored"))
    assert done.returncode == 0, done.stderr
    assert dump(tmp_path / "restored/larder.db") == wanted
    media = [path.relative_to(primary.data_dir) for path in (primary.data_dir / "media").rglob("*") if path.is_file()]
    assert media
    for path in media:
        assert (tmp_path / "restored" / path).read_bytes() == (primary.data_dir / path).read_bytes(), path


def test_who_has_another_secret_is_refused(primary, bucket, tmp_path):
    wrong = KEYS | {"AWS_SECRET_ACCESS_KEY": "another-secret"}
    for command in [["restore", bucket.url, "--data", str(tmp_path / "restored")], ["verify", bucket.url]]:
        done = larder(*command, keys=wrong)
        assert done.returncode == 1, done.stderr
        assert "403" in done.stderr or "SignatureDoesNotMatch" in done.stderr, done.stderr
    assert not (tmp_path / "restored/larder.db").exists()
