"""Exam texts as trainers have them, and what each of them means: `corpus/NN-name.txt` and beside it a .json.

`questions` are in order; a null is not compared, and spaces never are. `notes` are codes that must be said, with a
line where it is certain; `quiet` files say nothing else. Where a text can be meant in two ways, a draft or a
warning is expected and never one of the two; `comment` says why.
"""

import json
import random
import re
import unicodedata
from pathlib import Path
from time import process_time

import pytest

from lms.interchange.reading import Item, Reading
from lms.interchange.text import read
from tests.interchange.make_docx import BOLD, RED, docx, level, numbering, p, run, table

CORPUS = Path(__file__).parent / "corpus"
NAMES = sorted(path.stem for path in CORPUS.glob("*.txt"))


def sample(name: str) -> str:
    return (CORPUS / f"{name}.txt").read_text(encoding="utf-8")


def expected_of(name: str) -> dict:
    return json.loads((CORPUS / f"{name}.json").read_text(encoding="utf-8"))


def bare(text: str) -> str:
    """Without spaces: where a wrapped line is joined does not matter."""
    return re.sub(r"\s+", "", text)


def shown(questions: list[dict]) -> list[str]:
    """Questions as lines of text, so that a difference can be read."""
    lines = []
    for number, one in enumerate(questions, 1):
        state = {True: "draft", False: "whole", None: "?"}[one["draft"]]
        lines.append(f"{number} {one['type'] or '?'} {state} {one['stem']}")
        lines += [f"{number}   {text}" for text in one["options"] or ()]
        lines.append(f"{number}   keys {'?' if one['keys'] is None else ''.join(one['keys'])}")
        lines += [
            f"{number}   {field} {one[field]}"
            for field in ("explanation", "line", "level")
            if one.get(field) is not None
        ]
    return lines


def found(item: Item, wanted: dict) -> dict:
    """An item as the corpus writes it, as far as it is compared."""
    actual = {
        "type": item.type,
        "stem": bare(item.stem),
        "options": [bare(option) for option in item.options],
        "keys": list(item.keys),
        "draft": item.is_draft,
        "explanation": bare(item.explanation),
        "line": item.line,
        "level": item.level,
    }
    return {name: value for name, value in actual.items() if wanted.get(name) is not None}


def compare(reading: Reading, expected: dict) -> None:
    blank = {"type": None, "stem": None, "options": None, "keys": None, "draft": None}
    wanted = [
        blank
        | one
        | {
            "stem": one["stem"] and bare(one["stem"]),
            "options": one["options"] and list(map(bare, one["options"])),
        }
        | ({"explanation": bare(one["explanation"])} if one.get("explanation") is not None else {})
        for one in expected["questions"]
    ]
    count = max(len(wanted), len(reading.items))
    every = dict.fromkeys(("stem", "options", "keys", "type", "draft", "line", "explanation"), "")
    padded = wanted + [every] * (count - len(wanted))
    actual = [blank | found(item, want) for item, want in zip(reading.items, padded, strict=False)]
    said = [f"{note.line} {note.code}: {note.reason}" for note in reading.all_notes]
    assert shown(actual) == shown(wanted), said
    codes = {(note.code, note.line) for note in reading.all_notes} | {
        (note.code,) for note in reading.all_notes
    }
    missing = [each for each in expected["notes"] if tuple(each) not in codes]
    assert not missing, said
    if expected["quiet"]:
        assert {note.code for note in reading.all_notes} <= {each[0] for each in expected["notes"]}, said
    for item in reading.items:
        assert item.stem == item.stem.strip()
        assert all(option == option.strip() for option in item.options)


def test_the_corpus_is_whole():
    assert sorted(path.stem for path in CORPUS.glob("*.json")) == NAMES
    assert len(NAMES) > 60


@pytest.mark.parametrize("name", NAMES)
def test_a_text_is_read_as_it_is_meant(name):
    compare(read(sample(name).encode(), "zh", name=f"{name}.txt"), expected_of(name))


