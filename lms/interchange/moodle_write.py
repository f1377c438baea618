"""Moodle XML as Moodle's question bank imports it.

Moodle knows a fixed list of shares of the mark and refuses others. Of n right answers each earns 100/n, and of m
wrong ones each takes 100/m away, so that ticking everything earns nothing; both are in its list for up to ten.
A true/false question becomes Moodle's own only with its own words in the bank's language; 是/否 or 对/错 would be
shown in others, so they become a choice between two. Texts are HTML where that reads back the same, else Markdown,
which Moodle shows too; pictures lie beside their texts. A name is cut to what Moodle's list of questions shows.
"""

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from html import escape
from xml.sax.saxutils import escape as xml_escape

from lms.interchange.attributes import as_tags
from lms.interchange.html_text import to_markdown_text
from lms.interchange.moodle_text import PLUGIN_FILE, TRUE_FALSE_WORDS
from lms.interchange.plain import to_plain
from lms.interchange.records import MULTIPLE, TRUE_FALSE, BankText, QuestionText, infer_type, option_ids
from lms.interchange.source import PICTURE

_PICTURE = re.compile(r"(!\[(?:[^\[\]\\\n]|\\.){0,2000}\])\(media:(" + PICTURE + r")\)")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MARKS = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)|\\(?=[^\w\s])|[*`#|]+")
_LONGEST_NAME = 100


def write(bank: BankText, media: Mapping[str, bytes] | None = None) -> bytes:
    """The file of a bank in one language. `media` has the pictures of its texts, by their names."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<quiz>", *_category(bank.title)]
    for question in bank.questions:
        lines += _question(question, bank.language, media or {})
    return "\n".join([*lines, "</quiz>", ""]).encode()


def _category(title: str) -> Iterator[str]:
    yield '  <question type="category">'
    yield f"    <category><text>$course$/top/{_xml(title.replace('/', '//'))}</text></category>"
    yield "  </question>"


def _question(question: QuestionText, language: str, media: Mapping[str, bytes]) -> Iterator[str]:
    wording = question.wording
    words = TRUE_FALSE_WORDS[language]
    is_own = question.type == TRUE_FALSE and sorted(wording.options) == sorted(words)
    yield f'  <question type="{"truefalse" if is_own else "multichoice"}">'
    yield f"    <name><text>{_xml(_name(question))}</text></name>"
    yield from _text("questiontext", wording.stem, media)
    yield from _text("generalfeedback", wording.explanation, media)
    yield "    <defaultgrade>1.0000000</defaultgrade>"
    yield f"    <penalty>{'1.0000000' if is_own else '0.3333333'}</penalty>"
    yield "    <hidden>0</hidden>"
    yield f"    <idnumber>{question.id}</idnumber>"
    if not is_own:
        shuffles = question.shuffle is not False and question.type != TRUE_FALSE
        yield f"    <single>{'false' if question.type == MULTIPLE else 'true'}</single>"
        yield f"    <shuffleanswers>{'true' if shuffles else 'false'}</shuffleanswers>"
        yield "    <answernumbering>ABCD</answernumbering>"
    for option, share in zip(wording.options, _shares(question), strict=True):
        if is_own:
            english = "true" if option == words[0] else "false"
            yield f'    <answer fraction="{share}" format="moodle_auto_format"><text>{english}</text></answer>'
        else:
            yield from _text("answer", option, media, f' fraction="{share}"')
    yield from _tags(question)
    yield "  </question>"


def _shares(question: QuestionText) -> list[str]:
    """What each option earns or takes away, in percent as Moodle's list has it."""
    ids = option_ids(len(question.wording.options))
    right = len(question.keys)
    wrong = len(ids) - right if question.type == MULTIPLE else 0
    earns = f"{100 / right:.5f}".rstrip("0").rstrip(".") if right else "0"
    takes = f"-{100 / wrong:.5f}".rstrip("0").rstrip(".") if wrong and right else "0"
    return [earns if id in question.keys else takes for id in ids]


def _name(question: QuestionText) -> str:
    words = " ".join(_MARKS.sub(r"\1", question.wording.stem).split())
    return (
        words if len(words) <= _LONGEST_NAME else words[: _LONGEST_NAME - 1].rstrip() + "…"
    ) or question.id


def _text(name: str, markdown: str, media: Mapping[str, bytes], more: str = "") -> Iterator[str]:
    """An element with a text and the pictures in it."""
    format, text = _formatted(markdown)
    files = dict.fromkeys(match.group(2) for match in _PICTURE.finditer(text) if match.group(2) in media)
    for file in files:
        text = text.replace(f"(media:{file})", f"({PLUGIN_FILE}/{file})")
    yield f'    <{name}{more} format="{format}">'
    yield f"      <text>{_xml(text)}</text>"
    for file in files:
        data = b64encode(media[file]).decode()
        yield f'      <file name="{file}" path="/" encoding="base64">{data}</file>'
    yield f"    </{name}>"


def _formatted(markdown: str) -> tuple[str, str]:
    """The format of a text and the text in it: HTML if that reads back the same, else Markdown."""
    if (plain := to_plain(markdown)) is None:
        return "markdown", markdown
    html = "".join(f"<p>{escape(line, quote=False)}</p>" for line in plain.split("\n")) if plain else ""
    return ("html", html) if to_markdown_text(html) == (markdown, []) else ("markdown", markdown)


def _tags(question: QuestionText) -> Iterator[str]:
    tags = [tag for tag in as_tags(question, _read_as(question)) if tag != "shuffle:no"]  # said already
    if tags:
        yield "    <tags>"
        yield from (f"      <tag><text>{_xml(tag)}</text></tag>" for tag in tags)
        yield "    </tags>"


def _read_as(question: QuestionText) -> str:
    """The type that the question has where nothing says it."""
    return MULTIPLE if question.type == MULTIPLE else infer_type(question.wording.options, question.keys)


def _xml(text: str) -> str:
    return xml_escape(_NOT_XML.sub("", text))
