"""What a bank gives away to somebody who has read nothing, and how alike its questions are.

The cues are those of Haladyna's item-writing guidelines: the key is the longest option, absolute words mark
what is false, one answer is commoner than the other. `python -m tests.content.giveaways BANK...` prints the
figures of banks and the questions behind them, for whoever writes one.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import click

from lms.banks.ordering import hash_key
from lms.content import Content, read_content
from lms.interchange.records import LANGUAGES, MULTIPLE, SINGLE, TRUE_FALSE, Question, Wording, option_ids

ROOT = Path(__file__).parents[2]
ALIKE = 0.6  # Jaccard likeness of character trigrams from which two questions are called the same
ABSOLUTE = {
    "en": re.compile(
        r"\b(always|never|only|every|everything|everyone|all|none|nothing|nobody|must|any|whatever|whenever"
        r"|completely|entirely|at once|in any case|automatically)\b",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        r"总是|从不|绝不|绝对|永远|一律|必须|任何|所有|全部|都|只能|只有|只要|完全|凡是|肯定|无论|不管|自动|一定"
    ),
}
ALL_OF_THE_ABOVE = re.compile(
    r"(all|none|both) of the (above|other)|neither of the above|以上(都|皆|全|均)|全部正确|都正确|都不对", re.IGNORECASE
)


def wordings(content: Content, language: str) -> Iterator[tuple[str, Question, Wording]]:
    """`bank/id`, the question and its wording, for those worded in a language."""
    for bank in content.banks.values():
        for question in bank.questions:
            if (wording := question.wordings.get(language)) is not None:
                yield f"{bank.slug}/{question.id}", question, wording


def is_key_longest(question: Question, wording: Wording) -> bool:
    """Whether the key of a single choice is longer than each distractor, in characters."""
    lengths = {id: len(text) for id, text in zip(option_ids(len(wording.options)), wording.options, strict=True)}
    key = lengths.pop(question.keys[0])
    return key > max(lengths.values())


def is_true(question: Question) -> bool:
    """Whether the first option (true, 对) is the key of a true/false question."""
    return question.keys == ("a",)


def guess(question: Question, wording: Wording, language: str) -> tuple[str, ...]:
    """What somebody clever answers who knows nothing of the matter: option ids.

    Single choice: the longest option. Multiple choice: the options that are not shorter than the mean and hold
    no absolute word. True/false: false where an absolute word stands, else true.
    """
    ids = option_ids(len(wording.options))
    absolute = ABSOLUTE[language]
    if question.type == TRUE_FALSE:
        return ("b",) if absolute.search(wording.stem) else ("a",)
    by_id = dict(zip(ids, wording.options, strict=True))
    if question.type == SINGLE:
        return (max(ids, key=lambda id: (len(by_id[id]), hash_key(question.id, id))),)
    mean = sum(map(len, wording.options)) / len(ids)
    return tuple(id for id in ids if len(by_id[id]) >= mean and not absolute.search(by_id[id]))


def chance(question: Question) -> Fraction:
    """The share of answers that are right when one is picked blindly among those the type allows.

    Multiple choice: any set of two options or more.
    """
    n = max(map(len, (wording.options for wording in question.wordings.values())))
    if question.type == MULTIPLE:
        return Fraction(1, 2**n - n - 1)
    return Fraction(1, n)


def trigrams(text: str) -> frozenset[str]:
    """The runs of three characters of a text, case, spaces and punctuation aside."""
    plain = re.sub(r"[\W_]+", " ", text.casefold())
    return frozenset(plain[i : i + 3] for i in range(len(plain) - 2))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Jaccard's index of two sets of trigrams, 0 to 1."""
    union = len(one | other)
    return len(one & other) / union if union else 0.0


def twins(texts: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str, float]]:
    """Pairs of (ref, text) whose texts are as good as the same, with their likeness."""
    sets = sorted(((ref, trigrams(text)) for ref, text in texts), key=lambda pair: len(pair[1]))
    for i, (ref, grams) in enumerate(sets):
        for other, others in sets[i + 1 :]:
            if len(grams) < ALIKE * len(others):
                break  # what is so much longer cannot share three fifths of the whole
            if (alike := likeness(grams, others)) >= ALIKE:
                yield ref, other, alike


def asked(wording: Wording, question: Question) -> str:
    """What is compared: the stem, and the options where they say something."""
    return wording.stem if question.type == TRUE_FALSE else "\n".join((wording.stem, *wording.options))


@dataclass(frozen=True)
class Figures:
    """The cues of some questions in one language; shares are 0 to 1."""

    singles: int
    key_longest: Fraction
    key_longest_by_chance: Fraction
    true_false: int
    true: Fraction
    absolute_in_true: Fraction
    absolute_in_false: Fraction
    guessed: dict[str, Fraction]
    by_chance: dict[str, Fraction]


