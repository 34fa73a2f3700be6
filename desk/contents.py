"""What somebody brings in: its name made safe, its kind read from its content, and what is never kept."""

import re
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from hashlib import sha256
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from policy.reasons import Ground, Refused, refuse_all, refused

MB = 1024 * 1024
LONGEST_NAME = 120
MOST_TYPES = MB  # of what an office document says of its own kind, once opened
CONTENT_TYPES = "[Content_Types].xml"
MACROS = re.compile(r"(?:^|/)vbaProject\.bin$|^(?:Basic|Scripts)/", re.IGNORECASE)
ACCEPTED = (
    "PDF, images (JPEG, PNG, WebP, HEIC), texte et CSV, Word et Excel sans macros (.docx, .xlsx), "
    "OpenDocument (.odt, .ods), courriel (.eml)"
)
MARKUP = re.compile(r"<\s*(?:!--|!doctype|\?xml|html|svg|script|body|head|iframe|object)", re.IGNORECASE)
PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")
PROGRAM_NAMES = re.compile(
    r"\.(?:exe|com|scr|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|msi|jar|lnk|dll|sh|app|docm|xlsm|pptm|dotm|xltm)$",
    re.IGNORECASE,
)
HEIC_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"})
MAIL_HEADERS = frozenset({"from", "to", "subject", "date", "received", "message-id", "mime-version"})

_OOXML = "application/vnd.openxmlformats-officedocument"
_OASIS = "application/vnd.oasis.opendocument"


@dataclass(frozen=True)
class Content:
    """What may be kept: ``name`` is safe in any folder, ``digest`` the same for the same bytes (SHA-256)."""

    name: str
    media_type: str
    content: bytes
    digest: str

    @property
    def size(self) -> int:
        """In bytes."""
        return len(self.content)


def checked(name: str, content: bytes, most: int) -> Content:
    """What is brought in, when it may be kept; ``most`` is the largest size, in bytes.

    Raises ``Refused``: too large, empty, a kind that is not accepted, macros, a program, or a content that
    is not what the name says. The browser's word about the kind is not asked.
    """
    safe = safe_name(name)
    if not content:
        raise refused(f"« {safe} » est vide.")
    if len(content) > most:
        raise refused(f"« {safe} » pèse {size_words(len(content))} : {size_words(most)} au plus.")
    suffix = safe.rpartition(".")[2].lower() if "." in safe else ""
    kind = KINDS.get(suffix)
    if kind is None:
        shown = f" (.{suffix})" if suffix else ""
        raise refused(
            f"« {safe} » : ce genre de fichier{shown} n'est pas accepté. Sont acceptés : {ACCEPTED}."
        )
    kind.check(safe, content)
    return Content(safe, kind.media_type, content, sha256(content).hexdigest())


def all_checked(documents: Iterable[tuple[str, bytes]], most: int) -> tuple[Content, ...]:
    """Several documents (name, content), each ``checked``. Raises ``Refused`` with the grounds of all."""
    kept: list[Content] = []
    grounds: list[Ground] = []
    for name, content in documents:
        try:
            kept.append(checked(name, content, most))
        except Refused as no:
            grounds += no.grounds
    refuse_all(grounds)
    return tuple(kept)


