"""Zips that somebody sent: what is opened, and what is refused before a byte of it is unpacked."""

import io
import stat
import struct
import time
import warnings
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.interchange import archive
from lms.interchange.archive import BrokenZip, UnsafeZip, is_zip, open_zip


def zipped(*files, **names):
    """A zip of (name or ZipInfo, bytes) pairs."""
    stream = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # names given twice are what some tests are about
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
            for name, data in files:
                file.writestr(name, data)
    return stream.getvalue()


def entry(name, mode=0o644 | stat.S_IFREG, **changes):
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = mode << 16
    for key, value in changes.items():
        setattr(info, key, value)
    return info


def patched(data, name, offset, local_offset, value):
    """The zip with two bytes of an entry changed in both of its headers."""
    place = data.rfind(b"PK\x01\x02", 0, data.rfind(name)) + offset
    data = data[:place] + struct.pack("<H", value) + data[place + 2 :]
    place = data.find(b"PK\x03\x04") + local_offset
    return data[:place] + struct.pack("<H", value) + data[place + 2 :]


def test_files_are_read_by_name_and_folders_left_out():
    opened = open_zip(zipped(("a/", b""), ("a/one.xml", b"<one/>"), ("./two.txt", b"2"), ("空.txt", b"")))
    assert opened.names == ("a/one.xml", "two.txt", "空.txt")
    assert (opened.read("a/one.xml"), opened.read("two.txt"), opened.size("空.txt")) == (b"<one/>", b"2", 0)
    assert "a/one.xml" in opened
    assert "a" not in opened
    with pytest.raises(KeyError):
        opened.read("three")


def test_a_zip_in_a_zip_stays_closed():
    inner = zipped(("../../evil", b"x"))
    assert open_zip(zipped(("inner.zip", inner))).read("inner.zip") == inner


@pytest.mark.parametrize(
    "name",
    [
        "../up.xml",
        "a/../../up.xml",
        "/etc/passwd",
        "C:/windows",
        "c:evil",
        "a\\b.xml",
        "..\\up",
        "a\nb",
        "x" * 301,
        "..",
    ],
)
def test_a_name_that_leads_out_of_the_zip_is_refused(name):
    with pytest.raises(UnsafeZip, match="leads out"):
        open_zip(zipped(("fine.xml", b""), (name, b"x")))


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
def test_a_link_or_device_is_refused(kind):
    with pytest.raises(UnsafeZip, match="link"):
        open_zip(zipped((entry("link", 0o777 | kind), b"/etc/passwd")))


def test_a_name_given_twice_is_refused():
    with pytest.raises(UnsafeZip, match="twice"):
        open_zip(zipped(("a.xml", b"1"), ("./a.xml", b"2")))


def test_a_password_is_refused():
    data = patched(zipped(("a.xml", b"1")), b"a.xml", 8, 6, 1)
    with pytest.raises(UnsafeZip, match="password"):
        open_zip(data)


@pytest.mark.parametrize("method", [9, 12, 14, 97])
def test_an_unusual_way_of_packing_is_refused(method):
    with pytest.raises(UnsafeZip, match="unusual"):
        open_zip(patched(zipped(("a.xml", b"1")), b"a.xml", 10, 8, method))


def test_too_many_files_are_refused_without_reading_their_names():
    data = zipped(*((f"{number}", b"") for number in range(archive.MAX_ENTRIES + 1)))
    with pytest.raises(UnsafeZip, match="too many"):
        open_zip(data)
    # the count may lie: the length of the list does not
    place = data.rfind(b"PK\x05\x06") + 8
    liar = data[:place] + struct.pack("<HH", 1, 1) + data[place + 4 :]
    with pytest.raises(UnsafeZip, match="too many"):
        open_zip(liar)


def test_a_bomb_is_refused_by_what_it_declares():
    data = zipped(("zeros", bytes(8_000_000)))
    assert len(data) < 20_000
    with pytest.raises(UnsafeZip, match="too much"):
        open_zip(data)


def test_a_bomb_that_lies_about_its_size_is_stopped_while_it_is_unpacked():
    data = zipped(("zeros", bytes(2_000_000)))
    size = struct.pack("<L", 2_000_000)
    opened = open_zip(data.replace(size, struct.pack("<L", 100)))
    with pytest.raises(BrokenZip):
        opened.read("zeros")


def test_bytes_are_counted_over_all_reads(monkeypatch):
    monkeypatch.setattr(archive, "MAX_TOTAL", 25)
    opened = open_zip(zipped(("ten", b"x" * 10)))
    assert opened.read("ten") == opened.read("ten")
    with pytest.raises(UnsafeZip, match="too much"):
        opened.read("ten")


def test_files_that_lie_over_each_other_are_refused():
    data = zipped(("a", b"1" * 100), ("b", b"2" * 100))
    second = data.find(b"PK\x01\x02", data.find(b"PK\x01\x02") + 1)
    quoted = data[: second + 42] + struct.pack("<L", 0) + data[second + 46 :]  # b begins where a does
    with pytest.raises(UnsafeZip, match="unusual"):
        open_zip(quoted)


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("题库/图片.png".encode("gbk"), "题库/图片.png"),
        ("题库/图片.png".encode(), "题库/图片.png"),
        (b"caf\x82.txt", "café.txt"),
    ],
)
def test_names_that_say_no_encoding_are_read_as_chinese_windows_writes_them(raw, name):
    plain = "x" * len(raw)
    data = zipped((plain, b"1")).replace(plain.encode(), raw)
    opened = open_zip(data)
    assert opened.names == (name,)
    assert opened.read(name) == b"1"


@pytest.mark.parametrize(
    "data", [b"", b"PK", b"PK\x03\x04", b"PK\x05\x06", b"PK\x03\x04" + b"x" * 100, b"hello" * 9]
)
def test_what_is_no_zip_is_broken(data):
    with pytest.raises(BrokenZip):
        open_zip(data)


def test_a_zip_is_known_by_its_first_bytes():
    assert is_zip(zipped(("a", b"1")))
    assert is_zip(zipped())
    assert not is_zip(b"<xml/>")


SAMPLE = zipped(("a/one.xml", b"<one>" * 50), ("two.txt", b"2"))


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(SAMPLE) - 1), st.integers(0, 255)), max_size=6),
    st.integers(0, len(SAMPLE)),
)
def test_a_damaged_zip_is_read_or_refused_and_nothing_else(changes, cut):
    data = bytearray(SAMPLE)
    for place, value in changes:
        data[place] = value
    for damaged in (bytes(data), bytes(data[:cut])):
        try:
            opened = open_zip(damaged)
            read = {name: opened.read(name) for name in opened.names}
        except UnsafeZip:
            continue
        assert set(read) == set(opened.names)


def test_hundreds_of_thousands_of_names_take_no_time():
    one = zipped(("a", b""))
    place = one.find(b"PK\x01\x02")
    record = one[place : one.find(b"PK\x05\x06")]
    many = one[:place] + record * 300_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 5, 5, len(record) * 300_000, place, 0)
    began = time.process_time()
    with pytest.raises(UnsafeZip):
        open_zip(many + end)
    assert time.process_time() - began < 0.5
