"""When there is no room: on the disk, and in the line of pictures to be made."""

import concurrent.futures
import contextlib
import os

import pytest

from fault.test_database import mounted
from larder_site import PATIENCE, await_until
from media.conftest import magick, opened, rgba

# As in docs/media.md: so many may wait, and half of the processors are at work.
WAITING = 64
AT_WORK = -(-len(os.sched_getaffinity(0)) // 2)
ROOM = 16 << 20


def files(folder):
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


def fill(path):
    with contextlib.suppress(OSError), open(path, "wb", buffering=0) as file:
        while file.write(b"x" * 4096):
            pass


@pytest.fixture
def small(tmp_path):
    """A site whose pictures and files lie on a disk of 16 MB; the database lies on another."""
    media = tmp_path / "site" / "media"
    media.mkdir(parents=True)
    with mounted(media, str(ROOM)), opened(tmp_path) as site:
        site.media = media
        yield site


def test_an_upload_for_which_there_is_no_room_leaves_nothing(small, photo):
    kept = small.upload(photo)
    before = files(small.media)
    for name in ["film.txt", "again.txt"]:
        refused = small.take(b"a" * (ROOM + 1), name)
        assert refused.status_code == 507, refused.text
        assert "full" in refused.json()["detail"] or "space" in refused.json()["detail"]
    assert files(small.media) == before
    assert rgba(small.picture(kept).content) == rgba(photo)
    assert small.take(b"There is room again.", "note.txt").status_code == 201


def test_a_picture_that_cannot_be_kept_is_made_and_sent_all_the_same(small, photo):
    media = small.upload(photo)
    filler = small.media / "filler"
    fill(filler)
    before = files(small.media)
    for width in [50, 51, 50]:
        assert rgba(small.picture(f"resize=width:{width}/{media}").content)[0] == width
    assert files(small.media) == before, "nothing half written stays"
    assert "cannot be kept on disk" in small.log.read_text()
    assert rgba(small.picture(media).content) == rgba(photo)
    filler.unlink()
    assert small.picture(f"resize=width:52/{media}").status_code == 200
    assert len(files(small.media)) == len(before), "the filler has gone and a picture has come"


def test_who_comes_when_the_line_is_full_is_told_to_come_again(tmp_path, photo):
    """The original is a pipe that nobody writes into, so that making a picture of it does not end."""
    with opened(tmp_path) as site:
        media, other = site.upload(photo), site.upload(magick("png:-", "-flop", "png:-", data=photo))
        ready = site.picture(f"resize=width:20/{other}").content
        digest = site.session.get(
            f"{site.base}/media/{media}/facts", headers={"Authorization": f"Token {site.write_token}"}
        ).json()["hash"]
        original = site.data_dir / "media" / digest
        original.rename(original.with_suffix(".aside"))
        os.mkfifo(original)
        late = 3
        with concurrent.futures.ThreadPoolExecutor(WAITING + AT_WORK + late) as pool:
            try:
                asked = [pool.submit(site.picture, f"resize=width:{width}/{media}") for width in range(20, 20 + WAITING + AT_WORK + late)]
                refused = list(next_of(asked, late))
                for answer in refused:
                    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
                    assert "busy" in answer.json()["detail"]
                # Nobody else notices.
                assert site.picture(f"resize=width:20/{other}").content == ready
                assert site.get("posts/").status_code == 200
            finally:
                # Whoever opens the original from now on gets it; whoever waits for the pipe gets nothing.
                pipe = original.with_suffix(".pipe")
                os.link(original, pipe)
                original.with_suffix(".aside").rename(original)
                await_until(lambda: release(pipe) or all(future.done() for future in asked), "all answers")
            answers = [future.result() for future in asked]
        statuses = [answer.status_code for answer in answers]
        assert statuses.count(503) == late and statuses.count(200) >= WAITING, statuses


def next_of(futures, count):
    """The results of those that end first."""
    done = concurrent.futures.as_completed(futures, timeout=PATIENCE)
    return [next(done).result() for _ in range(count)]


def release(pipe):
    """Ends the wait of everybody who has opened a pipe for reading."""
    with contextlib.suppress(OSError):
        os.close(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
