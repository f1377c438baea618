"""Word documents written by hand, as small as they may be and as odd as a test needs them."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NAMES = (
    f'xmlns:w="{W}"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
)
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
RED = '<w:color w:val="FF0000"/>'
BOLD = "<w:b/>"


def run(text: str, properties: str = "") -> str:
    """A run of letters; `properties` is what stands in its w:rPr. A tab is a w:tab, a line end a w:br."""
    parts = [f'<w:t xml:space="preserve">{escape(part)}</w:t>' for part in text.split("\n")]
    inside = "<w:br/>".join(parts).replace("\t", '</w:t><w:tab/><w:t xml:space="preserve">')
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{inside}</w:r>"


def p(*contents: str, style: str = "", list: str = "", level: int = 0, properties: str = "") -> str:
    """A paragraph of runs and other XML; a string without `<` is a plain run."""
    inside = "".join(part if part.startswith("<") else run(part) for part in contents)
    number = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list}"/></w:numPr>' if list else ""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{number}{properties}</w:pPr>{inside}</w:p>"


def table(*rows: Sequence[str]) -> str:
    """A table; a cell is a text or the XML of its paragraphs."""
    cells = [["".join(("<w:tc>", c if c.startswith("<") else p(c), "</w:tc>")) for c in row] for row in rows]
    return "<w:tbl>" + "".join(f"<w:tr>{''.join(row)}</w:tr>" for row in cells) + "</w:tbl>"


def picture(id: str, link: str = "embed") -> str:
    """A run with a picture in the line."""
    return f'<w:r><w:drawing><wp><a:blip r:{link}="{id}"/></wp></w:drawing></w:r>'


def text_box(*paragraphs: str) -> str:
    """A run with a text box, written twice as Word does, for itself and for older programs."""
    inside = f"<w:txbxContent>{''.join(paragraphs)}</w:txbxContent>"
    return (
        "<w:r><mc:AlternateContent>"
        f'<mc:Choice Requires="wps"><w:drawing><box>{inside}</box></w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict><v:shape>{inside}</v:shape></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )


def level(place: int, format: str, text: str, more: str = "") -> str:
    """One level of a list; `text` holds %1 where its number goes."""
    start = "" if "w:start " in more else '<w:start w:val="1"/>'
    return f'<w:lvl w:ilvl="{place}">{start}{more}<w:numFmt w:val="{format}"/><w:lvlText w:val="{text}"/></w:lvl>'


def numbering(kinds: Mapping[str, str], lists: Mapping[str, tuple[str, str]]) -> str:
    """word/numbering.xml: levels by kind of list; for each list its kind and its overrides."""
    return (
        f"<w:numbering {NAMES}>"
        + "".join(
            f'<w:abstractNum w:abstractNumId="{id}">{levels}</w:abstractNum>' for id, levels in kinds.items()
        )
        + "".join(
            f'<w:num w:numId="{id}"><w:abstractNumId w:val="{kind}"/>{own}</w:num>'
            for id, (kind, own) in lists.items()
        )
        + "</w:numbering>"
    )


def styles(*parts: str) -> str:
    """word/styles.xml."""
    return f"<w:styles {NAMES}>{''.join(parts)}</w:styles>"


def style(id: str, properties: str = "", *, based: str = "", kind: str = "paragraph", more: str = "") -> str:
    """One style with its run properties."""
    base = f'<w:basedOn w:val="{based}"/>' if based else ""
    return (
        f'<w:style w:type="{kind}" w:styleId="{id}"><w:name w:val="{id}"/>{base}{more}'
        f"<w:rPr>{properties}</w:rPr></w:style>"
    )


def docx(
    *blocks: str,
    styles: str = "",
    numbering: str = "",
    images: Mapping[str, bytes] | None = None,
    outside: Mapping[str, str] | None = None,
    files: Mapping[str, bytes] | None = None,
    document: str | None = None,
) -> bytes:
    """The file. `images` are by relationship id, `outside` are addresses by id, `files` replace or add parts."""
    body = "".join(block if block.startswith("<") else p(block) for block in blocks)
    relations = [("styles", "styles", "styles.xml", ""), ("numbering", "numbering", "numbering.xml", "")]
    relations += [(id, "image", f"media/{id}.png", "") for id in images or {}]
    relations += [(id, "image", to, ' TargetMode="External"') for id, to in (outside or {}).items()]
    parts = {
        "[Content_Types].xml": b"<Types/>",
        "_rels/.rels": _relations([("rId1", "officeDocument", "word/document.xml", "")]),
        "word/_rels/document.xml.rels": _relations(relations),
        "word/document.xml": (
            f"<?xml version='1.0' encoding='UTF-8'?><w:document {NAMES}><w:body>{body}<w:sectPr/></w:body>"
            "</w:document>"
            if document is None
            else document
        ).encode(),
        **({"word/styles.xml": styles.encode()} if styles else {}),
        **({"word/numbering.xml": numbering.encode()} if numbering else {}),
        **{f"word/media/{id}.png": data for id, data in (images or {}).items()},
        **(files or {}),
    }
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as zip:
        for name, data in parts.items():
            zip.writestr(name, data)
    return out.getvalue()


def _relations(relations: Sequence[tuple[str, str, str, str]]) -> bytes:
    inside = "".join(
        f'<Relationship Id="{id}" Type="{RELATIONS}/{kind}" Target="{escape(target)}"{more}/>'
        for id, kind, target, more in relations
    )
    return f'<Relationships xmlns="{PACKAGE}">{inside}</Relationships>'.encode()
