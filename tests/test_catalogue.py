"""Every message has its Chinese, and nothing else is in the catalogue."""

import re
from functools import cache

from tests.catalogue import chinese, extracted, key, messages, placeholders, stored

CHINESE = {key(message): chinese(message) for message in messages(stored())}
HAN = re.compile(r"[\u4e00-\u9fff]")


@cache
def source():
    """The messages of the source by their key."""
    return {key(message): message for message in messages(extracted())}


def where(keys):
    """The messages with the files they are in, for whoever must mend it."""
    return {each: [path for path, _ in source()[each].locations] for each in sorted(keys)}


def test_the_source_has_messages_in_code_and_in_templates():
    paths = {path for message in source().values() for path, _ in message.locations}
    assert any(path.endswith(".py") for path in paths)
    assert any(path.endswith(".html") for path in paths)


def test_no_message_is_missing_in_chinese():
    assert where(m for m in source() if not CHINESE.get(m)) == {}


def test_no_translation_is_a_guess():
    assert [message.id for message in messages(stored()) if message.fuzzy] == []


def test_the_catalogue_holds_nothing_that_the_source_no_longer_says():
    assert sorted(CHINESE.keys() - source().keys()) == []
    assert not stored().obsolete


def test_a_translation_has_the_places_of_its_message():
    assert where(m for m in source() if CHINESE.get(m) and placeholders(CHINESE[m]) != placeholders(m)) == {}


def test_every_place_in_a_message_is_named():
    assert [m for m in source() if any(part.startswith("()") for part in placeholders(m))] == []


def test_chinese_is_written_with_full_width_punctuation():
    wrong = {
        m: text
        for m, text in CHINESE.items()
        if re.search(r"[\u4e00-\u9fff][,;:?!]|[,;?!][\u4e00-\u9fff]", text)
    }
    assert wrong == {}


def test_nearly_every_translation_is_chinese():
    """A name such as KPI stays as it is; more than a few would be English that slipped through."""
    untouched = [m for m, text in CHINESE.items() if text and not HAN.search(text)]
    assert len(untouched) <= 30, untouched
