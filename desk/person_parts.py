"""The parts of a person's file: every table that speaks of him or her, as far as this visit may see it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from desk import french, left_forms, private
from desk.timeline import called
from desk.visits import Counter
from policy.claims import dollars
from policy.confidentiality import FILES as NATURES
from policy.identity import Identity
from policy.private_words import PrivateKind
from sync.fields import Field, Kind, Table
from sync.file_tables import ANSWERS, ATTACHMENTS, CITIZENS, FILES
from sync.history import entries
from sync.mail_tables import MAILS
from sync.private_tables import ACCESS_REQUESTS, CLAIMS, COMPLAINTS, SERVICE_REFUSALS
from sync.schema import SQL
from sync.store import Reading, Row, Writing
from sync.tables import TABLES

COORDINATES = ("name", "phone", "email", "civic", "street", "city", "postal_code")
OF_FILE = (
    *("number", "nature", "channel", "received_at", "category", "department", "civic", "street", "sector"),
    *("place_note", "facts", "state", "last_reason", "done_on", "completed_at", "closed_at", "code"),
    "citizen_text",
)
OF_COMPLAINT = (  # what the person said and was told; neither who is targeted nor the inquiry (P §4.5)
    *(
        "number",
        "state",
        "received_at",
        "channel",
        *COORDINATES,
        "facts_on",
        "place",
        "facts",
        "danger_words",
    ),
    *("answer", "answered_on", "withdrawal"),
)
OF_REPORT = (
    *("sent_at", "state", "name", "phone", "email", "home_civic", "home_street", "home_city"),
    *("home_postal_code", "received_on", "civic", "street", "place_note", "facts", "file", "reason"),
)
OF_ACCESS = tuple(each.name for each in ACCESS_REQUESTS.fields if each.kind is not Kind.JSON
                  and each.name not in ("intake_token", "note", "third_party", "third_party_words",
                                        "third_party_told_on", "third_party_answer_on"))  # fmt: skip
OF_CLAIM = tuple(each.name for each in CLAIMS.fields)
OF_REFUSAL = ("starts_on", "ends_on", "lifted_at", "reason")
OF_FORM: Mapping[str, str] = {  # of a form begun and never saved: its field → what it is
    "name": "Nom", "phone": "Téléphone", "email": "Courriel",
    "home_civic": "Numéro civique", "home_street": "Rue",
    "city": "Municipalité", "postal_code": "Code postal",
    "home_city": "Municipalité", "home_postal_code": "Code postal",
    "civic": "Numéro civique du lieu", "street": "Rue ou lieu", "sector": "Secteur",
    "place_note": "Précision du lieu", "facts": "Exposé des faits", "answer": "Réponse donnée",
    "thanks_words": "Mot à transmettre",
}  # fmt: skip
_AMOUNTS = ("amount_cents", "paid_cents")
_OPEN = [nature for nature, readers in NATURES.items() if readers]


@dataclass(frozen=True)
class Part:
    """One part: its title, its columns, its rows of typed values; references are told by name."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass
class Person:
    """Who the file is about: his or her records among the citizens, and what he or she is known by."""

    citizens: Sequence[Row]
    known: Identity
    read: list[tuple[PrivateKind, str]] = field(default_factory=list)  # the private rows that were opened


