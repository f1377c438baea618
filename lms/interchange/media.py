"""Pictures from strangers: checked by what they are, drawn anew, named after their content.

Drawing anew leaves behind whatever else the file held (places, names, scripts). The same picture gives the same
bytes and so the same name, and one that was kept before stays as it is. Nothing but PNG, JPEG, GIF and WebP
is ever opened.
"""

import os
import re
from collections.abc import Mapping
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile

from PIL import Image, ImageOps, UnidentifiedImageError

from lms.errors import N_, Reason
from lms.interchange.source import PICTURE

NAME = re.compile(PICTURE)
TYPES = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}
MAX_BYTES = 5_000_000
MAX_PIXELS = 25_000_000
MAX_SIDE = 1600
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
_QUALITY = 85
_JPEG_HEAD = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"  # 9 bytes of version and density follow
_SCAN = 0xDA
_JPEG_PARTS = {0xDB, 0xC0, 0xC4, _SCAN}  # tables and size
_PLAIN_MODES = {"1", "L", "LA", "P", "RGB", "RGBA"}


class BadImage(Exception):  # noqa: N818 - what it is
    """The bytes cannot be kept as a picture. `reason` says why, as a part of a sentence."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(str(reason))
        self.reason = reason


def keep(data: bytes) -> tuple[str, bytes]:
    """The name, `<sha256>.png` or `.jpg`, and the bytes of a picture drawn anew. Raises BadImage.

    The longest side becomes 1600 pixels at most; a moving picture becomes its first frame.
    """
    if len(data) > MAX_BYTES:
        raise BadImage(Reason(N_("it is larger than %(most)s MB"), most=MAX_BYTES // 1_000_000))
    try:
        with Image.open(BytesIO(data), formats=_FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise _too_many_pixels()
            if _is_ours(data, image):
                return _name(data, "JPEG"), data
            drawn, format = _draw(image)
            out = BytesIO()
            drawn.save(out, format, **({"quality": _QUALITY} if format == "JPEG" else {}))
    except BadImage:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels() from None
    except UnidentifiedImageError:
        raise BadImage(Reason(N_("it is no PNG, JPEG, GIF or WebP"))) from None
    except Exception:  # a decoder fails on broken bytes in ways nobody has counted
        raise BadImage(Reason(N_("it is damaged"))) from None
    kept = out.getvalue()
    return _name(kept, format), kept


def _name(data: bytes, format: str) -> str:
    return f"{sha256(data).hexdigest()}.{'jpg' if format == 'JPEG' else 'png'}"


def _too_many_pixels() -> BadImage:
    return BadImage(Reason(N_("it has more than %(most)s million pixels"), most=MAX_PIXELS // 1_000_000))


def _is_ours(data: bytes, image: Image.Image) -> bool:
    """Whether the bytes are a JPEG as `keep` writes it and nothing else: drawing it again would only blur it."""
    if image.format != "JPEG" or max(image.size) > MAX_SIDE or not data.startswith(_JPEG_HEAD):
        return False
    at, mark = len(_JPEG_HEAD) + 9, 0
    while mark != _SCAN:
        mark, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if data[at] != 0xFF or mark not in _JPEG_PARTS or length < 2:
            return False
        at += 2 + length
    image.load()
    return not data[at:-2].replace(b"\xff\x00", b"").count(b"\xff") and data.endswith(b"\xff\xd9")


def _draw(image: Image.Image) -> tuple[Image.Image, str]:
    """The picture upright, no larger than allowed, with nothing attached, and the format to save it in."""
    is_photo = image.format in ("JPEG", "WEBP") and image.mode in ("RGB", "L", "CMYK", "YCbCr")
    image.draft("RGB" if image.mode == "RGB" else None, (MAX_SIDE, MAX_SIDE))
    drawn = _upright(image)
    is_large = max(drawn.size) > MAX_SIDE
    if drawn.mode.startswith(("I", "F")):
        drawn = _eight_bits(drawn)
    elif "transparency" in drawn.info or (is_large and drawn.mode == "P") or drawn.mode == "PA":
        drawn = drawn.convert("RGBA")
    elif drawn.mode not in _PLAIN_MODES or (is_large and drawn.mode == "1"):
        drawn = drawn.convert("L" if drawn.mode == "1" else "RGB")
    if is_large:
        drawn.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    drawn.info = {}
    return drawn, "JPEG" if is_photo else "PNG"


def _upright(image: Image.Image) -> Image.Image:
    image.load()
    try:
        return ImageOps.exif_transpose(image) or image
    except Exception:  # what says which side is up is as broken as it likes; the picture may be whole
        return image


def _eight_bits(image: Image.Image) -> Image.Image:
    """A picture of finer grey in 256 steps, 16 bits taken for granted where the file is not clearer."""
    return image.convert("I").point(lambda level: level / 256).convert("L")


def store(folder: Path, media: Mapping[str, bytes]) -> None:
    """Write pictures into a folder, each whole or not at all; what is there already is left alone."""
    for name, data in media.items():
        if not NAME.fullmatch(name):
            raise ValueError(f"not the name of a picture: {name!r}")
        if not (folder / name).exists():
            folder.mkdir(parents=True, exist_ok=True)
            _write(folder / name, data)


def _write(path: Path, data: bytes) -> None:
    with NamedTemporaryFile(dir=path.parent, prefix=".", suffix=".part", delete=False) as file:
        try:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            os.chmod(file.name, 0o644)
            os.replace(file.name, path)
        except BaseException:
            os.unlink(file.name)
            raise