def safe_name(name: str) -> str:
    """The last part of a name, without what a folder, a header or a screen could be misled by."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    kept = "".join(" " if letter.isspace() else letter for letter in last if _is_plain(letter))
    stem, dot, suffix = " ".join(kept.split()).strip(". ").rpartition(".")
    if not dot:
        stem, suffix = suffix, ""
    stem = stem.rstrip(". ")[: LONGEST_NAME - len(suffix) - 1].rstrip(". ") or "document"
    return f"{stem}.{suffix[:10]}" if suffix else stem


def size_words(size: int) -> str:
    """« 340 octets », « 12 Ko », « 1,4 Mo »."""
    if size < 1024:
        return f"{size} octet{'s' if size > 1 else ''}"
    if size < MB:
        return f"{size / 1024:.0f} Ko"
    return f"{size / MB:.1f} Mo".replace(".0 ", " ").replace(".", ",")


@dataclass(frozen=True)
class Kind:
    """A kind that is kept: what a browser is told it is, and how its content is known."""

    label: str
    media_type: str
    is_it: Callable[[bytes], bool]
    refuse: Callable[[str, bytes], None] = lambda name, content: None

    def check(self, name: str, content: bytes) -> None:
        """Refuse a content of another kind than the name says, and what this kind may hide."""
        if _is_program(content):
            raise refused(f"« {name} » est un programme : il n'est pas accepté.")
        self.refuse(name, content)
        if not self.is_it(content):
            raise refused(
                f"« {name} » : son contenu n'est pas celui d'un fichier {self.label}. "
                "Enregistrez-le de nouveau depuis le logiciel d'où il vient."
            )


def _is_program(content: bytes) -> bool:
    """By its first bytes; words may begin like one, unless they are a script."""
    return content.startswith(b"#!") or (content.startswith(PROGRAMS) and _words(content) is None)


def _is_plain(letter: str) -> bool:
    return letter.isspace() or (
        letter not in '<>:"|?*' and unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )


def _starts(*signs: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(signs)


def _is_webp(content: bytes) -> bool:
    return content[:4] == b"RIFF" and content[8:12] == b"WEBP"


def _is_heic(content: bytes) -> bool:
    return content[4:8] == b"ftyp" and content[8:12] in HEIC_BRANDS


def _is_text(content: bytes) -> bool:
    """Words in UTF-8, in UTF-16 with its mark, or as older Windows writes them; no page for a browser."""
    words = _words(content)
    return words is not None and not MARKUP.match(words.lstrip("\ufeff \t\r\n"))


def _words(content: bytes) -> str | None:
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if any(letter < " " and letter not in "\t\n\r\x0c" for letter in text) else text
    return None


def _is_mail(content: bytes) -> bool:
    """Headers first, at least two of those every mail has."""
    if b"\0" in content:
        return False
    head = message_from_bytes(content[:65_536])
    return len(MAIL_HEADERS & {name.lower() for name in head}) >= 2


def _refuse_carried(name: str, content: bytes) -> None:
    """A mail may carry documents; not a program."""
    for part in message_from_bytes(content).walk():
        held = part.get_payload(decode=True)
        if PROGRAM_NAMES.search(_carried(part)) or (isinstance(held, bytes) and _is_program(held)):
            raise refused(f"« {name} » porte un programme ou un document à macros : il n'est pas accepté.")


def _carried(part: Message) -> str:
    """The name of what a mail carries, decoded where it can be."""
    name = part.get_filename() or ""
    try:
        return str(make_header(decode_header(name))).strip()
    except (LookupError, ValueError, HeaderParseError):
        return name.strip()


@dataclass(frozen=True)
class _Parts:
    """What an office document is made of: the names of its parts, and what it says of its own kind."""

    names: tuple[str, ...] = ()
    types: bytes = b""
    mimetype: bytes = b""


def _parts(content: bytes) -> _Parts:
    """The parts of an office document, only what names its kind is opened; none when it is none."""
    if not content.startswith(b"PK"):
        return _Parts()
    try:
        with ZipFile(BytesIO(content)) as archive:
            names = tuple(archive.namelist())
            said = {
                name: archive.open(name).read(MOST_TYPES)
                for name in (CONTENT_TYPES, "mimetype")
                if name in names
            }
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, zlib.error):
        return _Parts()
    return _Parts(names, said.get(CONTENT_TYPES, b""), said.get("mimetype", b""))


def _is_office(part: str) -> Callable[[bytes], bool]:
    """Word, Excel: its table of kinds names this part as the main one."""
    return lambda content: f"{_OOXML}.{part}.main+xml".encode() in _parts(content).types


def _is_open_document(kind: str) -> Callable[[bytes], bool]:
    return lambda content: _parts(content).mimetype.strip() == f"{_OASIS}.{kind}".encode()


def _refuse_macros(name: str, content: bytes) -> None:
    parts = _parts(content)
    bears = any(MACROS.search(each) for each in parts.names)
    if bears or b"macroenabled" in parts.types.lower():
        raise refused(f"« {name} » contient des macros : enregistrez-le sans elles, puis joignez-le.")


_JPEG = Kind("JPEG", "image/jpeg", _starts(b"\xff\xd8\xff"))
_HEIC = Kind("HEIC", "image/heic", _is_heic)
KINDS: Mapping[str, Kind] = {
    "pdf": Kind("PDF", "application/pdf", _starts(b"%PDF-")),
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "png": Kind("PNG", "image/png", _starts(b"\x89PNG\r\n\x1a\n")),
    "webp": Kind("WebP", "image/webp", _is_webp),
    "heic": _HEIC,
    "heif": _HEIC,
    "txt": Kind("texte", "text/plain", _is_text),
    "csv": Kind("CSV", "text/csv", _is_text),
    "docx": Kind(
        "Word", f"{_OOXML}.wordprocessingml.document", _is_office("wordprocessingml.document"), _refuse_macros
    ),
    "xlsx": Kind("Excel", f"{_OOXML}.spreadsheetml.sheet", _is_office("spreadsheetml.sheet"), _refuse_macros),
    "odt": Kind("OpenDocument", f"{_OASIS}.text", _is_open_document("text"), _refuse_macros),
    "ods": Kind("OpenDocument", f"{_OASIS}.spreadsheet", _is_open_document("spreadsheet"), _refuse_macros),
    "eml": Kind("de courriel", "message/rfc822", _is_mail, _refuse_carried),
}
SUFFIXES = tuple(KINDS)