def parts(counter: Counter[Writing], person: Person) -> tuple[Part, ...]:
    """Every part; of what is private, only those that hold something, so that none tells that it was left."""
    files = _files(counter.tx, person)
    ids = [row["id"] for row in files]
    told = (
        _part(counter.tx, "Coordonnées", CITIZENS, COORDINATES, person.citizens),
        _before(counter.tx, person),
        _part(counter.tx, "Demandes", FILES, OF_FILE, files),
        _part(counter.tx, "Réponses des services", ANSWERS, ("file", "month", "answer", "words"),
              counter.tx.find("answers", file=ids) if ids else ()),
        _part(counter.tx, "Informations transmises", TABLES["tellings"], ("file", "state", "text", "sent_at"),
              counter.tx.find("tellings", ("written_at",), file=ids) if ids else ()),
        _mails(counter.tx, person, ids),
        _part(counter.tx, "Pièces jointes", ATTACHMENTS, ("file", "name", "media_type", "size", "added_at"),
              counter.tx.find("attachments", file=ids, removed_at=None) if ids else ()),
        _in_the_field(counter.tx, person),
        _begun(counter.tx, person),
        _calls(counter.tx, person, ids),
        _part(counter.tx, "Remerciements", TABLES["thanks"], ("file", "employee", "employee_name", "words"),
              counter.tx.find("thanks", file=ids) if ids else ()),
        _part(counter.tx, "Réponses au sondage", TABLES["survey_answers"],
              ("file", "received_on", "satisfaction", "words"),
              counter.tx.find("survey_answers", file=ids) if ids else ()),
        _part(counter.tx, "À faire", TABLES["tasks"], ("kind", "file", "words", "due_at", "done_at"),
              counter.tx.find("tasks", file=ids) if ids else ()),
    )  # fmt: skip
    return (*told, *(part for part in _private(counter, person, ids) if part.rows))


def _files(tx: Reading, person: Person) -> list[Row]:
    """The ordinary files of this person, the latest first: the deed itself entitles to them (LAI 83)."""
    ids = [row["id"] for row in person.citizens]
    return tx.find("files", ("-received_at",), citizen=ids, nature=_OPEN) if ids else []


def _before(tx: Reading, person: Person) -> Part:
    """What the coordinates were: the history holds it too."""
    rows = [
        (entry.at, CITIZENS.field(name).label, before, after)
        for citizen in person.citizens
        for entry in entries(tx, "citizens", citizen["id"])
        for name, (before, after) in entry.changes.items()
        if name in COORDINATES and before is not None and before != after
    ]
    return Part("Coordonnées d'avant", ("Changées le", "Champ", "Avant", "Après"), tuple(rows))


def _mails(tx: Reading, person: Person, files: Sequence[str]) -> Part:
    """The mails sent to this person, without the bytes of any."""
    mails = SQL["mails"].c
    names = ("kind", "file", "to_name", "to_address", "subject", "state", "sent_at")
    query = select(*(mails[name] for name in names)).where(mails.file.in_(files)).order_by(mails.id)
    rows = (
        [row for row in tx.rows(query) if person.known.signs(None, None, row["to_address"])] if files else []
    )
    return _part(tx, "Courriels", MAILS, names, rows)


def _in_the_field(tx: Reading, person: Person) -> Part:
    """P §4.3: what employees noted of what this person said; those without any name are nobody's."""
    rows = [
        row
        for row in tx.find("field_reports", ("-sent_at",))
        if person.known.signs(row["name"], row["phone"], row["email"])
    ]
    return _signed(tx, person, "Signalements du terrain", TABLES["field_reports"], OF_REPORT, rows)


def _begun(tx: Reading, person: Person) -> Part:
    """R-81: what was begun about this person and never saved, by whoever it was."""
    mine, rows = {row["id"] for row in person.citizens}, []
    for form in left_forms.forms(tx):
        said = left_forms.fields(tx, form)
        signs = person.known.signs(*(_words(said.get(name)) for name in ("name", "phone", "email")))
        if signs or said.get("citizen") in mine:
            by = ", ".join(signs) or "la fiche choisie"
            told = "\n".join(
                f"{label} : {_words(said[name])}" for name, label in OF_FORM.items() if said.get(name)
            )
            photos = str(form.photos) if form.photos else None
            rows.append((by, form.words, french.moment(form.last_at), told, photos))
    return Part(
        "Saisies jamais enregistrées",
        ("Rapprochée par", "Saisie", "Laissée le", "Ce qui est inscrit", "Photos"),
        tuple(rows),
    )


