"""Writing a bank as a QTI package: the items, a test that asks them in order, pictures, and the manifest.

What QTI has no place for (level, tags, lesson, objective, use) are keywords: `level:2`, `use:exam`. The same bank
gives the same bytes.
"""

import re
from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from lms.interchange import qti_write_1, qti_write_2
from lms.interchange.qti_package import MANIFEST
from lms.interchange.records import BankText

VERSIONS = ("1.2", "2.1", "2.2", "3.0")
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_USED = re.compile(r"\(media:([0-9a-f]{64}\.[a-z]{3,4})\)")


def write(bank: BankText, media: Mapping[str, bytes] | None = None, *, version: str = "2.1") -> bytes:
    """The bank as a zip of one version of QTI. `media` are the pictures that its texts name.

    Lost are runs of spaces, and of Markdown what XHTML in QTI cannot say: a chat becomes paragraphs, what opens on
    request stands open, links into the product lead nowhere.
    """
    used = sorted(_pictures(bank) & set(media or {}))
    pictures = {name: (media or {})[name] for name in used}
    maker = qti_write_1 if version == "1.2" else qti_write_2
    files = maker.files(bank, tuple(pictures), version)
    return _zipped({**files, **{f"{maker.PICTURES}/{name}": data for name, data in pictures.items()}})


def _pictures(bank: BankText) -> set[str]:
    """The names of the pictures in the texts of a bank."""
    wordings = [question.wording for question in bank.questions]
    texts = [text for each in wordings for text in (each.stem, *each.options, each.explanation)]
    return {name for text in texts for name in _USED.findall(text)}


def _zipped(files: Mapping[str, bytes]) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w") as file:
        for name in sorted(files, key=lambda name: (name != MANIFEST, name)):
            info = ZipInfo(name, _LONG_AGO)
            info.create_system, info.external_attr = 3, 0o100644 << 16
            info.compress_type = ZIP_DEFLATED
            file.writestr(info, files[name])
    return stream.getvalue()
