"""A zip that somebody sent: looked through before anything is unpacked, read in memory, never written to disk."""

import re
import stat
import struct
import unicodedata
import zlib
from collections.abc import Mapping, Sequence
from io import BytesIO
from posixpath import normpath
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from lms.errors import N_, Reason

MAX_ENTRIES = 12_000  # a package of QTI has a file for each of its questions
MAX_ENTRY = 50_000_000
MAX_TOTAL = 200_000_000
MAX_DIRECTORY = 3_000_000
MAX_NAME = 300
MAX_RATIO = 250
SMALL = 4_000_000  # of a file this small it does not matter how well it was packed
CHUNK = 1 << 16

_END, _END_SIZE, _LOCATOR, _LOCATOR_SIZE = b"PK\x05\x06", 22, b"PK\x06\x07", 20
_LOCAL, _LOCAL_SIZE = b"PK\x03\x04", 30
_UTF8, _ENCRYPTED = 0x800, 0x1 | 0x40 | 0x2000
_DRIVE = re.compile(r"[A-Za-z]:")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_BROKEN = (
    BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    KeyError,
    IndexError,
    OverflowError,
    RuntimeError,
)


class UnsafeZip(Exception):  # noqa: N818 - what it is
    """The zip is not opened. `reason` names the part that is why, to be put into a sentence."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(str(reason))
        self.reason = reason


class BrokenZip(UnsafeZip):
    """The zip is no zip, or is damaged."""


class Archive:
    """The files of a zip by name, folders left out. Names have `/` and stay inside the zip."""

    def __init__(self, file: ZipFile, entries: Mapping[str, ZipInfo]) -> None:
        self._file = file
        self._entries = entries
        self._left = MAX_TOTAL

    @property
    def names(self) -> tuple[str, ...]:
        """The names in the order of the zip."""
        return tuple(self._entries)

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def size(self, name: str) -> int:
        """The bytes that the file says it has."""
        return self._entries[name].file_size

    def read(self, name: str) -> bytes:
        """The bytes of a file. Raises KeyError if there is none, UnsafeZip if it is not what it said it was.

        Bytes are counted while they are unpacked, over all reads, whatever the zip declares.
        """
        info = self._entries[name]
        most = min(info.file_size, self._left)
        parts, count = [], 0
        try:
            with self._file.open(info) as stream:
                while chunk := stream.read(CHUNK):
                    count += len(chunk)
                    if count > most:
                        raise UnsafeZip(Reason(_TOO_LARGE))
                    parts.append(chunk)
        except _BROKEN as error:
            raise BrokenZip(Reason(_DAMAGED)) from error
        if count != info.file_size:
            raise BrokenZip(Reason(_DAMAGED))
        self._left -= count
        return b"".join(parts)


_DAMAGED = N_("the zip is damaged")
_TOO_LARGE = N_("too much is packed into it")
_TOO_MANY = N_("too many files")
_PATH = N_("a file name that leads out of the zip")
_LINK = N_("a link to another file")
_LOCKED = N_("a password")
_TWICE = N_("the same file name twice")
_PACKING = N_("an unusual way of packing")


def is_zip(data: bytes) -> bool:
    """Whether the bytes look like a zip, whole or not."""
    return data.startswith((_LOCAL, _END))


def open_zip(data: bytes) -> Archive:
    """The zip, looked through: nothing that it declares is harmful. Zips in it are files like any other.

    Raises UnsafeZip: a name that leads out of it, a link, a password, a name given twice, too many or too large
    files, files that lie over each other. Raises BrokenZip if it is damaged.
    """
    _check_directory(data)
    try:
        file = ZipFile(BytesIO(data))
        infos = file.infolist()
        if len(infos) > MAX_ENTRIES:
            raise UnsafeZip(Reason(_TOO_MANY))
        _check_places(data, infos, file.start_dir)
    except (*_BROKEN, NotImplementedError) as error:
        raise BrokenZip(Reason(_DAMAGED)) from error
    if sum(info.file_size for info in infos) > MAX_TOTAL:
        raise UnsafeZip(Reason(_TOO_LARGE))
    entries: dict[str, ZipInfo] = {}
    for info in infos:
        name = _checked_name(info)
        _check_entry(info)
        if info.filename.endswith("/"):
            continue
        if name in entries:
            raise UnsafeZip(Reason(_TWICE))
        entries[name] = info
    return Archive(file, entries)


def _check_directory(data: bytes) -> None:
    """Refuses a long list of files before it is read. Looks for its end where zipfile does."""
    end = len(data) - _END_SIZE
    if data[end : end + 4] != _END or data[-2:] != b"\0\0":
        end = data.rfind(_END, max(0, end - (1 << 16)))
    if end < 0 or len(data) - end < _END_SIZE:
        raise BrokenZip(Reason(_DAMAGED))
    count, size = struct.unpack_from("<HL", data, end + 10)
    is_huge = data[max(0, end - _LOCATOR_SIZE) : end].startswith(_LOCATOR)  # sizes that need 64 bits
    if is_huge or count > MAX_ENTRIES or size > MAX_DIRECTORY:
        raise UnsafeZip(Reason(_TOO_MANY))


def _check_places(data: bytes, infos: Sequence[ZipInfo], end: int) -> None:
    """Refuses files that lie over each other, as those of a bomb that is small and opens to petabytes do."""
    for info in sorted(infos, key=lambda info: info.header_offset, reverse=True):
        start = info.header_offset
        if start < 0 or data[start : start + 4] != _LOCAL:
            raise BrokenZip(Reason(_DAMAGED))
        name, extra = struct.unpack_from("<HH", data, start + 26)
        if start + _LOCAL_SIZE + name + extra + info.compress_size > end:
            raise UnsafeZip(Reason(_PACKING))
        end = start


def _checked_name(info: ZipInfo) -> str:
    name = _name_of(info)
    parts = name.split("/")
    if not name or len(name) > MAX_NAME or "\\" in name or _CONTROL.search(name):
        raise UnsafeZip(Reason(_PATH))
    if name.startswith("/") or _DRIVE.match(name) or ".." in parts:
        raise UnsafeZip(Reason(_PATH))
    return normpath(unicodedata.normalize("NFC", name))


def _name_of(info: ZipInfo) -> str:
    """The name. Without the mark of UTF-8 it may be UTF-8 all the same, GBK as Windows in Chinese writes, or CP437."""
    if info.flag_bits & _UTF8:
        return info.orig_filename
    raw = info.orig_filename.encode("cp437")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.orig_filename


def _check_entry(info: ZipInfo) -> None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise UnsafeZip(Reason(_LINK))
    if info.flag_bits & _ENCRYPTED:
        raise UnsafeZip(Reason(_LOCKED))
    if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise UnsafeZip(Reason(_PACKING))
    if info.file_size > MAX_ENTRY or (
        info.file_size > SMALL and info.file_size > MAX_RATIO * max(1, info.compress_size)
    ):
        raise UnsafeZip(Reason(_TOO_LARGE))
