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
