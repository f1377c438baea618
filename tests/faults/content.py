"""The project's content with one bank more, whose keys the tests know, and two exams that anybody may sit at once."""

import shutil
from pathlib import Path

PROJECT = Path(__file__).parent.parent.parent
KEYS = {"single": ["b"], "multiple": ["a", "c"], "true_false": ["a"]}
POINTS = {"single": 3, "multiple": 5, "true_false": 1}
SECRET = "because-the-author-says-so"  # stands in every explanation and nowhere else
DRAWN, WRITTEN = 2, 3  # questions of each type: on a paper, in the bank
POSSIBLE = DRAWN * sum(POINTS.values())
OPTIONS = {"en": ("Alpha", "Bravo", "Charlie", "Delta"), "zh": ("甲", "乙", "丙", "丁")}
TRUTHS = {"en": ("True", "False"), "zh": ("是", "否")}
TITLES = {"en": "Sprint", "zh": "速测"}
EXAMS = {"sprint": "keys_and_explanations", "silent": "score_only"}


def lay_out(folder: Path) -> Path:
    """Write the content into a folder and return it."""
    for name in ("courses", "question_banks"):
        shutil.copytree(PROJECT / name, folder / name)
    for language in TITLES:
        (folder / "question_banks" / language / "sprint.md").write_text(_bank(language), encoding="utf-8")
    for exam, review in EXAMS.items():
        (folder / "question_banks" / "exams" / f"{exam}.toml").write_text(_exam(review), encoding="utf-8")
    return folder


def _bank(language: str) -> str:
    head = f'+++\nbank = "sprint"\ntitle = "{TITLES[language]}"\narea = "platform-rules"\n+++\n'
    return head + "".join(
        _question(language, type, number) for type in KEYS for number in range(1, WRITTEN + 1)
    )


def _question(language: str, type: str, number: int) -> str:
    texts = TRUTHS[language] if type == "true_false" else OPTIONS[language]
    options = "\n".join(
        f"- [{'x' if id in KEYS[type] else ' '}] {text}" for id, text in zip("abcd", texts, strict=False)
    )
    slug = f"{type.replace('_', '-')}-{number}"
    return f"\n## {slug}\nuse: exam\n\n{TITLES[language]} {slug}?\n\n{options}\n\n> {SECRET}\n"


def _exam(review: str) -> str:
    sections = "".join(
        f'\n[[section]]\ntype = "{type}"\ncount = {DRAWN}\npoints = {points}\n'
        f'draw = [{{ bank = "sprint", count = {DRAWN} }}]\n'
        for type, points in POINTS.items()
    )
    return (
        f'title = {{ en = "{TITLES["en"]}", zh = "{TITLES["zh"]}" }}\nminutes = 60\npass_percent = 80\n'
        f'attempts = 100\ncooldown_hours = 0\nreview = "{review}"\n{sections}'
    )
