"""Every task against ImageMagick. The number is the largest root mean square of the differences, of 0 to 255.

Outlines may differ more: ImageMagick draws them half a pixel further in.
"""

import struct

import pytest

from media.conftest import difference, magick

SEPIA = "0.5144 0.6152 0.1512  0.2792 0.7488 0.1344  0.2176 0.4272 0.3048"
LANCZOS = ["-filter", "Lanczos"]


@pytest.mark.parametrize("tasks, arguments, tolerance", [
    ("resize=width:80", [*LANCZOS, "-resize", "80x60!"], 2.5),
    ("resize=width:480", [*LANCZOS, "-resize", "480x360!"], 2.5),
    ("resize=width:60,height:60,fit:scale", [*LANCZOS, "-resize", "60x60!"], 2.5),
    ("resize=width:60,height:60,fit:crop", [*LANCZOS, "-resize", "80x60!", "-crop", "60x60+10+0", "+repage"], 2.5),
    ("resize=width:60,height:60,fit:crop,align:[top,left]", [*LANCZOS, "-resize", "80x60!", "-crop", "60x60+0+0", "+repage"], 2.5),
    ("resize=width:60,height:60,fit:crop,align:right", [*LANCZOS, "-resize", "80x60!", "-crop", "60x60+20+0", "+repage"], 2.5),
    ("resize=width:500,height:500,fit:max", [], 0),
    ("crop=dim:[20,10,100,80]", ["-crop", "100x80+20+10", "+repage"], 0),
    ("crop=dim:[200,100,999,999]", ["-crop", "40x80+200+100", "+repage"], 0),
    ("crop=dim:[40,20,160,120]/resize=width:80", ["-crop", "160x120+40+20", "+repage", *LANCZOS, "-resize", "80x60!"], 2.5),
    ("rotate=deg:90", ["-rotate", "90"], 0),
    ("rotate=deg:180", ["-rotate", "180"], 0),
    ("rotate=deg:270", ["-rotate", "270"], 0),
    ("rotate=deg:30/crop=dim:[99,88,100,100]", ["-virtual-pixel", "white", "-distort", "SRT", "30", "-gravity", "center", "-crop", "100x100+0+0", "+repage"], 8),
    ("flip", ["-flip"], 0),
    ("flop", ["-flop"], 0),
    ("blur=amount:4", ["-blur", "0x4"], 1.5),
    ("blur=amount:0.7", ["-blur", "0x0.7"], 1.5),
    ("sharpen=amount:2", ["-unsharp", "0x1+1+0"], 2),
    ("monochrome", ["-colorspace", "Gray"], 1),
    ("negative", ["-negate"], 0),
    ("sepia=tone:80", ["-color-matrix", SEPIA], 1),
    ("pixelate=amount:10", ["-scale", "24x18!", "-scale", "240x180!"], 1),
    ("rounded_corners=radius:30", ["-alpha", "set", "ROUND", "-compose", "DstIn", "-composite"], 6),
    ("rounded_corners=radius:30,background:white", ["-alpha", "set", "ROUND", "-compose", "DstIn", "-composite", "-compose", "Over", "-background", "white", "-flatten"], 6),
    ("circle", ["-crop", "180x180+30+0", "+repage", "-alpha", "set", "CIRCLE", "-compose", "DstIn", "-composite"], 6),
    ("border=width:10,color:FF0000", ["-bordercolor", "#FF0000", "-border", "10"], 0),
    ("modulate=brightness:120,saturation:60,hue:90", ["-modulate", "120,60,150"], 2),
])  # fmt: skip
def test_task(gallery, media, photo, tasks, arguments, tolerance):
    words = {
        "ROUND": ["(", "-size", "240x180", "xc:none", "-fill", "white", "-draw", "roundrectangle 0,0 239,179 30,30", ")"],
        "CIRCLE": ["(", "-size", "180x180", "xc:none", "-fill", "white", "-draw", "circle 89.5,89.5 89.5,0", ")"],
    }
    arguments = [word for argument in arguments for word in words.get(argument, [argument])]
    theirs = magick("png:-", *arguments, "-depth", "8", "png:-", data=photo)
    off = difference(gallery.made(tasks, media), theirs)
    print(f"{tasks}: {off:.2f}")
    assert off <= tolerance


