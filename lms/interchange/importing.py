"""Reading a file of questions whatever its format: which one it is, and the reader that knows it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib import import_module

from lms.errors import N_, Reason
from lms.interchange.decoding import decode_any
from lms.interchange.reading import Reading, note, unreadable

Progress = Callable[[int, int], None]

# Format -> the module that reads it; each has `read(data, language, name=..., mapping=..., progress=...)`.
READERS = {
    "markdown": "bank_file",
    "text": "text",
    "xlsx": "xlsx",
    "csv": "csv_file",
    "gift": "gift",
    "aiken": "aiken",
    "moodle-xml": "moodle",
    "qti": "qti",
}
FORMATS = tuple(READERS)
MAX_BYTES = 20_000_000
LOOKED_AT = 65_536
JUDGED_BY, LONGEST_JUDGED = 500, 2_000  # questions, characters of one: by these its language is judged
_NAMES = {"zh": Reason(N_("Chinese")), "en": Reason(N_("English"))}
_HAN = re.compile("[\u4e00-\u9fff]{2}")
_WORDS = re.compile("[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}")
ZIP, OLE = b"PK", b"\xd0\xcf\x11\xe0"


def read(
    data: bytes,
    name: str,
    language: str,
    format: str = "auto",
    *,
    mapping: Mapping[int, str] | None = None,
    progress: Progress | None = None,
) -> Reading:
    """The questions of a file or a pasted text. `format` is one of FORMATS, or auto. Never raises."""
    chosen = detect(data, name) if format == "auto" else format
    if len(data) > MAX_BYTES:
        return unreadable(
            chosen, 1, "too-large", most=Reason(N_("%(count)s MB"), count=MAX_BYTES // 1_000_000)
        )
    reader = import_module(f"lms.interchange.{READERS[chosen]}")
    reading: Reading = reader.read(data, language, name=name, mapping=mapping, progress=progress)
    if reading.items and (seen := _seems_of(reading)) not in ("", language):
        said = note(reading.items[0].line, "other-language", seen=_NAMES[seen], chosen=_NAMES[language])
        return replace(reading, notes=(said, *reading.notes))
    return reading


def _seems_of(reading: Reading) -> str:
    """The language most of the questions are evidently in; "" where that is not clear."""
    some = reading.items[:JUDGED_BY]
    texts = ["".join((item.stem, *item.options))[:LONGEST_JUDGED] for item in some]
    if sum(bool(_HAN.search(text)) for text in texts) * 10 > len(texts) * 9:
        return "zh"
    if not any(map(_HAN.search, texts)) and sum(bool(_WORDS.search(text)) for text in texts) * 10 > len(texts) * 9:
        return "en"
    return ""


def detect(data: bytes, name: str) -> str:
    """The format a file seems to have, by its content first and its name second."""
    ending = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if data.startswith(ZIP):
        return _detect_zip(data)
    if data.startswith(OLE):
        return "xlsx" if ending.startswith("xl") else "text"
    text = decode_any(data[:LOOKED_AT])
    if text is None:
        text = decode_any(data) or ""
    head = text.lstrip()
    if head.startswith("<"):
        return _detect_xml(head)
    if ending in ("csv", "tsv"):
        return "csv"
    if ending == "gift":
        return "gift"
    return _detect_text(text)


def _detect_zip(data: bytes) -> str:
    tail = data[-200_000:]  # the names stand in the directory at the end
    if b"word/" in tail:
        return "text"
    return "xlsx" if b"xl/" in tail else "qti"


def _detect_xml(head: str) -> str:
    if re.search(r"<quiz[\s>]", head):
        return "moodle-xml"
    return (
        "qti"
        if re.search(
            r"<(?:\w+:)?(?:questestinterop|(?:qti-)?assessment-?(?:Item|Test)|manifest|item)\b", head, re.I
        )
        else "text"
    )


def _detect_text(text: str) -> str:
    if re.match(r"\s*\+\+\+\s*\n", text) or re.search(
        r"^## [a-z0-9-]+\n(?:[a-z]+:.*\n)*\n", text, re.MULTILINE
    ):
        return "markdown"
    if re.search(r"^ANSWER:\s*[A-Z]\s*$", text, re.MULTILINE) and not re.search(
        r"^\s*\d{1,4}\s*[.、)]", text, re.MULTILINE
    ):
        return "aiken"
    if re.search(r"^\s*(?:::[^\n]*::|\$CATEGORY:)", text, re.MULTILINE) or _GIFT_ANSWERS.search(text):
        return "gift"
    return "csv" if _is_table(text) else "text"


def _is_table(text: str) -> bool:
    """Whether one of the first lines has a sheet's heads: what is copied from Excel has tabs."""
    for line in text.split("\n", 30)[:30]:
        cells = [cell.strip(' "*') for cell in re.split(r"[\t,;|]", line)]
        if len(cells) > 2 and any(_STEM_HEAD.match(cell) for cell in cells):
            return True
    return False


_STEM_HEAD = re.compile(
    r"(?:题干|题目|试题|问题|题目内容|试题内容|试题题干|question|stem|question text)\s*(?:[(（].*)?\Z",
    re.IGNORECASE,
)
_GIFT_ANSWERS = re.compile(r"(?<!\\)\{\s*(?:[=~][^{}]{1,2000}[^{}]*|T|F|TRUE|FALSE)\s*\}")
