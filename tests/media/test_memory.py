"""Ten photos of 24 megapixels at once, while cached answers are read."""

import concurrent.futures
import threading

import pytest

from larder_site import PATIENCE
from media.conftest import magick, opened, rgba

MOST = 300  # MiB


@pytest.fixture(scope="module")
def photos():
    """The same photo ten times, with a remark in each that makes it another file."""
    photo = magick("-size", "1500x1000", "plasma:tomato-steelblue", "-resize", "6000x4000!", "-attenuate", "0.3", "+noise", "Gaussian", "-quality", "90", "jpg:-")
    return [photo[:2] + b"\xff\xfe\x00\x03" + bytes([number]) + photo[2:] for number in range(10)]


def peak(process):
    """MiB of memory at most, so far."""
    with open(f"/proc/{process.pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024


def test_ten_large_photos_at_once(tmp_path, photos):
    with opened(tmp_path) as site:
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
                made = list(pool.map(lambda media: site.made("resize=width:1200/output=format:webp", media), ids))
        finally:
            ended.set()
            reading.join(PATIENCE)
        assert len(set(ids)) == 10
        assert {rgba(picture)[:2] for picture in made} == {(1200, 800)}
        assert read and set(read) == {200}
        print(f"peak memory: {uploaded:.0f} MiB after the uploads, {peak(site.process):.0f} MiB in all; {len(read)} reads")
        assert peak(site.process) < MOST