def _words(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _calls(tx: Reading, person: Person, files: Sequence[str]) -> Part:
    """R-9: this person's new calls, on his or her own files and on those of others."""
    mine = {row["id"] for row in person.citizens}
    own = tx.find("contacts", ("-at",), file=list(files), citizen=None) if files else []
    others = tx.find("contacts", ("-at",), citizen=sorted(mine)) if mine else []
    names = ("file", "at", "channel", "words")
    return _part(tx, "Nouveaux appels", TABLES["contacts"], names, [*own, *others])


def _private(counter: Counter[Writing], person: Person, files: Sequence[str]) -> Iterator[Part]:
    """What is private, each kind to its own people (R-33)."""
    theirs: tuple[tuple[PrivateKind, str, Table, tuple[str, ...], Callable[[Row], bool]], ...] = (
        (PrivateKind.CLAIM, "Réclamations", CLAIMS, OF_CLAIM, lambda row: row["file"] in files),
        (PrivateKind.ACCESS, "Demandes d'accès", ACCESS_REQUESTS, OF_ACCESS, _bears(person)),
        (PrivateKind.COMPLAINT, "Plaintes", COMPLAINTS, OF_COMPLAINT, _bears(person)),
        (PrivateKind.SERVICE_REFUSAL, "Refus de service", SERVICE_REFUSALS, OF_REFUSAL,
         lambda row: row["citizen"] in {each["id"] for each in person.citizens}),
    )  # fmt: skip
    documents: list[tuple[Any, ...]] = []
    for kind, title, table, names, concerns in theirs:
        rows = [row for row in visible(counter, kind) if concerns(row)]
        person.read.extend((kind, row["id"]) for row in rows)
        yield _signed(counter.tx, person, title, table, names, rows)
        documents += [
            (title, each["kind"], each["name"], each["added_at"])
            for row in rows
            for each in counter.tx.find(
                "private_documents", ("added_at",), kind_of_file=kind, record=row["id"], removed_at=None
            )
        ]
    yield Part("Documents privés", ("Dossier", "Sorte", "Nom", "Ajouté le"), tuple(documents))


def visible(counter: Counter[Any], kind: PrivateKind) -> list[Row]:
    """The rows of that kind this visit may read, opened."""
    table = SQL[private.TABLES[kind]]
    query = select(table).where(private.visible(counter, kind)).order_by(table.c.id)
    rows: list[Row] = counter.tx.unsealed(table.name, counter.tx.rows(query))
    return rows


def _bears(person: Person) -> Callable[[Row], bool]:
    return lambda row: bool(person.known.signs(row["name"], row["phone"], row["email"]))


def _signed(
    tx: Reading, person: Person, title: str, table: Table, names: tuple[str, ...], rows: Sequence[Row]
) -> Part:
    """A part whose rows say by what they speak of this person, where that is not sure."""
    made = _part(tx, title, table, names, rows)
    if "name" not in names:
        return made
    signs = [", ".join(person.known.signs(row["name"], row["phone"], row["email"])) for row in rows]
    return Part(
        title,
        ("Rapprochée par", *made.columns),
        tuple((sign, *row) for sign, row in zip(signs, made.rows, strict=True)),
    )


def _part(tx: Reading, title: str, table: Table, names: Sequence[str], rows: Sequence[Row]) -> Part:
    fields = [table.field(name) for name in names]
    return Part(
        title,
        tuple(each.label.removesuffix(" (cents)") for each in fields),
        tuple(tuple(_told(tx, each, row) for each in fields) for row in rows),
    )


def _told(tx: Reading, field: Field, row: Mapping[str, Any]) -> Any:
    value = row[field.name]
    if field.kind is Kind.REF and field.ref and value:
        return called(tx, field.ref, value)
    return dollars(value) if field.name in _AMOUNTS else value
