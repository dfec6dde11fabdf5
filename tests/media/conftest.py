"""A library that is filled through `POST /media`, and what makes and measures pictures: ImageMagick."""

import contextlib
import shutil
import subprocess

import pytest
from larder_site import PATIENCE, Site, environment

# Debian's own, whatever else is called `convert` on this machine.
CONVERT = shutil.which("convert", path="/usr/bin:/bin")
# How long pictures may take, in seconds: an unoptimised server has two cores for ten photos of 24 megapixels, or less.
LONG = PATIENCE * 30
LOUD = environment() | {"LARDER_LOG": "info,larder::api::media=debug"}


def magick(*arguments, data=None):
    """Runs ImageMagick; returns what it writes to its standard output."""
    done = subprocess.run([CONVERT, *arguments], input=data, capture_output=True, timeout=LONG)
    assert done.returncode == 0, f"convert {arguments}: {done.stderr.decode()}"
    return done.stdout


def rgba(data):
    """Width, height and pixels of a picture, four bytes each."""
    width, height = map(int, magick("-", "-format", "%w %h", "info:", data=data).split())
    return width, height, magick("-", "-alpha", "set", "-depth", "8", "rgba:-", data=data)


def difference(ours, theirs):
    """The mean square root of the differences of two pictures' bytes, 0 to 255; what is transparent has no colour."""
    (width, height, a), (theirs_width, theirs_height, b) = rgba(ours), rgba(theirs)
    assert (width, height) == (theirs_width, theirs_height)
    a, b = shining(a), shining(b)
    return (sum((x - y) ** 2 for x, y in zip(a, b, strict=True)) / len(a)) ** 0.5


def shining(pixels):
    if set(pixels[3::4]) == {255}:
        return pixels
    return [value * pixels[place | 3] // 255 if place % 4 < 3 else value for place, value in enumerate(pixels)]


class Gallery(Site):
    """A site with pictures."""

    def take(self, data, name="picture"):
        """Uploads bytes; returns the answer."""
        return self.session.post(
            f"{self.base}/media", params={"name": name}, data=data, timeout=LONG,
            headers={"Authorization": f"Token {self.write_token}", "Content-Type": "application/octet-stream"},
        )

    def upload(self, data, name="picture"):
        """Uploads bytes that must be taken; returns the id."""
        answer = self.take(data, name)
        assert answer.ok, f"{name}: {answer.status_code} {answer.text}"
        return answer.json()["id"]

    def picture(self, path, **options):
        """Asks for a picture, by its path below /media/."""
        return self.session.get(f"{self.base}/media/{path}", timeout=LONG, **options)

    def made(self, tasks, media):
        """A picture that must be made."""
        answer = self.picture(f"{tasks}/{media}")
        assert answer.status_code == 200, f"{tasks}: {answer.status_code} {answer.text[:500]}"
        return answer.content


@contextlib.contextmanager
def opened(folder, **process):
    """`process` is what `subprocess.Popen` shall do differently."""
    site = Gallery(folder)
    site.larder("init")
    site.add_tokens()
    site.start(env=LOUD, **process)
    try:
        yield site
    except BaseException:
        site.kill()
        raise
    else:
        site.stop()


@pytest.fixture(scope="package")
def gallery(tmp_path_factory):
    with opened(tmp_path_factory.mktemp("gallery")) as site:
        yield site


@pytest.fixture(scope="package")
def photo():
    """A picture with soft and hard edges, whose left and right, top and bottom differ: PNG, 240 x 180."""
    return magick(
        "-size", "240x180", "gradient:gold-navy", "-fill", "crimson", "-draw", "circle 70,60 70,20",
        "-fill", "white", "-draw", "rectangle 150,100 220,160", "-fill", "black", "-draw", "line 0,179 239,0",
        "-blur", "0x0.6", "-depth", "8", "-type", "TrueColor", "png:-",
    )


@pytest.fixture(scope="package")
def media(gallery, photo):
    return gallery.upload(photo, "photo.png")
