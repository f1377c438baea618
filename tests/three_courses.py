"""Three courses of the project, with one bank more, whose keys the tests know, and two exams anybody may sit at once.

The whole curriculum takes seconds to load, and what is tried here is the server, not the courses.
"""

import re
import shutil
from pathlib import Path

PROJECT = Path(__file__).parent.parent
KEYS = {"single": ["b"], "multiple": ["a", "c"], "true_false": ["a"]}
POINTS = {"single": 3, "multiple": 5, "true_false": 1}
SECRET = "because-the-author-says-so"  # stands in every explanation and nowhere else
DRAWN, WRITTEN = 2, 3  # questions of each type: on a paper, in the bank
POSSIBLE = DRAWN * sum(POINTS.values())
OPTIONS = {"en": ("Alpha", "Bravo", "Charlie", "Delta"), "zh": ("甲", "乙", "丙", "丁")}
TRUTHS = {"en": ("True", "False"), "zh": ("是", "否")}
TITLES = {"en": "Sprint", "zh": "速测"}
COURSES = ("trade-flow", "knowing-the-product", "talking-to-customers")
OFFICIAL = ("base", "product")
EXAMS = {"sprint": "keys_and_explanations", "silent": "score_only"}


def lay_out(folder: Path) -> Path:
    """Write the content into a folder and return it."""
    _copy_courses(folder / "courses")
    _copy_banks(folder / "question_banks")
    for language in TITLES:
        (folder / "question_banks" / language / "sprint.md").write_text(_bank(language), encoding="utf-8")
    for exam, review in EXAMS.items():
        (folder / "question_banks" / "exams" / f"{exam}.toml").write_text(_exam(review), encoding="utf-8")
    return folder


def _copy_courses(folder: Path) -> None:
    elsewhere = re.compile(rf"\[([^\]]+)\]\(lesson:(?!{'|'.join(COURSES)})[^)]*\)")
    for course in COURSES:
        shutil.copytree(PROJECT / "courses" / course, folder / course)
    for lesson in folder.rglob("*.md"):
        lesson.write_text(elsewhere.sub(r"\1", lesson.read_text("utf-8")), "utf-8")
    for name in ("glossary.toml", "sources.toml"):
        shutil.copy(PROJECT / "courses" / name, folder / name)
    programme = (PROJECT / "courses" / "programme.toml").read_text("utf-8")
    head, *certifications = programme.partition("[[plan]]")[0].split("[[certification]]")
    kept = [each for each in certifications if any(f'id = "{exam}"' in each for exam in OFFICIAL)]
    plans = "".join(programme.partition("[[plan]]")[1:])
    text = "[[certification]]".join([head, *kept]) + plans
    text = re.sub(r"^quarterly = .*\n", "", text, flags=re.MULTILINE)
    text = _only("courses", COURSES, _only("exams", OFFICIAL, text))
    (folder / "programme.toml").write_text(text, "utf-8")


def _only(key: str, names: tuple[str, ...], text: str) -> str:
    """The text with only these names in its lists of that key."""

    def filtered(found: re.Match[str]) -> str:
        left = [f'"{name}"' for name in re.findall(r'"([\w-]+)"', found[1]) if name in names]
        return f"{key} = [{', '.join(left)}]"

    return re.sub(rf"\b{key} = \[(.*?)\]", filtered, text, flags=re.DOTALL)


def _copy_banks(folder: Path) -> None:
    banks = ", ".join(f'"{course}"' for course in COURSES)
    for language in TITLES:
        (folder / language).mkdir(parents=True)
        for course in COURSES:
            name = f"{language}/{course}.md"
            shutil.copy(PROJECT / "question_banks" / name, folder / name)
    (folder / "exams").mkdir()
    for exam in OFFICIAL:
        text = (PROJECT / "question_banks" / "exams" / f"{exam}.toml").read_text("utf-8")
        draws = re.compile(r"count = (\d+)(\n.*?)draw = \[\n.*?\n\]", re.DOTALL)
        text = draws.sub(rf"count = \1\2draw = [{{ banks = [{banks}], count = \1 }}]", text)
        (folder / "exams" / f"{exam}.toml").write_text(text, "utf-8")


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