def test_black_and_white(gallery, media, photo):
    """Pixels as bright as the threshold may fall to either side."""
    theirs = magick("png:-", "-colorspace", "Gray", "-threshold", "50%", "png:-", data=photo)
    assert difference(gallery.made("blackwhite=threshold:50", media), theirs) <= 8


@pytest.mark.parametrize("tasks, sign, tolerance", [
    ("output=format:jpg,quality:90", b"\xff\xd8\xff", 4),
    ("output=format:pjpg", b"\xff\xd8\xff", 4),
    ("quality=value:80/output=format:webp", b"RIFF", 6),
    ("output=format:png,quality:10", b"\x89PNG", 0),
])  # fmt: skip
def test_formats_keep_what_is_seen(gallery, media, photo, tasks, sign, tolerance):
    made = gallery.made(tasks, media)
    assert made.startswith(sign)
    assert difference(made, photo) <= tolerance


def test_avif_is_made(gallery, media):
    answer = gallery.picture(f"resize=width:64/output=format:avif/{media}")
    assert (answer.status_code, answer.headers["Content-Type"], answer.content[4:12]) == (200, "image/avif", b"ftypavif")


@pytest.mark.parametrize("arguments, tolerance", [
    (["-depth", "16", "png:-"], 1),
    (["-interlace", "PNG", "png:-"], 0),
    (["-colors", "200", "-dither", "None", "gif:-"], 8),
    (["-quality", "92", "jpg:-"], 4),
    (["-quality", "92", "-interlace", "JPEG", "jpg:-"], 4),
    (["-quality", "92", "-define", "webp:lossless=true", "webp:-"], 0),
    (["-quality", "90", "webp:-"], 6),
    (["-colorspace", "CMYK", "-quality", "92", "jpg:-"], 12),
    (["-alpha", "set", "-channel", "A", "-evaluate", "set", "60%", "+channel", "png:-"], 1),
])  # fmt: skip
def test_every_kind_of_original_is_opened(gallery, photo, arguments, tolerance):
    original = magick("png:-", *arguments, data=photo)
    made = gallery.made("flip/flip/output=format:png", gallery.upload(original))
    expected = photo if "CMYK" in arguments else original
    assert difference(made, expected) <= tolerance


def test_a_photo_is_turned_as_its_camera_was(gallery, photo):
    """Orientation 6: the camera was held upright, and the file lies on its side."""
    lying = magick("png:-", "-rotate", "-90", "-quality", "95", "jpg:-", data=photo)
    tiff = b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<HHHIHHI", 1, 0x112, 3, 1, 6, 0, 0)
    turned = lying[:2] + b"\xff\xe1" + struct.pack(">H", len(tiff) + 2) + tiff + lying[2:]
    media = gallery.upload(turned, "upright.jpg")
    assert difference(gallery.made("output=format:png", media), photo) <= 4
    small = magick("png:-", *LANCZOS, "-resize", "60x45!", "png:-", data=photo)
    assert difference(gallery.made("resize=width:60/output=format:png", media), small) <= 4


def test_large_pictures_are_shrunk_while_they_are_read(gallery, photo):
    large = magick("png:-", *LANCZOS, "-resize", "1920x1440!", "png:-", data=photo)
    expected = magick("png:-", *LANCZOS, "-resize", "120x90!", "png:-", data=large)
    for kind in ["png:-", "jpg:-"]:
        media = gallery.upload(magick("png:-", "-quality", "95", kind, data=large))
        assert difference(gallery.made("resize=width:120/output=format:png", media), expected) <= 4
