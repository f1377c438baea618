"""What exam texts are made of: keys, lists of keys, letters of options; and questions laid out and read back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.interchange.lines import Line
from lms.interchange.reading import Item
from lms.interchange.text import read
from lms.interchange.text.keys import key_positions, listed
from lms.interchange.text.options import Style, markers
from lms.interchange.text.units import units_of

THREE = ("A", "B", "C"), ("一天", "三天", "七天")
PAIR = ("A", "B"), ("正确", "错误")

KEYS = [
    ("B", THREE, (1,)),
    ("b", THREE, (1,)),
    ("Ｂ", THREE, (1,)),
    ("（B）", THREE, (1,)),
    ("B。", THREE, (1,)),
    ("B、三天", THREE, (1,)),
    ("B. 三天", THREE, (1,)),
    ("B、七天", THREE, None),
    ("AC", THREE, (0, 2)),
    ("CA", THREE, (2, 0)),
    ("A、C", THREE, (0, 2)),
    ("A,C", THREE, (0, 2)),
    ("A C", THREE, (0, 2)),
    ("A和C", THREE, (0, 2)),
    ("ac", THREE, (0, 2)),
    ("A-C", THREE, (0, 1, 2)),
    ("A～C", THREE, (0, 1, 2)),
    ("C-A", THREE, None),
    ("AA", THREE, None),
    ("D", THREE, (3,)),
    ("d", THREE, None),
    ("应选B", THREE, (1,)),
    ("三天", THREE, (1,)),
    ("一天、七天", THREE, (0, 2)),
    ("两天", THREE, None),
    ("略", THREE, None),
    ("", THREE, None),
    ("√", THREE, None),
    ("√", PAIR, (0,)),
    ("对", PAIR, (0,)),
    ("T", PAIR, (0,)),
    ("true", PAIR, (0,)),
    ("×", PAIR, (1,)),
    ("错误", PAIR, (1,)),
    ("F", PAIR, (1,)),
    ("B", PAIR, (1,)),
    ("否", PAIR, (1,)),
    ("C", PAIR, (2,)),
    ("对错", PAIR, None),
    ("A", (("A", "B"), ("B", "A")), None),
    ("AB", (("A", "B", "C"), ("A", "B", "AB")), None),
    ("B", (("A", "B"), ("A", "B")), (1,)),
]


@pytest.mark.parametrize(("said", "printed", "positions"), KEYS)
def test_a_key_names_options(said, printed, positions):
    assert key_positions(said, *printed) == positions


LISTS = [
    ("1.A 2.B 3.C", [(1, "A"), (2, "B"), (3, "C")]),
    ("1、A2、B", [(1, "A"), (2, "B")]),
    ("1.B2.C3.D", [(1, "B"), (2, "C"), (3, "D")]),
    ("1B2C3A", [(1, "B"), (2, "C"), (3, "A")]),
    ("1B 2C 3AD", [(1, "B"), (2, "C"), (3, "AD")]),
    ("1-5: ABCDE", list(zip(range(1, 6), "ABCDE", strict=True))),
    ("1-3 BCA", [(1, "B"), (2, "C"), (3, "A")]),
    ("1~3:√×√", [(1, "√"), (2, "×"), (3, "√")]),
    ("1-2 AB ACD", [(1, "AB"), (2, "ACD")]),
    ("11-12 A B 13-14 C D", [(11, "A"), (12, "B"), (13, "C"), (14, "D")]),
    ("1-3 AB", [(1, "")]),
    ("(1)A (2)B", [(1, "A"), (2, "B")]),
    ("第1题:A 第2题:B", [(1, "A"), (2, "B")]),
    ("1.对 2.错误", [(1, "对"), (2, "错误")]),
    ("1、A,C 2、B", [(1, "A,C"), (2, "B")]),
    ("1. Apple 2. Bread", None),
    ("1、退款", None),
    ("A B C", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "pairs"), LISTS)
def test_a_list_of_keys_is_numbers_with_keys(text, pairs):
    found = listed(text)
    assert (found and found[0]) == pairs


ROWS = [
    ("A、一 B、二 C、三", 0, None, "ABC"),
    ("A、1B、3C、10D、30", 0, None, "ABCD"),
    ("A. 一", 0, "B", "A"),
    ("B. 二", 1, None, "B"),
    ("(A)一(B)二", 0, None, "AB"),
    ("A：9:00 B：10:30", 0, None, "AB"),
    ("退款多久?A、1天B、3天", 0, None, "AB"),
    ("退款多久BA、1天B、3天", 0, None, "AB"),
    ("A型血的人", 0, None, ""),
    ("维生素B12怎么样", 0, None, ""),
    ("买家说A、B两个都要", 0, None, ""),
    ("SKUA、VIPB、USB", 0, None, ""),
    ("A、VIP", 0, "B", "A"),
    ("A、Type-A B、Type-B", 0, None, "AB"),
    ("货在这里", 1, "B", ""),
    ("A、一 B、二", 0, "C", "AB"),
    ("A、一 C、三", 0, "B", "A"),
    ("A", 0, "B", ""),
]


@pytest.mark.parametrize(("text", "wanted", "later", "letters"), ROWS)
def test_letters_of_options_are_told_from_other_letters(text, wanted, later, letters):
    (unit,) = units_of([Line(1, text)])
    assert "".join(each.letter for each in markers(unit, wanted, later, Style())) == letters


# Questions laid out in many ways


@dataclass(frozen=True)
class Asked:
    """A question with one right answer, by position."""

    stem: str
    options: tuple[str, ...]
    right: int

    @property
    def key(self) -> str:
        return "ABCDEFGHIJ"[self.right]

    def letters(self, mark: str, gap: str) -> str:
        return gap.join(
            f"{letter}{mark}{text}" for letter, text in zip("ABCDEFGHIJ", self.options, strict=False)
        )


# Words without anything that marks a question, an option, an answer, a heading or a page.
CHINESE = st.text("买家客服货品退换快递发票登记礼貌问候耐心等待仓库订单", min_size=3, max_size=16)
LATIN = st.sampled_from(["SKU", "VIP会员", "USB接口", "Wi-Fi密码", "¥99", "0.5%", "9:30", "12", "满200减30"])
STEMS = st.tuples(
    st.sampled_from(["请问", "关于", "下列"]), CHINESE, st.sampled_from(["", "？", "的做法是"])
).map("".join)
OPTIONS = st.lists(CHINESE | LATIN, min_size=2, max_size=6, unique=True)
PLAIN_OPTIONS = st.lists(CHINESE, min_size=2, max_size=6, unique=True)


@st.composite
def asked(draw: st.DrawFn, texts: st.SearchStrategy[list[str]]) -> list[Asked]:
    stems = draw(st.lists(STEMS, min_size=1, max_size=6, unique=True))
    found = []
    for stem in stems:
        options = draw(texts)
        found.append(Asked(stem, tuple(options), draw(st.integers(0, len(options) - 1))))
    return found


NUMBERS = ["{}、", "{}. ", "{}．", "（{}）", "【{}】", "第{}题 ", "{}) "]
Layout = Callable[[Sequence[Asked], str], str]


def one_a_line(questions: Sequence[Asked], number: str) -> str:
    return "".join(
        f"{number.format(at)}{one.stem}\n{one.letters('、', chr(10))}\n答案：{one.key}\n"
        for at, one in enumerate(questions, 1)
    )


def many_a_line(questions: Sequence[Asked], number: str) -> str:
    return "".join(
        f"{number.format(at)}{one.stem}（ {one.key} ）\n{one.letters('. ', '   ')}\n"
        for at, one in enumerate(questions, 1)
    )


def key_before(questions: Sequence[Asked], number: str) -> str:
    return "".join(
        f"{number.format(at)}{one.stem}\n【答案】{one.key}\n{one.letters('．', chr(10))}\n\n"
        for at, one in enumerate(questions, 1)
    )


def listed_at_the_end(questions: Sequence[Asked], number: str) -> str:
    text = "".join(
        f"{number.format(at)}{one.stem}\n{one.letters('：', chr(9))}\n" for at, one in enumerate(questions, 1)
    )
    return text + "参考答案\n" + " ".join(f"{at}.{one.key}" for at, one in enumerate(questions, 1))


def listed_by_section(questions: Sequence[Asked], number: str) -> str:
    text = "一、单选题\n" + listed_at_the_end(questions, number).replace("参考答案", "答案：")
    return text + "\n二、单选题\n" + listed_at_the_end(questions, number).replace("请问", "再问")


def glued(questions: Sequence[Asked], _number: str) -> str:
    text = f"一、单选题(共{len(questions)}题,每题1分)"
    return text + "".join(
        f"{at}、{one.stem}({one.key}){one.letters('、', '')}" for at, one in enumerate(questions, 1)
    )


def glued_with_keys(questions: Sequence[Asked], _number: str) -> str:
    return "".join(
        f"{at}、{one.stem}{one.letters('、', '')}答案：{one.key}" for at, one in enumerate(questions, 1)
    )


def check(items: Sequence[Item], questions: Sequence[Asked], text: str) -> None:
    bare = [
        (item.stem.replace(" ", "").replace("（）", "").replace("()", ""), item.options, item.keys)
        for item in items
    ]
    assert bare == [(one.stem, one.options, (one.key.lower(),)) for one in questions], text
    assert not any(item.is_draft for item in items), text


FEW = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize(
    "layout", [one_a_line, many_a_line, key_before, listed_at_the_end], ids=lambda one: one.__name__
)
@FEW
@given(questions=asked(OPTIONS), number=st.sampled_from(NUMBERS))
def test_questions_that_are_laid_out_are_read_back(layout: Layout, questions: list[Asked], number: str):
    text = layout(questions, number)
    check(read(text.encode(), "zh").items, questions, text)


@pytest.mark.parametrize("layout", [glued, glued_with_keys], ids=lambda one: one.__name__)
@FEW
@given(questions=asked(PLAIN_OPTIONS))
def test_questions_with_nothing_between_them_are_read_back(layout: Layout, questions: list[Asked]):
    text = layout(questions, "")
    check(read(text.encode(), "zh").items, questions, text)


@FEW
@given(questions=asked(OPTIONS), number=st.sampled_from(NUMBERS))
def test_keys_listed_by_section_go_to_their_sections(questions: list[Asked], number: str):
    text = listed_by_section(questions, number)
    again = [Asked(one.stem.replace("请问", "再问"), one.options, one.right) for one in questions]
    twice = [one for one in again if one not in questions]
    items = read(text.encode(), "zh").items
    check(items, [*questions, *twice], text)
