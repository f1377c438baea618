"""What a QTI package says about itself: `imsmanifest.xml`, and tests that name their items in order."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from posixpath import basename, dirname, join
from xml.etree.ElementTree import Element

from lms.errors import N_
from lms.interchange.archive import Archive
from lms.interchange.qti_parts import attribute, below, kind, not_imported, place
from lms.interchange.qti_text import inside
from lms.interchange.reading import Note
from lms.interchange.xml_safe import text_of

MANIFEST = "imsmanifest.xml"
MAX_NOTES = 20
OUTSIDE = N_("a file outside of the package")
MISSING = N_("a file that is not in the package")
_ENDINGS = (".xml", ".qti", ".dat")
_QUESTIONS = ("imsqti_", "assessment/x-bb-qti")  # the types of resources that hold questions


@dataclass
class Manifest:
    """The files that a package names in order, keywords by file, and what is wrong with it."""

    files: list[str] = field(default_factory=list)
    tags: dict[str, list[str]] = field(default_factory=dict)
    has_difficulty: set[str] = field(default_factory=set)
    notes: list[Note] = field(default_factory=list)


def manifest_name(archive: Archive) -> str | None:
    """The manifest of a package: the one nearest to its root."""
    found = [name for name in archive.names if basename(name).lower() == MANIFEST]
    return min(found, key=lambda name: (name.count("/"), name), default=None)


def read_manifest(root: Element, name: str, archive: Archive) -> Manifest:
    """What the manifest says. A file that it names and the package has not is a note."""
    found = Manifest()
    base = attribute(root, "base")
    for resource in below(root, "resource"):
        folder = join(base, attribute(resource, "base"))
        holds_questions = attribute(resource, "type").casefold().startswith(_QUESTIONS)
        own = [attribute(resource, "href"), attribute(resource, "file")]
        listed = [attribute(each, "href") for each in resource if kind(each) == "file"]
        for href in dict.fromkeys(filter(None, own + listed)):
            path = inside(join(folder, href), dirname(name))
            if path is None or path not in archive:
                if holds_questions and href in own and len(found.notes) < MAX_NOTES:
                    found.notes.append(not_imported(place(resource, name), MISSING if path else OUTSIDE))
                continue
            found.files.append(path)
            if href in own or len(listed) == 1:
                _describe(resource, path, found)
    return found


def _describe(resource: Element, path: str, found: Manifest) -> None:
    for keyword in below(resource, "keyword"):
        words = [text_of(each).strip() for each in below(keyword, "string", "langstring")] or [
            text_of(keyword).strip()
        ]
        known = found.tags.setdefault(path, [])
        known += [word for word in dict.fromkeys(words) if word and word not in known]
    if below(resource, "difficulty"):
        found.has_difficulty.add(path)


def question_files(archive: Archive, listed: Sequence[str], manifest: str | None) -> list[str]:
    """The files that may hold questions: those that the manifest lists first, then the rest by name.

    Canvas writes a quiz twice into a cartridge; the second, in `non_cc_assessments`, has all that the first has.
    """
    named = [each for each in dict.fromkeys(listed) if _may_hold(each)]
    known = set(named)
    rest = sorted(each for each in archive.names if _may_hold(each) and each not in known)
    doubled = {
        basename(each).removesuffix(".xml.qti")
        for each in (*named, *rest)
        if basename(dirname(each)) == "non_cc_assessments"
    }
    return [
        each
        for each in (*named, *rest)
        if each != manifest
        and not (basename(dirname(each)) in doubled and each.endswith("assessment_qti.xml"))
    ]


def _may_hold(name: str) -> bool:
    parts = name.split("/")
    return name.lower().endswith(_ENDINGS) and "__MACOSX" not in parts and not parts[-1].startswith(".")


def named_items(test: Element, name: str) -> Iterator[str]:
    """The files of the items that an `assessmentTest` asks, in its order."""
    for each in below(test, "assessmentitemref"):
        if path := inside(attribute(each, "href"), dirname(name)):
            yield path


def in_order(files: Iterable[str], asked: Iterable[str]) -> list[str]:
    """The files, those that a test asks for first."""
    files = list(files)
    known = set(files)
    first = [each for each in dict.fromkeys(asked) if each in known]
    return list(dict.fromkeys([*first, *files]))
