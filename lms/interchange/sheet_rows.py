"""The rows below the heads of a table: each becomes an item, or a note on why it is none."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from lms.errors import N_, Reason
from lms.interchange.reading import Item, Note, note
from lms.interchange.records import TRUE_FALSE, TRUE_FALSE_WORDS, tidy
from lms.interchange.sheet_answers import key_of, split_options, without_letters
from lms.interchange.sheet_heads import BEYOND, OPTIONS, SURE_ID, Heads, normal
from lms.interchange.sheet_sections import MAX_SHOWN, is_example, sections, title_of
from lms.interchange.sheet_table import WHOLE_ROW, Row, Table, column_letter, filled_down
from lms.interchange.sheet_values import ATTRIBUTES, INFER, level_number, type_of
from lms.interchange.truth import truth

CONTENT = ("stem", "options", "key", "explanation", *OPTIONS, BEYOND)
MAX_ALIKE = 20  # notes of one kind about values and left-out rows
_REMARK = re.compile(
    r"\s*(?:注|备注|附注|说明|提示|要求|填表\w{0,4}|制表\w{0,3}|审核\w{0,2}|合计|总计|小计|共|总分|total|sum|notes?|remarks?)"
    r"\s*(?:[:：*]|\d|\Z)",
    re.IGNORECASE,
)
_TOTAL = re.compile(r"\s*(?:合计|总计|小计|total|sum)\s*[:：]?\s*\Z", re.IGNORECASE)


class _Cells(NamedTuple):
    """One row by its fields."""

    row: Row
    line: int
    texts: dict[str, str]
    keys: list[str]  # of every column of right answers
    beyond: bool


class RowReader:
    """Reads the rows of one table. `base` is added to every line that is told, so that sheets can be told apart."""

    def __init__(self, table: Table, heads: Heads, language: str, base: int) -> None:
        settings = {at for at, field in enumerate(heads.fields) if field in (*ATTRIBUTES, "type")}
        self.rows = filled_down(table, settings, heads.below)
        self.first = heads
        self.language = language
        self.base = base
        self.notes: list[Note] = []
        self.title = ""
        self.told: set[tuple[str, str]] = set()
        self.bare: list[int] = []  # rows that have settings only

    def items(self) -> Iterator[Item]:
        """The questions in order. `notes` is complete when they are through."""
        for section in sections(self.rows, self.first):
            self.section, self.heads = section, section.heads
            self.title = section.title or self.title
            for said in section.notes(self.base + self.rows[self.heads.at].number):
                self._tell(said, "columns", str(said.reason))
            for cells in map(self._cells, section.rows):
                if (item := self._item(cells)) is not None:
                    yield item
                elif WHOLE_ROW in cells.row.marks:
                    self.notes += self._cell_notes(cells)
        if self.bare:
            self.notes.append(note(self.bare[0], "rows-left-out", count=len(self.bare)))

    def _cells(self, row: Row) -> _Cells:
        texts: dict[str, str] = {}
        keys: list[str] = []
        beyond = False
        for name, text in zip(self.heads.fields, row.cells, strict=False):
            if not text:
                continue
            if name == "key":
                keys.append(text)
            beyond = beyond or name == BEYOND
            texts.setdefault("id" if name == SURE_ID else name, text)
        return _Cells(row, self.base + row.number, texts, keys, beyond)

    def _item(self, cells: _Cells) -> Item | None:
        """The question of a row, or None and a note."""
        texts = cells.texts
        if is_example(texts.get("id", "")):
            self._tell(note(cells.line, "example-left-out"), "example", "")
            return None
        if self._is_title(cells) or self._is_remark(cells):
            return None
        said = texts.get("type", "") or self.title
        kind = type_of(said) if said else INFER
        if kind is None:
            what = Reason(N_("a question of the type “%(type)s”"), type=said[:MAX_SHOWN])
            self.notes.append(note(cells.line, "not-imported", what=what))
            return None
        return self._question(cells, "" if kind == INFER else kind)

    def _is_title(self, cells: _Cells) -> bool:
        """Whether the row is the title of a section; if it is, the rows below have its type."""
        if title := title_of(cells.row.cells):
            self.title = title
        return bool(title)

    def _is_remark(self, cells: _Cells) -> bool:
        """Whether the row is no question but a remark, a total, a number without anything; told where it matters."""
        given = [text for text in cells.row.cells if text]
        has_content = any(cells.texts.get(field) for field in CONTENT) or any(
            0 <= at < len(self.heads.fields) and self.heads.fields[at] in CONTENT for at in cells.row.marks
        )
        is_total = bool(_TOTAL.match(given[0])) and not cells.keys if given else False
        is_remark = len(given) == 1 and bool(_REMARK.match(given[0]))
        if has_content and not is_total and not is_remark:
            return False
        if cells.texts.keys() - {"", "ignore", "id"} and not (is_total or is_remark):
            self.bare.append(cells.line)
        elif not all(text.isdigit() for text in given):
            said = note(cells.line, "row-left-out", text=" ".join(given)[:MAX_SHOWN])
            self._tell(said, "row-left-out", str(cells.line))
        return True

    def _tell(self, said: Note, kind: str, value: str) -> None:
        """Adds a note unless the same was told before, or enough of its kind."""
        number = sum(known == kind for known, _ in self.told)
        if number < MAX_ALIKE and (kind, value) not in self.told:
            self.told.add((kind, value))
            self.notes.append(said)

    def _question(self, cells: _Cells, kind: str) -> Item:
        line, texts = cells.line, cells.texts
        notes = [*self._cell_notes(cells)]
        attributes = {name: self._attribute(name, cells) for name in ATTRIBUTES}
        format = attributes.pop("format")
        options, kind = self._options(cells, kind, is_exact=bool(format), notes=notes)
        keys = self._keys(cells, options, is_exact=bool(format), notes=notes)
        if cells.beyond:
            notes.append(note(line, "lossy", what=Reason(N_("options after the tenth"))))
        given: dict[str, Any] = {name: value for name, value in attributes.items() if value is not None}
        return Item(
            line=line,
            id=self._id(texts.get("id", "")),
            type=kind,
            stem=texts.get("stem", ""),
            options=tuple(options),
            keys=keys,
            explanation=texts.get("explanation", ""),
            is_markdown=format == "markdown",
            notes=tuple(notes),
            **given,
        )

    def _id(self, text: str) -> str:
        return "" if self.section.counts_rows else text.strip().lower()

    def _options(
        self, cells: _Cells, kind: str, *, is_exact: bool, notes: list[Note]
    ) -> tuple[list[str], str]:
        texts = cells.texts
        given = [tidy(texts.get(field, "")) for field in OPTIONS]
        while given and not given[-1]:
            given.pop()
        together = texts.get("options", "")
        if given and together:
            notes.append(
                note(cells.line, "not-kept", what=Reason(N_("the options that stand together in one cell")))
            )
        options = given if given or not together else split_options(together)
        if not is_exact and given:
            options = without_letters(given)
        words = [truth(key) is not None for key in cells.keys]
        if not options and (kind == TRUE_FALSE or (not kind and words and all(words))):
            return list(TRUE_FALSE_WORDS[self.language]), TRUE_FALSE
        return options, kind

    def _keys(
        self, cells: _Cells, options: list[str], *, is_exact: bool, notes: list[Note]
    ) -> tuple[str, ...]:
        is_pair = tuple(options) in TRUE_FALSE_WORDS.values() and not any(cells.texts.get(field) for field in OPTIONS)
        found = []
        for text in cells.keys:
            keys = key_of(text, options, letters_only=is_exact)
            if (
                is_pair
                and not cells.texts.get("options")
                and truth(text) is None
                and text.strip() not in ("0", "1", "2")
            ):
                keys = None  # without options, letters name none
            if keys is None:
                notes.append(note(cells.line, "key-not-understood", answer=text[:MAX_SHOWN]))
                return ()
            found.append((keys, text))
        if len({keys for keys, _ in found}) > 1:
            first, second = found[0][1], next(text for keys, text in found if keys != found[0][0])
            notes.append(
                note(cells.line, "keys-disagree", first=first[:MAX_SHOWN], second=second[:MAX_SHOWN])
            )
            return ()
        return found[0][0] if found else ()

    def _attribute(self, name: str, cells: _Cells) -> object:
        text = cells.texts.get(name, "")
        if not text or (name == "level" and self.section.scale_is_other and level_number(text) is not None):
            return None
        read, called = ATTRIBUTES[name]
        if (value := read(text)) is None:
            said = note(cells.line, "value-ignored", value=text[:MAX_SHOWN], field=Reason(called))
            self._tell(said, name, normal(text))
        return value

    def _cell_notes(self, cells: _Cells) -> Iterator[Note]:
        for at, code in cells.row.marks.items():
            if at == WHOLE_ROW:
                yield note(cells.line, code)
            elif code == "picture-in-cell" or (
                at < len(self.heads.fields) and self.heads.fields[at] in CONTENT
            ):
                shown = cells.row.cells[at][:MAX_SHOWN] if at < len(cells.row.cells) else ""
                yield note(cells.line, code, cell=f"{column_letter(at)}{cells.row.number}", shown=shown)