# The same text in other bytes and letters

ENCODED = {
    "gb18030": lambda text: text.encode("gb18030"),
    "utf-8 with mark": lambda text: text.encode("utf-8-sig"),
    "utf-16": lambda text: text.encode("utf-16"),
    "utf-16 big": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "crlf": lambda text: text.replace("\n", "\r\n").encode(),
    "cr": lambda text: text.replace("\n", "\r").encode(),
    "no last line end": lambda text: text.rstrip("\n").encode(),
}
SOME = [
    name
    for name in NAMES
    if re.search(r"plain|sections-restart|keys-in-stem|key-list-end|yes-no-printed", name)
]


@pytest.mark.parametrize("name", SOME)
@pytest.mark.parametrize("encode", ENCODED.values(), ids=list(ENCODED))
def test_the_bytes_do_not_matter(name, encode):
    compare(read(encode(sample(name)), "zh", name=f"{name}.txt"), expected_of(name))


WIDE = {ord(letter): chr(ord(letter) + 0xFEE0) for letter in "ABCDEFGHIJ0123456789().:,"}
DRESSED = {
    "full-width": lambda text: text.translate(WIDE),
    "half-width marks": lambda text: text.translate(dict(zip(map(ord, "，：（）．"), ",:().", strict=True))),
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "ideographic spaces": lambda text: text.replace(" ", "\u3000"),
    "indented": lambda text: "".join(f"\u3000\u3000{line}\n" for line in text.splitlines()),
    "spaces at the end": lambda text: text.replace("\n", " \t\n"),
    "blank lines": lambda text: text.replace("\n", "\n\n"),
    "zero-width": lambda text: text.replace("、", "、\u200b").replace("答案", "\ufeff答案"),
    "radicals": lambda text: text.translate(dict(zip(map(ord, "一二八人大小"), "⼀⼆⼋⼈⼤⼩", strict=True))),
}


def undressed(text: str) -> str:
    return bare(unicodedata.normalize("NFKC", text).replace("\u200b", "").replace("\ufeff", ""))


@pytest.mark.parametrize("name", SOME)
@pytest.mark.parametrize("dress", DRESSED.values(), ids=list(DRESSED))
def test_the_look_of_letters_and_spaces_does_not_matter(name, dress):
    plain = read(sample(name).encode(), "zh", name="a.txt")
    dressed = read(dress(sample(name)).encode(), "zh", name="a.txt")
    assert [told(item) for item in dressed.items] == [told(item) for item in plain.items]


def told(item: Item) -> tuple[object, ...]:
    texts = tuple(undressed(text) for text in (item.stem, *item.options, item.explanation))
    return (item.type, item.keys, item.is_draft, *texts)


# Word documents

