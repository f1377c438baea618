"""Reading a file of questions whatever its format: which one it is, and the reader that knows it."""

from collections.abc import Callable, Mapping
from importlib import import_module

from lms.interchange.decoding import decode_any
from lms.interchange.reading import Reading, unreadable

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
