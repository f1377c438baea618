"""The text of a file whose encoding nobody wrote down: UTF-8, UTF-16 or GB18030 (which GBK is part of)."""

import codecs

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LOOKED_AT = 4096
_NOT_TEXT = (b"PK\x03\x04", b"PK\x05\x06", b"%PDF", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!")


def decode_any(data: bytes) -> str | None:
    """The text with LF line ends and without NULs, or None if this is no text. Never guesses byte by byte."""
    if data.startswith(_NOT_TEXT):
        return None
    for encoding in _likely(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return None


def _likely(data: bytes) -> tuple[str, ...]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return (encoding,)
    head = data[:_LOOKED_AT]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if len(data) % 2 == 0 and max(even, odd) > len(head) // 16:  # every second byte of Latin text in UTF-16
        return ("utf-16-le", "utf-8") if odd > even else ("utf-16-be", "utf-8")
    return ("utf-8", "gb18030")
