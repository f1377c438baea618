"""Pictures from strangers: drawn anew, named after their content, refused where they are none or too much."""

import os
import struct
import time
import zlib
from hashlib import sha256
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from lms.interchange.media import MAX_BYTES, MAX_SIDE, NAME, BadImage, keep, store


def picture(mode="RGB", size=(40, 30), format="PNG", **options):
    image = Image.linear_gradient("L").resize(size).convert(mode)
    if "A" in mode:
        image.putalpha(128)
    out = BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def opened(data):
    return Image.open(BytesIO(data))


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_that_claims(width, height, pixels=b"x"):
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(pixels)), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize(
    ("mode", "format", "ending"),
    [
        ("1", "PNG", "png"),
        ("L", "PNG", "png"),
        ("LA", "PNG", "png"),
        ("P", "PNG", "png"),
        ("RGB", "PNG", "png"),
        ("RGBA", "PNG", "png"),
        ("I;16", "PNG", "png"),
        ("P", "GIF", "png"),
        ("RGBA", "WEBP", "png"),
        ("RGB", "WEBP", "jpg"),
        ("RGB", "JPEG", "jpg"),
        ("L", "JPEG", "jpg"),
        ("CMYK", "JPEG", "jpg"),
    ],
)
@pytest.mark.parametrize("size", [(40, 30), (1, 1), (20, 2 * MAX_SIDE)])
def test_a_picture_is_drawn_anew_under_the_name_of_its_content_and_then_stays(mode, format, ending, size):
    name, kept = keep(picture(mode, size, format))
    assert name == f"{sha256(kept).hexdigest()}.{ending}"
    assert NAME.fullmatch(name)
    assert max(opened(kept).size) <= MAX_SIDE
    assert keep(kept) == (name, kept)


def test_a_large_picture_keeps_its_shape():
    assert opened(keep(picture(size=(3200, 1600)))[1]).size == (1600, 800)


def test_what_a_camera_writes_beside_the_picture_is_left_behind_and_the_picture_is_upright():
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "where it was taken"
    for format in ("JPEG", "PNG", "WEBP"):
        kept = keep(picture(size=(40, 20), format=format, exif=exif, icc_profile=b"where it was taken" * 20))[
            1
        ]
        assert b"where it was taken" not in kept
        assert opened(kept).size == (20, 40)


def test_what_hangs_behind_a_picture_is_left_behind():
    for format in ("PNG", "JPEG"):
        kept = keep(picture(format=format))[1]
        again = keep(kept + b"<script>alert(1)</script>")[1]
        assert b"script" not in again


@pytest.mark.parametrize("comment", [b"\xff\xfe\x00\x08<hi/>!", b"\xff\xe1\x00\x08Exif\0\0"])
def test_a_part_of_a_photo_that_is_not_ours_is_left_behind(comment):
    kept = keep(picture(format="JPEG"))[1]
    assert comment not in keep(kept[:20] + comment + kept[20:])[1]


def test_a_moving_picture_becomes_its_first_frame():
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "green", "blue")]
    for format in ("GIF", "WEBP", "PNG"):
        out = BytesIO()
        frames[0].save(out, format, save_all=True, append_images=frames[1:])
        kept = opened(keep(out.getvalue())[1])
        assert getattr(kept, "n_frames", 1) == 1
        assert kept.convert("RGB").getpixel((1, 1))[0] > 200


def test_what_was_transparent_stays_so():
    see_through = Image.new("P", (4, 4))
    out = BytesIO()
    see_through.save(out, "GIF", transparency=0)
    assert opened(keep(out.getvalue())[1]).convert("RGBA").getpixel((0, 0))[3] == 0


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "no PNG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "no PNG"),
        (b"GIF89a", "no PNG|damaged"),
        (picture(format="BMP"), "no PNG"),
        (picture(format="TIFF"), "no PNG"),
        (picture(size=(16, 16), format="ICO"), "no PNG"),
        (picture(format="PPM"), "no PNG"),
        (picture(format="EPS"), "no PNG"),
        (picture(format="JPEG2000"), "no PNG"),
        (picture()[:60], "damaged"),
        (picture(format="JPEG")[:-60], "damaged"),
        (picture(format="WEBP")[:60], "damaged|no PNG"),
        (png_that_claims(50_000, 50_000), "25 million"),
        (png_that_claims(10_000, 10_000), "25 million"),
        (png_that_claims(5_001, 5_000), "25 million"),
        (png_that_claims(5_000, 5_000), "damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * MAX_BYTES, "larger than 5 MB"),
    ],
    ids=range(17),
)
def test_what_is_no_picture_or_too_much_is_refused_and_why(data, why):
    began = time.process_time()
    with pytest.raises(BadImage, match=why):
        keep(data)
    assert time.process_time() - began < 1


def test_a_text_that_swells_inside_a_picture_is_refused_or_left_behind():
    swollen = chunk(b"zTXt", b"k\0\0" + zlib.compress(b"x" * 50_000_000))
    whole = picture()
    with pytest.raises(BadImage):
        keep(whole[:33] + swollen + whole[33:])


SEEDS = [picture(mode, (9, 7), format) for mode, format in (("P", "GIF"), ("RGB", "JPEG"), ("RGBA", "WEBP"))]
SEEDS += [picture("P", (9, 7)), picture("LA", (9, 7))]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SEEDS), st.lists(st.tuples(st.integers(0, 999), st.integers(0, 255)), max_size=4))
def test_any_bytes_are_kept_or_refused(data, changes):
    broken = bytearray(data)
    for at, value in changes:
        broken[at % len(broken)] = value
    try:
        name, kept = keep(bytes(broken))
    except BadImage:
        return
    assert keep(kept) == (name, kept)


def test_pictures_are_stored_whole_and_what_is_there_is_left_alone(tmp_path):
    folder = tmp_path / "question_banks" / "media"
    name, kept = keep(picture())
    store(folder, {})
    assert not folder.exists()
    store(folder, {name: kept})
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {name: kept}
    store(folder, {name: b"other"})
    assert (folder / name).read_bytes() == kept


@pytest.mark.parametrize(
    "name", ["../x.png", "a.png", "a" * 64 + ".svg", "a" * 64 + ".png\n", "/etc/" + "a" * 64 + ".png"]
)
def test_nothing_is_stored_under_another_name(tmp_path, name):
    with pytest.raises(ValueError, match="not the name"):
        store(tmp_path, {name: b""})
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_nothing_half_written(tmp_path, monkeypatch):
    def fail(*_):
        raise OSError("full")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="full"):
        store(tmp_path, {"a" * 64 + ".png": b"x"})
    assert list(tmp_path.iterdir()) == []
