"""One question of an exam text, taken apart: stem, options, keys wherever they stand, explanation, the rest."""

import re

from lms.errors import N_, Reason
from lms.interchange.plain import to_markdown
from lms.interchange.reading import Item, letters, note
from lms.interchange.records import MULTIPLE, SINGLE, TRUE_FALSE
from lms.interchange.sheet_values import level_of
from lms.interchange.text import marks
from lms.interchange.text.answers import chosen_by
from lms.interchange.text.collect import Parts, collect, joined, trailing_letter
from lms.interchange.text.found import Block
from lms.interchange.text.key_lists import Entry
from lms.interchange.text.numbered import take_numbered
from lms.interchange.text.stems import give_pair, stem_and_keys, take_pair

_TAG_AT_END = re.compile(rf"\s*[(\[【]\s*({marks.TYPE})\s*[)\]】]\s*\*?\s*\Z", re.IGNORECASE)


def item_of(
    block: Block, kind: str | None, entry: Entry | None, language: str, *, trails: bool = False
) -> tuple[Item | None, list[tuple[str, int]]]:
    """The question of a block, and what it says of itself that questions here do not have (label, line).

    `kind` is what its section says it is; `entry` its place in a list of keys; `trails`: the letter behind the
    last option is its key. None: it is none of our kinds.
    """
    parts = collect(block)
    lost: list[tuple[str, int]] = []
    if trails and (letter := trailing_letter(parts.options)):
        parts.options[-1].pieces[-1] = parts.options[-1].pieces[-1][: -len(letter)].rstrip()
        parts.keys.append(letter)
        parts.notes.append(note(block.line, "key-glued", keys=letters(list(letter))))
    kind, level = _about(parts, block.tag or kind, lost)
    if kind == marks.OTHER and len(parts.options) < 2:
        return None, lost
    take_numbered(parts)
    take_pair(parts, kind)
    said, stem = stem_and_keys(parts, kind)
    if match := _TAG_AT_END.search(marks.level(stem)):
        kind = marks.TYPE_OF[match.group(1).lower()]
        stem = stem[: match.start()].rstrip()
    kind = kind if kind in (SINGLE, MULTIPLE, TRUE_FALSE) else ""
    keys = [*said, *parts.keys, *([entry.key] if entry else [])]
    why = [*parts.why, *([text for text, _line in entry.why] if entry else [])]
    kind = give_pair(parts, kind, keys, language)
    chosen = chosen_by(parts, keys, why)
    texts = tuple(joined(option.pieces) for option in parts.options)
    ids = tuple(chr(ord("a") + at) for at in chosen)
    item = Item(block.line, stem, texts, ids, kind, "\n".join(why), level=level, notes=tuple(parts.notes))
    return _with_pictures(item, parts), lost


def has_trailing_letter(block: Block) -> bool:
    """Whether the last option of a question ends with a letter that could be its key (C、7天 B)."""
    return trailing_letter(collect(block).options) is not None


def _about(parts: Parts, kind: str | None, lost: list[tuple[str, int]]) -> tuple[str | None, int | None]:
    level = None
    for label, value in parts.about:
        word = marks.level(value).strip(" 。;,()【】[]").lower()
        if label in ("题型", "题目类型", "试题类型") and word in marks.TYPE_OF:
            kind = kind or marks.TYPE_OF[word]
        elif label.startswith("难") or label in ("difficulty", "level"):
            level = level_of(word)
            if level is None and word:
                parts.notes.append(
                    note(parts.line, "value-ignored", value=value[:40], field=Reason(N_("level")))
                )
        elif not label.endswith("答案"):
            lost.append((label, parts.line))
    return kind, level


def _with_pictures(item: Item, parts: Parts) -> Item:
    """The item with the pictures of a Word file where they stood: then its texts are Markdown."""
    if not parts.pictures and not any(option.pictures for option in parts.options):
        return item
    stem = "\n\n".join(filter(None, [to_markdown(item.stem), *map(_picture, parts.pictures)]))
    options = tuple(
        " ".join(filter(None, [to_markdown(text), *map(_picture, option.pictures)]))
        for text, option in zip(item.options, parts.options, strict=True)
    )
    return Item(
        item.line, stem, options, item.keys, item.type, to_markdown(item.explanation),
        level=item.level, is_markdown=True, notes=item.notes,
    )  # fmt: skip


def _picture(name: str) -> str:
    return f"![](media:{name})"
