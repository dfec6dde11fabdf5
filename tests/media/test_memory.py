"""Ten photos of 24 megapixels at once, while cached answers are read, by a server that may not have more than 512 MB.

The limit is RLIMIT_DATA: what the process may have of memory of its own, whether it was touched or not, the stacks of
all threads included. It is stricter than a cgroup of the same size, which counts what was touched, needs no rights and
works on every machine. RLIMIT_AS (`ulimit -v`) would also count what is only set aside: files that are mapped, and
64 MB of addresses for each thread that allocates.
"""

import concurrent.futures
import resource
import threading

import pytest

from larder_site import PATIENCE
from media.conftest import magick, opened, rgba

LIMIT = 512 << 20
MOST = 300  # MiB


def limited():
    resource.setrlimit(resource.RLIMIT_DATA, (LIMIT, LIMIT))


@pytest.fixture(scope="module")
def photos():
    """The same photo ten times, with a remark in each that makes it another file."""
    photo = magick("-size", "1500x1000", "plasma:tomato-steelblue", "-resize", "6000x4000!", "-attenuate", "0.3", "+noise", "Gaussian", "-quality", "90", "jpg:-")
    return [photo[:2] + b"\xff\xfe\x00\x03" + bytes([number]) + photo[2:] for number in range(10)]


def peak(process):
    """MiB of memory at most, so far."""
    with open(f"/proc/{process.pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024


def made_at_last(site, media):
    """A picture, asked for again as long as the server says that it is busy: how long that is, the machine decides."""
    path = f"resize=width:1200/output=format:webp/{media}"
    answers = iter(lambda: site.picture(path), None)
    answer = next(answer for answer in answers if answer.status_code != 503)
    assert answer.status_code == 200, answer.text
    return answer.content


def limits(process):
    with open(f"/proc/{process.pid}/limits") as text:
        return text.read()


def test_ten_large_photos_at_once(tmp_path, photos):
    with opened(tmp_path, preexec_fn=limited) as site:
        assert "Max data size             536870912" in limits(site.process)
        site.data("posts/")
        read, ended = [], threading.Event()

        def reader():
            while not ended.is_set():
                read.append(site.get("posts/").status_code)

        reading = threading.Thread(target=reader)
        reading.start()
        try:
            with concurrent.futures.ThreadPoolExecutor(10) as pool:
                ids = list(pool.map(site.upload, photos))
                uploaded = peak(site.process)
                made = list(pool.map(lambda media: made_at_last(site, media), ids))
        finally:
            ended.set()
            reading.join(PATIENCE)
        assert len(set(ids)) == 10
        assert {rgba(picture)[:2] for picture in made} == {(1200, 800)}
        assert read and set(read) == {200}
        print(f"peak memory: {uploaded:.0f} MiB after the uploads, {peak(site.process):.0f} MiB in all; {len(read)} reads")
        assert peak(site.process) < MOST
