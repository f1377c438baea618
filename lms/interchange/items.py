"""From items of a file to questions of a bank and back: plain text becomes Markdown, Markdown plain text."""

from lms.interchange.plain import to_markdown, to_plain
from lms.interchange.reading import Item
from lms.interchange.records import QuestionText, Wording


def question_of(item: Item) -> QuestionText:
    """The item as a question of a bank, its texts Markdown. It may not be whole."""
    turn = str if item.is_markdown else to_markdown
    return QuestionText(
        id=item.id,
        type=item.type,
        keys=item.keys,
        wording=Wording(turn(item.stem), tuple(map(turn, item.options)), turn(item.explanation)),
        level=item.level,
        tags=item.tags,
        lesson=item.lesson,
        objective=item.objective,
        use=item.use,
        shuffle=item.shuffle,
        line=item.line,
    )


def plain_wording(wording: Wording) -> Wording | None:
    """The wording in plain text, or None if it says more than plain text can (a chat, a list, a link...)."""
    stem, explanation = to_plain(wording.stem), to_plain(wording.explanation)
    options = [to_plain(option) for option in wording.options]
    if stem is None or explanation is None or None in options:
        return None
    return Wording(stem, tuple(option for option in options if option is not None), explanation)
