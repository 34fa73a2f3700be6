"""The calls of Montréal's 311 line: what each row of the .csv says, or why it does not fit."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from policy.reasons import refused
from policy.words import Channel, Nature
from sync import csv_files

PRESET = "montreal-311"
COLUMNS = (
    "ID_UNIQUE",
    "NATURE",
    "ACTI_NOM",
    "RUE",
    "RUE_INTERSECTION1",
    "RUE_INTERSECTION2",
    "ARRONDISSEMENT",
    "DDS_DATE_CREATION",
    "PROVENANCE_ORIGINALE",
    "UNITE_RESP_PARENT",
)
NATURES = {
    "Requete": Nature.REQUEST,
    "Information": Nature.INFORMATION,
    "Commentaire": Nature.COMMENT,
    "Plainte": Nature.COMPLAINT,
}
CHANNELS = {
    "Téléphone": Channel.PHONE,
    "Personne": Channel.IN_PERSON,
    "Courriel": Channel.EMAIL,
    "Mobile": Channel.WEB_FORM,
    "Courrier": Channel.MAIL,
}
LONGEST = 200
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6}Z)?", re.ASCII)


@dataclass(frozen=True)
class Call:
    """One row that fits. ``at`` is the wall time of the call, ``at_known`` whether its hour is real."""

    line: int
    source: str  # what tells this call from every other, in this file and the next
    nature: Nature
    subject: str
    place: str
    borough: str
    channel: Channel
    at: datetime
    at_known: bool


@dataclass(frozen=True)
class Aside:
    """One row left aside: its line in the file, its number there, and why."""

    line: int
    number: str
    why: str

    def __str__(self) -> str:
        return f"ligne {self.line}{f' ({self.number})' if self.number else ''} : {self.why}"


def read(content: bytes, now: datetime) -> tuple[list[Call], list[Aside]]:
    """The calls of the file and the rows that do not fit; ``now`` is the town's wall time (naive).

    Raises ``Refused`` when the file as a whole cannot be read: nothing in it can then be trusted.
    """
    calls: dict[str, Call] = {}
    asides: list[Aside] = []
    for line, row in _rows(content):
        call = _call(line, row, now)
        if isinstance(call, Call):
            before = calls.setdefault(call.source, call)
            if before is not call:
                call = Aside(line, row["ID_UNIQUE"], _repeated(before, call))
        if isinstance(call, Aside):
            asides.append(call)
    return list(calls.values()), asides


def _rows(content: bytes) -> list[tuple[int, dict[str, str]]]:
    """The rows with the line each begins on. A row with too few or too many cells has only ``""`` → why."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise refused("Ce fichier n'est pas un .csv en UTF-8 : rien n'est importé.", field="file") from None
    rows: list[tuple[int, dict[str, str]]] = []
    header: list[str] = []
    for start, cells in csv_files.rows(text, ","):
        if not header:
            header = _header(cells)
        elif len(cells) == len(header):
            rows.append((start, dict(zip(header, (cell.strip() for cell in cells), strict=True))))
        else:
            rows.append((start, {"": f"{len(cells)} colonnes au lieu de {len(header)}"}))
    if not header:
        raise refused("Ce fichier est vide : rien n'est importé.", field="file")
    return rows


def _header(cells: list[str]) -> list[str]:
    names = [cell.strip() for cell in cells]
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise refused(
            f"Ce fichier n'a pas les colonnes du préréglage {PRESET} (séparées par des virgules) ; "
            f"il manque : {', '.join(missing)}. Rien n'est importé.",
            field="file",
        )
    twice = [name for name in COLUMNS if names.count(name) > 1]
    if twice:
        raise refused(
            f"Ce fichier a deux fois la colonne {', '.join(twice)} : rien n'est importé.", field="file"
        )
    return names


def _call(line: int, row: dict[str, str], now: datetime) -> Call | Aside:
    """The call of a row, or the first reasons why there is none."""
    if "" in row:
        return Aside(line, "", f"{row['']}.")
    number, nature, channel = (
        row["ID_UNIQUE"],
        NATURES.get(row["NATURE"]),
        CHANNELS.get(row["PROVENANCE_ORIGINALE"]),
    )
    at = _moment(row["DDS_DATE_CREATION"])
    grounds = [
        f"{name} a {len(row[name])} caractères, {LONGEST} au plus"
        for name in COLUMNS
        if len(row[name]) > LONGEST
    ] + [f"{name} contient un caractère illisible" for name in COLUMNS if not row[name].isprintable()]
    if not grounds:
        grounds = list(_grounds(row, nature, channel, at, now))
    if grounds or nature is None or channel is None or at is None:
        return Aside(line, number[:20], " ; ".join(grounds) + ".")
    return Call(
        line=line,
        source=f"{PRESET}:{number or _digest(row)}",
        nature=nature,
        subject=row["ACTI_NOM"],
        place=row["RUE"] or " / ".join(filter(None, (row["RUE_INTERSECTION1"], row["RUE_INTERSECTION2"]))),
        borough=row["ARRONDISSEMENT"],
        channel=channel,
        at=at,
        at_known=not row["DDS_DATE_CREATION"].endswith("Z"),
    )


def _grounds(
    row: dict[str, str], nature: Nature | None, channel: Channel | None, at: datetime | None, now: datetime
) -> list[str]:
    grounds = []
    if nature is None:
        grounds.append(f"la nature « {row['NATURE']} » n'existe pas ici")
    elif nature is Nature.COMPLAINT:
        grounds.append("une plainte se dépose auprès du Technicien, elle ne s'importe pas (P §4.4)")
    elif nature is not Nature.INFORMATION and not row["ID_UNIQUE"]:
        grounds.append("il manque son identifiant (ID_UNIQUE)")
    if not row["ACTI_NOM"]:
        grounds.append("il manque l'activité (ACTI_NOM)")
    if channel is None:
        grounds.append(f"la provenance « {row['PROVENANCE_ORIGINALE']} » n'existe pas ici")
    if at is None:
        grounds.append(f"la date « {row['DDS_DATE_CREATION']} » ne se lit pas")
    elif at > now:
        grounds.append(f"la date {at:%Y-%m-%d %H:%M} est dans l'avenir")
    return grounds


def _moment(text: str) -> datetime | None:
    """Two formats occur, both in local time whatever the « Z » says; those with it all bear the same hour."""
    if not MOMENT.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None


def _digest(row: dict[str, str]) -> str:
    """Information has no number there: its content is its identity."""
    said = "\x1f".join(row[name] for name in COLUMNS)
    return hashlib.sha256(said.encode()).hexdigest()[:20]


def _repeated(before: Call, call: Call) -> str:
    same = (before.nature, before.subject, before.place, before.at) == (
        call.nature,
        call.subject,
        call.place,
        call.at,
    )
    if same:
        return f"elle répète la ligne {before.line}."
    return f"son identifiant est déjà celui de la ligne {before.line}, qui dit autre chose."
