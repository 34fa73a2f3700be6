"""Letters and forms on paper: tagged PDFs (PDF/UA-1) made by Typst from ``config/letters``."""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import typst

from desk.french import day, moment
from desk.house import House
from desk.town import rules_in_force
from desk.visits import Counter
from policy.reasons import Refused, refused
from policy.rules import Rules

OURS = Path(__file__).parent.parent / "config" / "letters"
LOGO = "logo.svg"
JOINED = frozenset({".typ", ".svg", ".png", ".jpg"})  # what a template may be made of
FONTS = frozenset({".ttf", ".otf"})
UNDRAWN = "\N{REPLACEMENT CHARACTER}"  # in place of what no font here can draw
LATIN = "\u0180"  # every letter before it can be drawn
MOST_TRIES = 6

_UNDRAWN = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}|\\(.)")
_WHERE = re.compile(r"┌─ (?P<file>[^\n]+?):(?P<line>\d+):\d+")
_PACKAGE = re.compile(r'"@[^"\n]*"')
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


def letter(counter: Counter[Any], template: str, values: Mapping[str, Any]) -> bytes:
    """A letter of today: ``printed`` with the town's heading and the date added, where not given."""
    rules = rules_in_force(counter.tx, counter.today)
    given = {"town": heading(rules), "date": counter.today, **values}
    return printed(counter.house, template, given)


def printed(house: House, template: str, values: Mapping[str, Any]) -> bytes:
    """The PDF of ``config/letters/<template>.typ``, or of the town's own template of that name.

    ``values`` are texts, numbers, days, moments, mappings and lists of these; they reach the template as JSON
    and are never read as Typst. Days and moments become French words. The same values give the same bytes
    on every machine. Raises ``Refused`` when a template of the town is broken, with its line; ours is then
    not used instead. A broken one of ours is a bug.
    """
    paper = _paper(house, template)
    plain = _plain(values)
    attempt = 0
    while True:
        attempt += 1
        try:
            return _compiled(paper, plain)
        except typst.TypstError as failure:
            undrawn = _undrawn(failure)
            if attempt > MOST_TRIES or not any(_holds(plain, letter) for letter in undrawn):
                raise _explained(paper, failure) or failure from None
            latin = attempt == MOST_TRIES
            plain = _each(plain, _only_latin if latin else partial(_without, undrawn=undrawn))


def heading(rules: Rules) -> Mapping[str, str]:
    """What every letter says of the town, from its rules; what it has not said is empty."""
    return {
        "name": rules.town_name,
        "desk": rules.desk_name,
        "address": rules.town_address,
        "phone": rules.town_phone or rules.desk_phone,
        "email": rules.desk_email,
    }


def address_block(who: Mapping[str, Any]) -> Mapping[str, Any]:
    """``to`` of a letter, from a row that has name, civic, street, city and postal_code."""
    street = " ".join(part for part in (who.get("civic"), who.get("street")) if part)
    city = who.get("city") or ""
    lines = [street, "  ".join(part for part in (city, who.get("postal_code")) if part)]
    return {"name": who.get("name") or "", "lines": [line for line in lines if line]}


@dataclass(frozen=True)
class _Paper:
    """A template and all it may import, by name; ``town`` the folder of the town, ``theirs`` its files."""

    template: str
    files: Mapping[str, bytes]
    town: Path | None
    theirs: frozenset[str]

    @property
    def fonts(self) -> list[str]:
        """The folder of the town when it holds fonts of its own."""
        return [str(self.town)] if self.town is not None and any(_of(self.town, FONTS)) else []


def _paper(house: House, template: str) -> _Paper:
    """The templates as they are now in both folders; those of the town win, file by file."""
    ours = {path.name: path.read_bytes() for path in _of(OURS, JOINED)}
    theirs: dict[str, bytes] = {}
    if house.letters_folder is not None:
        try:
            theirs = {path.name: path.read_bytes() for path in _of(house.letters_folder, JOINED)}
        except OSError:
            raise refused("Le dossier des lettres de la ville ne se lit pas (GUICHET_LETTERS_DIR).") from None
    paper = _Paper(f"{template}.typ", {**ours, **theirs}, house.letters_folder, frozenset(theirs))
    for name in sorted(paper.theirs):
        _refuse_packages(name, theirs[name])
    return paper


