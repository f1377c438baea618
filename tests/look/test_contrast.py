"""The colours can be read, in both themes, and nothing is coloured or sized outside the tokens."""

import re
from pathlib import Path

import pytest

LMS = Path(__file__).parents[2] / "lms"
TOKENS = (LMS / "static/css/tokens.css").read_text()
SHEETS = sorted(path for path in (LMS / "static").rglob("*.css") if "vendor" not in path.parts)
SCRIPTS = sorted(path for path in (LMS / "static").rglob("*.js") if "vendor" not in path.parts)
TEMPLATES = sorted((LMS / "templates").rglob("*.html"))

THEMES = {
    "light": r":root \{(.*?)\n\}",
    "dark": r':root\[data-theme="dark"\] \{(.*?)\n  \}',
    "device": r':root\[data-theme="auto"\] \{(.*?)\n  \}',
}
STATES = ("good", "warning", "bad", "info")
WORDS = ("ink", "muted", "accent-strong", *STATES, *(f"tier-{tier}" for tier in range(1, 6)))
PAIRS = [
    *((word, ground) for word in WORDS for ground in ("paper", "surface")),
    *((word, "sunken") for word in ("ink", "muted", "accent-strong")),
    *((word, f"{ground}-tint") for word in ("ink", "muted") for ground in ("accent", *STATES)),
    *((state, f"{state}-tint") for state in STATES),
    ("accent-strong", "accent-tint"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("on-bad", "bad"),
    ("paper", "ink"),
]
SHAPES = [(shape, ground) for shape in ("line-strong", "accent") for ground in ("paper", "surface")]

RAW_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch)\(\s*[\d.]")
NAMED_COLOUR = re.compile(
    r":[^;{]*\b(?:white|black|gr[ae]y|red|green|blue|orange|yellow|silver|purple)\b[^;{]*;"
)
RAW_SIZE = re.compile(r"\b\d*\.?\d+(?:px|rem|pt|mm|cm|in)\b")
INLINE = re.compile(
    r"""\sstyle\s*=|<style\b|\son[a-z]+\s*=\s*["']|javascript:|<script(?![^>]*\ssrc=)""", re.IGNORECASE
)


def tokens(theme: str) -> dict[str, str]:
    """The custom properties of a theme; the dark ones stand on top of the light."""
    found: dict[str, str] = {}
    for name in {"light": ["light"]}.get(theme, ["light", theme]):
        block = re.search(THEMES[name], TOKENS, re.DOTALL)
        assert block, name
        found |= dict(re.findall(r"--([\w-]+): (.*);", block[1]))
    return found


def channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(colour: str) -> float:
    """Relative luminance of `#RRGGBB` as WCAG 2.2 defines it."""
    parts = [value / 255 for value in channels(colour)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def without_comments(css: str) -> str:
    return re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)


def rules_of(path: Path) -> list[str]:
    """The lines of a sheet but for at-rules, which cannot refer to tokens."""
    return [
        line for line in without_comments(path.read_text()).splitlines() if not line.lstrip().startswith("@")
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("word", "ground"), PAIRS)
def test_words_stand_out_from_their_ground(theme: str, word: str, ground: str) -> None:
    found = tokens(theme)
    assert contrast(found[word], found[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_borders_of_controls_and_the_focus_ring_can_be_seen(theme: str, shape: str, ground: str) -> None:
    found = tokens(theme)
    assert contrast(found[shape], found[ground]) >= 3


def test_following_the_device_gives_the_same_dark_as_choosing_it() -> None:
    assert tokens("device") == tokens("dark")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_numbers_for_bootstrap_are_the_same_colours(theme: str) -> None:
    found = tokens(theme)
    for name in (name for name in found if name.endswith("-rgb")):
        assert found[name] == ", ".join(map(str, channels(found[name.removesuffix("-rgb")]))), name


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_only_the_tokens_name_a_colour_or_a_size(path: Path) -> None:
    if path.name == "tokens.css":
        return
    raw = [
        line.strip()
        for line in rules_of(path)
        if RAW_COLOUR.search(line) or NAMED_COLOUR.search(line) or RAW_SIZE.search(line)
    ]
    assert raw == []


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_every_token_that_is_used_exists(path: Path) -> None:
    used = set(re.findall(r"var\(--(?!bs-)([\w-]+)", path.read_text()))
    assert used <= tokens("light").keys()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(LMS)))
def test_no_template_carries_its_own_style_or_script(path: Path) -> None:
    page = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)
    assert INLINE.findall(page) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_script_writes_what_the_policy_of_the_page_forbids(path: Path) -> None:
    assert not re.search(r"\beval\(|new Function|setAttribute\(\s*[\"'](?:style|on)|style=", path.read_text())
