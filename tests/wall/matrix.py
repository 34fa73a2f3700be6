"""Role × act × kind of private file: one table, and what each person really gets when they try."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from desk import (
    access,
    access_intake,
    access_letters,
    access_moves,
    access_register,
    claims,
    complaint_file,
    complaint_letters,
    complaints,
    courtesy,
    dangers,
    incidents,
    inquiries,
    investigations,
    investigators,
    person,
    private_documents,
)  # fmt: skip
from desk.complaints import Deposit
from desk.scope import NotFound
from desk.visits import Visit
from policy.complaints import Complaint
from policy.investigation import Turn
from policy.private_words import PrivateKind, StepKind
from policy.reasons import Refused
from tests.cast import CAST
from tests.wall.planted import NOON, Town

ABSENT = {"P": "P2026-0999", "A": "A2026-0999", "2": "2026-09999"}  # as what is there, but not there


class Gets(StrEnum):
    """What somebody gets who tries."""

    SEES = "l'obtient"  # or is refused for what is missing, as whoever may do it is
    UNKNOWN = "introuvable"
    RESERVED = "réservé"
    NOTHING = "une liste vide"


Try = Callable[[Town, Visit, str], Any]


@dataclass(frozen=True)
class Line:
    """One act: who gets it, what everybody else gets, and who is answered otherwise still."""

    kind: PrivateKind
    act: str
    attempt: Try
    sees: frozenset[str]
    others: Gets = Gets.UNKNOWN
    besides: dict[str, Gets] = field(default_factory=dict)
    what: str = ""  # the field of the town that says which; empty: the act names none


def line(kind: PrivateKind, act: str, attempt: Try, sees: str, others: Gets, what: str = "",
         **besides: Gets) -> Line:  # fmt: skip
    return Line(kind, act, attempt, frozenset(sees.split()), others, besides, what)


C, A, R = PrivateKind.COMPLAINT, PrivateKind.ACCESS, PrivateKind.CLAIM
UNKNOWN, RESERVED, NOTHING = Gets.UNKNOWN, Gets.RESERVED, Gets.NOTHING
READERS = "director planner"  # who investigates, and whom he or she admitted
DESK = "technician director"
ROOM = "general clerk"
OPEN = Deposit("jeton-essai", Complaint())

# P §4.5, P §4.6, R-8, R-40, R-62, R-82. Whoever is not named gets the word after: « introuvable » where the
# file is named, « réservé » where the act is, nothing where it is a list. « experience » was admitted to the
# complaint and is no longer; the other complaint names the director.
TABLE = (
    line(C, "déposer", lambda t, v, n: complaints.check(v, OPEN), DESK, RESERVED),
    line(C, "examiner à la saisie", lambda t, v, n: complaints.preview(v, Complaint()), DESK, RESERVED),
    line(C, "signaler un danger", lambda t, v, n: dangers.danger(v, dangers.Danger("jeton-d", "")),
         f"{DESK} planner", RESERVED),
    line(C, "choisir une personne", lambda t, v, n: investigators.colleagues(v), f"{DESK} general planner",
         RESERVED),
    line(C, "voir la liste", lambda t, v, n: complaints.listed(v), READERS, NOTHING),
    line(C, "lire", lambda t, v, n: complaint_file.opened(v, n), READERS, UNKNOWN, "complaint"),
    line(C, "lire celle qui nomme le directeur", lambda t, v, n: complaint_file.opened(v, n), "", UNKNOWN,
         "other"),
    line(C, "traiter celle qui nomme le directeur", lambda t, v, n: investigations.decide(v, n), "", UNKNOWN,
         "other"),
    line(C, "lire le journal", lambda t, v, n: complaints.journal(v, n), "director", UNKNOWN, "complaint",
         planner=RESERVED),
    line(C, "examiner", lambda t, v, n: investigations.decide(v, n, {"received_at": None}), "director",
         UNKNOWN, "complaint", planner=RESERVED),
    line(C, "enquêter", lambda t, v, n: investigations.take(v, n, Turn.INVESTIGATE), "director", UNKNOWN,
         "complaint", planner=RESERVED),
    line(C, "déroger", lambda t, v, n: investigations.derogate(v, n, ""), "director", UNKNOWN, "complaint",
         planner=RESERVED),
    line(C, "répondre", lambda t, v, n: investigations.write_answer(v, n, ""), "director", UNKNOWN,
         "complaint", planner=RESERVED),
    line(C, "transmettre la réponse", lambda t, v, n: investigations.mark_answered(v, n, NOON.date()),
         "director", UNKNOWN, "complaint", planner=RESERVED),
    line(C, "admettre à la lecture", lambda t, v, n: investigations.name_reader(v, n, "", ""), "director",
         UNKNOWN, "complaint", planner=RESERVED),
    line(C, "se récuser", lambda t, v, n: investigations.recuse(v, n, ""), "director", UNKNOWN, "complaint",
         planner=RESERVED),
    line(C, "nommer une personne", lambda t, v, n: inquiries.add_person(v, n, complaints.Named("")),
         "director", UNKNOWN, "complaint", planner=RESERVED),
    line(C, "noter", lambda t, v, n: inquiries.note(v, n, inquiries.Given(StepKind.NOTE, "")), "director",
         UNKNOWN, "complaint", planner=RESERVED),
    line(C, "voir la lettre", lambda t, v, n: complaint_letters.preview(v, n), "director", UNKNOWN,
         "complaint", planner=RESERVED),
    line(C, "voir ce qui attend une désignation", lambda t, v, n: investigators.needing(v), "general",
         RESERVED),
    line(C, "désigner", lambda t, v, n: investigators.designate(v, n, ""), "general", RESERVED, "other"),
    line(C, "désigner quand rien ne l'appelle", lambda t, v, n: investigators.designate(v, n, ""), "",
         RESERVED, "complaint", general=UNKNOWN),
    line(C, "lister ses documents", lambda t, v, n: private_documents.listed(v, C, t.records[C]), READERS,
         UNKNOWN),
    line(C, "lire un document", lambda t, v, n: private_documents.read(v, t.documents[C]), READERS, UNKNOWN),
    line(C, "joindre un document", lambda t, v, n: private_documents.add(v, C, t.records[C], []), "director",
         UNKNOWN, planner=RESERVED),
    line(C, "retirer un document", lambda t, v, n: private_documents.remove(v, t.documents[C], ""),
         "director", UNKNOWN, planner=RESERVED),
    line(PrivateKind.PERSONNEL, "lire", lambda t, v, n: inquiries.personnel(v), "general director", NOTHING),
    line(A, "inscrire", lambda t, v, n: access_intake.check(v, access_intake.Asked("jeton-a")),
         f"{DESK} {ROOM}", RESERVED),
    line(A, "lire", lambda t, v, n: access.open(v, n), ROOM, UNKNOWN, "access"),
    line(A, "corriger", lambda t, v, n: access.edit(v, n, {"name": "", "words": ""}, {}), ROOM, UNKNOWN,
         "access"),
    line(A, "traiter", lambda t, v, n: access_moves.noticed(v, n, None), ROOM, UNKNOWN, "access"),
    line(A, "décider", lambda t, v, n: access_moves.decide(v, n, None, {}, None), ROOM, UNKNOWN, "access"),
    line(A, "voir une lettre", lambda t, v, n: access_letters.preview(v, n, access_letters.Paper.EXTENSION),
         ROOM, UNKNOWN, "access"),
    line(A, "voir le registre", lambda t, v, n: access_register.page(v), ROOM, RESERVED),
    line(A, "exporter le registre", lambda t, v, n: access_register.exported(v), ROOM, RESERVED),
    line(A, "lister ses documents", lambda t, v, n: private_documents.listed(v, A, t.records[A]), ROOM,
         UNKNOWN),
    line(A, "lire un document", lambda t, v, n: private_documents.read(v, t.documents[A]), ROOM, UNKNOWN),
    line(A, "joindre un document", lambda t, v, n: private_documents.add(v, A, t.records[A], []), ROOM,
         UNKNOWN),
    line(R, "voir la liste", lambda t, v, n: claims.page(v), f"{DESK} clerk", RESERVED),
    line(R, "lire", lambda t, v, n: claims.open(v, n), f"{DESK} clerk", UNKNOWN, "claim"),
    line(R, "tenir", lambda t, v, n: claims.save(v, n, {"amount_cents": "beaucoup"}), f"{DESK} clerk",
         UNKNOWN, "claim"),
    line(R, "décider", lambda t, v, n: claims.save(v, n, {"paid_cents": "beaucoup"}), "clerk", UNKNOWN,
         "claim", technician=RESERVED, director=RESERVED),
    line(R, "lister ses documents", lambda t, v, n: private_documents.listed(v, R, t.records[R]),
         f"{DESK} clerk", UNKNOWN),
    line(R, "lire un document", lambda t, v, n: private_documents.read(v, t.documents[R]), f"{DESK} clerk",
         UNKNOWN),
    line(PrivateKind.SERVICE_REFUSAL, "lire", lambda t, v, n: courtesy.refusals(v), "director", RESERVED),
    line(PrivateKind.SERVICE_REFUSAL, "refuser", lambda t, v, n: courtesy.refuse(v, t.citizen, "", None),
         "director", RESERVED),
    line(PrivateKind.SERVICE_REFUSAL, "désigner la personne", lambda t, v, n: courtesy.someone(v, t.file),
         "director", RESERVED),
    line(PrivateKind.SERVICE_REFUSAL, "savoir jusqu'à quand",
         lambda t, v, n: courtesy.refused_until(v, [t.citizen]), DESK, NOTHING),
    line(PrivateKind.INCIDENT, "voir le registre", lambda t, v, n: incidents.register(v), ROOM, RESERVED),
    line(PrivateKind.INCIDENT, "exporter", lambda t, v, n: incidents.exported(v), ROOM, RESERVED),
    line(PrivateKind.INCIDENT, "inscrire", lambda t, v, n: incidents.enter(v, {}, "jeton-i"), ROOM, RESERVED),
    line(PrivateKind.INCIDENT, "lire", lambda t, v, n: incidents.open(v, n), ROOM, UNKNOWN, "incident"),
    line(PrivateKind.INCIDENT, "compléter",
         lambda t, v, n: incidents.amend(v, n, {"found_on": "2027-01-01"}), ROOM, UNKNOWN, "incident"),
    line(PrivateKind.PERSON, "chercher", lambda t, v, n: person.find(v, "zplaintxnom"), "director",
         RESERVED, general=NOTHING, clerk=NOTHING),
    line(PrivateKind.PERSON, "réunir",
         lambda t, v, n: person.gather(v, [f"complaints.{t.records[C]}"]), "director", RESERVED,
         general=UNKNOWN, clerk=UNKNOWN),
)  # fmt: skip

_FORBIDDEN = ("vous ne pouvez pas", "réservé", "vous pouvez lire", "seule la personne", "ce geste revient")


def got(town: Town, each: Line, who: str, number: str) -> tuple[Gets, str]:
    """What that person gets for that act on that file, and in what words."""
    try:
        found = each.attempt(town, town.cast.visit(who, NOON), number)
    except NotFound as no:
        return UNKNOWN, repr(no.grounds)
    except Refused as no:
        told = str(no).casefold()
        return (RESERVED if any(words in told for words in _FORBIDDEN) else Gets.SEES), told
    empty = (not found and each.others is NOTHING) or (isinstance(found, tuple | list) and not found and
                                                    each.act == "chercher")  # fmt: skip
    return (NOTHING if empty else Gets.SEES), ""


def faults(town: Town, table: tuple[Line, ...] = TABLE) -> Iterator[str]:
    """Every place where somebody gets what the table does not say, or is told apart from a wrong number."""
    for each in table:
        real = str(getattr(town, each.what)) if each.what else ""
        absent = ABSENT.get(real[:1], "jamais-vu") if each.what != "incident" else "jamais-vu"
        for who in CAST:
            expected = Gets.SEES if who in each.sees else each.besides.get(who, each.others)
            answer, words = got(town, each, who, real)
            if answer is not expected:
                yield f"{who}, {each.kind}, {each.act}: {answer} ({words}), not {expected}"
            elif expected is UNKNOWN and got(town, each, who, absent) != (UNKNOWN, words):
                yield f"{who}, {each.kind}, {each.act}: told apart from a number that does not exist"
            elif expected is UNKNOWN and words != repr(NotFound().grounds):
                yield f"{who}, {each.kind}, {each.act}: in other words: {words}"