def _of(folder: Path, kinds: frozenset[str]) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in kinds and path.is_file())


def _compiled(paper: _Paper, values: Any) -> bytes:
    """One compilation, from memory: the root is our folder of templates, and nothing lies above it."""
    inputs = {
        "values": json.dumps(values, ensure_ascii=False),
        "logo": LOGO if LOGO in paper.files else "",
    }
    return typst.compile(  # type: ignore[call-overload, no-any-return]  # its stub forgets files by name
        {**paper.files, "main.typ": paper.files[paper.template]},
        root=str(OURS),
        sys_inputs=inputs,
        font_paths=paper.fonts,
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=["ua-1"],
    )


def _refuse_packages(name: str, source: bytes) -> None:
    """A package would be fetched from the Internet: letters are made without it."""
    if not name.endswith(".typ"):
        return
    for number, line in enumerate(source.decode("utf-8", "replace").splitlines(), start=1):
        if _PACKAGE.search(line.partition("//")[0]):
            raise refused(
                f"Le modèle « {name} » de la ville est à corriger, ligne {number} : "
                "il demande un paquet d'Internet, ce que les lettres ne font pas."
            )


def _explained(paper: _Paper, failure: typst.TypstError) -> Refused | None:
    """What is wrong with a template of the town, and where; ``None`` when nothing of the town's is used."""
    if not paper.theirs:
        return None
    found = _WHERE.search(failure.diagnostic)
    name, line = (Path(found["file"]).name, found["line"]) if found else ("main.typ", "")
    name = paper.template if name == "main.typ" else name
    whose = "de la ville" if name in paper.theirs else "du logiciel, employé avec ceux de la ville,"
    where = f", ligne {line}" if line else ""
    return refused(f"Le modèle « {name} » {whose} est à corriger{where} : Typst dit « {failure.message} ».")


def _plain(value: Any) -> Any:
    """The value as JSON can carry it: days and moments in words, texts without what paper cannot hold."""
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value]


def _text(value: str) -> str:
    """Line breaks of every kind become one; what neither shows nor breaks a line goes away."""
    lines = _BREAKS.sub("\n", value).replace("\t", " ")
    return "".join(_letter(letter) for letter in unicodedata.normalize("NFC", lines))


def _letter(letter: str) -> str:
    """Controls, and marks that turn the order of reading round, are dropped; half a letter shows as such."""
    kind = unicodedata.category(letter)
    if letter == "\n" or kind not in ("Cc", "Cf", "Cs", "Co", "Cn"):
        return letter
    return "" if kind in ("Cc", "Cf") else UNDRAWN


def _holds(value: Any, text: str) -> bool:
    if isinstance(value, str):
        return text in value
    if isinstance(value, Mapping):
        return any(_holds(each, text) for each in value.values())
    return isinstance(value, list) and any(_holds(each, text) for each in value)


def _undrawn(failure: typst.TypstError) -> frozenset[str]:
    """The letters Typst has no font for; it also names the Latin ones that such a mark clings to."""
    named = "".join(_unescaped(found) for found in _UNDRAWN.findall(failure.diagnostic))
    return frozenset(letter for letter in named if letter >= LATIN)


def _without(words: str, undrawn: frozenset[str]) -> str:
    return "".join(UNDRAWN if letter in undrawn else letter for letter in words)


def _only_latin(words: str) -> str:
    """The last resort, of texts in so many scripts that replacing letter by letter does not end."""
    return "".join(letter if letter < LATIN else "?" for letter in words)


def _each(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {name: _each(each, change) for name, each in value.items()}
    if isinstance(value, list):
        return [_each(each, change) for each in value]
    return value


def _unescaped(text: str) -> str:
    """What Typst quotes, as it was: ``\\u{1f600}`` is a letter."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)) if found[1] else found[2], text)