PLAIN_LETTERS = p("本试卷共若干题，请在每题的选项中选出正确的一项或几项，并把答案写在答题卡上。")
LISTS = numbering({"0": level(0, "decimal", "%1、") + level(1, "upperLetter", "%2.")}, {"1": ("0", "")})
QUESTIONS = [
    {"type": "single", "stem": "退款多久到账？", "options": ["一天", "三天"], "keys": ["b"], "draft": False},
    {
        "type": "multiple",
        "stem": "哪些要登记？",
        "options": ["补发", "换货", "闲聊"],
        "keys": ["a", "b"],
        "draft": False,
    },
]
DOCUMENTS = {
    "typed keys": docx(
        PLAIN_LETTERS, "1、退款多久到账？", "A、一天", "B、三天", "答案：B",
        "2、哪些要登记？", "A、补发", "B、换货", "C、闲聊", "答案：AB",
    ),
    "red options": docx(
        PLAIN_LETTERS, "1、退款多久到账？", "A、一天", p(run("B、三天", RED)),
        "2、哪些要登记？", p(run("A、补发", RED)), p("B、", run("换货", RED)), "C、闲聊",
    ),
    "bold options on one line": docx(
        PLAIN_LETTERS, "1、退款多久到账？", p("A、一天  ", run("B、三天", BOLD)),
        "2、哪些要登记？", p(run("A、补发 ", BOLD), run("B、换货", BOLD), "  C、闲聊"),
    ),
    "automatic numbers and red": docx(
        PLAIN_LETTERS,
        p("退款多久到账？", list="1"), p("一天", list="1", level=1), p(run("三天", RED), list="1", level=1),
        p("哪些要登记？", list="1"), p(run("补发", RED), list="1", level=1), p(run("换货", RED), list="1", level=1),
        p("闲聊", list="1", level=1), numbering=LISTS,
    ),
    "ticks of a picture font": docx(
        PLAIN_LETTERS,
        "1、退款多久到账？", "A、一天", p("B、三天", '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>'),
        "2、哪些要登记？", "A、补发√", "B、换货√", "C、闲聊",
    ),
    "a table of answers": docx(
        PLAIN_LETTERS,
        "1、退款多久到账？", "A、一天", "B、三天", "2、哪些要登记？", "A、补发", "B、换货", "C、闲聊", "答案",
        table(["题号", "1", "2"], ["答案", "B", "AB"]),
    ),
    "bold questions and a red option": docx(
        p(run("1、退款多久到账？", BOLD)), "A、一天", p(run("B、三天", RED)),
        p(run("2、哪些要登记？", BOLD)), p(run("A、补发", RED)), p(run("B、换货", RED)), "C、闲聊",
    ),
    "a table of whole questions": docx(
        table(
            ["题号", "题目", "答案"],
            ["1", p("退款多久到账？") + p("A、一天") + p("B、三天"), "B"],
            ["2", p("哪些要登记？") + p("A、补发") + p("B、换货") + p("C、闲聊"), "AB"],
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("data", DOCUMENTS.values(), ids=list(DOCUMENTS))
def test_a_word_document_is_read_as_it_is_meant(data):
    compare(read(data, "zh", name="考试.docx"), {"questions": QUESTIONS, "notes": [], "quiet": False})


def test_a_document_where_every_option_is_red_has_no_key():
    reading = read(
        docx(PLAIN_LETTERS, "1、题？", p(run("A、一", RED)), p(run("B、二", RED))), "zh", name="a.docx"
    )
    assert [(item.keys, item.is_draft) for item in reading.items] == [((), True)]


def test_a_left_out_picture_makes_a_draft_of_its_question_only():
    broken = '<w:r><w:drawing><a:blip r:embed="rId99"/></w:drawing></w:r>'
    reading = read(
        docx(p("1、看图回答", broken), "A、一", "B、二", "答案：A", "2、题", "A、一", "B、二", "答案：A"),
        "zh",
        name="a.docx",
    )
    assert [item.is_draft for item in reading.items] == [True, False]


# Whatever is done to them


@pytest.mark.parametrize("seed", range(3))
def test_damaged_texts_are_read_all_the_same(seed):
    draw = random.Random(seed)
    for name in NAMES[seed::3]:
        text = sample(name)
        for _ in range(3):
            start, other = draw.randrange(len(text)), draw.randrange(len(text))
            text = text[:start] + text[other : other + draw.randrange(9)] + text[start + draw.randrange(9) :]
            reading = read(text.encode(), "zh", name="a.txt")
            assert all(note.line <= text.count("\n") + 1 for note in reading.all_notes)


def test_two_thousand_questions_take_less_than_two_seconds():
    one = "%d、第%d个问题，应当怎样回答顾客？\nA、不理会\nB、先问候再回答\nC、让他等\nD、%d\n答案：B\n解析：先问候。\n"
    data = "".join(one % (number, number, number) for number in range(1, 2001)).encode()
    begun = process_time()
    reading = read(data, "zh", name="a.txt")
    assert process_time() - begun < 2
    assert len(reading.items) == 2000