def measure(questions: Iterable[tuple[Question, Wording]], language: str) -> Figures:
    """The cues of these questions."""
    pairs = list(questions)
    singles = [pair for pair in pairs if pair[0].type == SINGLE]
    judged = [pair for pair in pairs if pair[0].type == TRUE_FALSE]
    has_absolute = ABSOLUTE[language].search
    types = {question.type for question, _ in pairs}
    of_type = {type: [pair for pair in pairs if pair[0].type == type] for type in types}
    return Figures(
        singles=len(singles),
        key_longest=_share(is_key_longest(*pair) for pair in singles),
        key_longest_by_chance=_mean(Fraction(1, len(wording.options)) for _, wording in singles),
        true_false=len(judged),
        true=_share(is_true(question) for question, _ in judged),
        absolute_in_true=_share(bool(has_absolute(w.stem)) for q, w in judged if is_true(q)),
        absolute_in_false=_share(bool(has_absolute(w.stem)) for q, w in judged if not is_true(q)),
        guessed={t: _share(guess(q, w, language) == q.keys for q, w in of_type[t]) for t in types},
        by_chance={t: _mean(chance(q) for q, _ in of_type[t]) for t in types},
    )


def _share(hits: Iterable[bool]) -> Fraction:
    return _mean(Fraction(hit) for hit in hits)


def _mean(values: Iterable[Fraction]) -> Fraction:
    found = list(values)
    return sum(found, Fraction()) / len(found) if found else Fraction()


def main(slugs: Sequence[str]) -> None:
    """Print the figures of the banks, and of all where none is named."""
    content, _ = read_content([ROOT / "courses", ROOT / "question_banks"])
    for slug in slugs or content.banks:
        _print_bank(content, slug)


def _print_bank(content: Content, slug: str) -> None:
    questions = content.banks[slug].questions
    for use in ("practice", "exam"):
        counts = [sum(q.type == type and q.use == use for q in questions) for type in (SINGLE, MULTIPLE, TRUE_FALSE)]
        click.echo(f"{slug} {use}: {counts} single, multiple, true/false")
    levels = [sum(q.level == level for q in questions) for level in (1, 2, 3)]
    click.echo(f"  levels: {levels} of {len(questions)}")
    for tag in ("case", "number", "must-pass"):
        click.echo(f"  tagged {tag}: {sum(tag in q.tags for q in questions)}")
    short = sorted(_short_objectives(content, slug))
    click.echo(f"  objectives with fewer than two questions: {short}")
    for language in LANGUAGES:
        pairs = [(q, q.wordings[language]) for q in questions if language in q.wordings]
        figures = measure(pairs, language)
        guessed = ", ".join(f"{type} {float(share):.0%}" for type, share in figures.guessed.items())
        click.echo(
            f"  {language}: key longest {float(figures.key_longest):.0%}, true {float(figures.true):.0%},"
            f" absolute words in true {float(figures.absolute_in_true):.0%},"
            f" in false {float(figures.absolute_in_false):.0%}, guessed: {guessed}"
        )
        click.echo(f"    key longest: {[q.id for q, w in pairs if q.type == SINGLE and is_key_longest(q, w)]}")
        judged = [(q, w) for q, w in pairs if q.type == TRUE_FALSE and ABSOLUTE[language].search(w.stem)]
        click.echo(f"    absolute and true: {[q.id for q, _ in judged if is_true(q)]}")
        click.echo(f"    absolute and false: {[q.id for q, _ in judged if not is_true(q)]}")
        click.echo(f"    guessed: {[q.id for q, w in pairs if guess(q, w, language) == q.keys and q.type == MULTIPLE]}")
        every = [(ref, asked(w, q)) for ref, q, w in wordings(content, language)]
        for one, other, alike in twins(every):
            if slug in (one.partition("/")[0], other.partition("/")[0]):
                click.echo(f"    alike {alike:.2f}: {one} {other}")
        click.echo(f"    all of the above: {[q.id for q, w in pairs if ALL_OF_THE_ABOVE.search(asked(w, q))]}")


def _short_objectives(content: Content, slug: str) -> Iterator[str]:
    asked_of: dict[tuple[str, str], int] = {}
    for bank in content.banks.values():
        for question in bank.questions:
            asked_of[question.lesson, question.objective] = asked_of.get((question.lesson, question.objective), 0) + 1
    course = content.courses.get(slug)
    for lesson in course.lessons if course else ():
        for objective in lesson.texts["en"].objectives:
            if asked_of.get((lesson.ref, objective), 0) < 2:
                yield f"{lesson.ref}#{objective}"


if __name__ == "__main__":
    main(sys.argv[1:])
