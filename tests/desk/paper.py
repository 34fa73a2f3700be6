"""Reading a letter on paper as a reader of PDFs does: its words, its language, its tags."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject


@dataclass(frozen=True)
class Paper:
    """What of a PDF a test looks at; ``words`` has one space between any two words
    and straight apostrophes."""

    words: str
    title: str
    language: str
    tagged: bool
    universal: bool
    roles: frozenset[str]
    pages: int


def paper(content: bytes) -> Paper:
    """The PDF of these bytes."""
    reader = PdfReader(BytesIO(content))
    root = reader.root_object
    metadata = reader.xmp_metadata
    return Paper(
        words=" ".join(" ".join(page.extract_text() for page in reader.pages).split()).replace("’", "'"),
        title=(reader.metadata.title if reader.metadata else None) or "",
        language=str(root.get("/Lang", "")),
        tagged=bool(root.get("/MarkInfo", {}).get("/Marked")),
        universal=metadata is not None and b"pdfuaid:part" in content and b">1</pdfuaid:part>" in content,
        roles=frozenset(_roles(root.get("/StructTreeRoot"))),
        pages=len(reader.pages),
    )


def _roles(node: Any) -> list[str]:
    """The kinds of parts the structure names: « /H1 », « /Table », « /TH »."""
    node = node.get_object() if isinstance(node, IndirectObject) else node
    if isinstance(node, list):
        return [role for child in node for role in _roles(child)]
    if not isinstance(node, DictionaryObject):
        return []
    return [str(node.get("/S", "")), *_roles(node.get("/K", []))]


def where(content: bytes, *lines: str) -> list[tuple[float, float]]:
    """Where each of these lines begins on the first page: inches from its left and from its top."""
    page = PdfReader(BytesIO(content)).pages[0]
    found: dict[str, tuple[float, float]] = {}

    def seen(text: str, cm: Any, tm: Any, _font: Any, _size: Any) -> None:
        if text.strip():
            x, y = (tm[4] * cm[at] + tm[5] * cm[at + 2] + cm[at + 4] for at in (0, 1))
            found.setdefault(text.strip(), (x / 72, (float(page.mediabox.height) - y) / 72))

    page.extract_text(visitor_text=seen)
    return [place for line in lines for text, place in found.items() if text.startswith(line[:6])]
