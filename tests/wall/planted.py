"""A town whose private files of every kind are full of words found nowhere else, made as people make them."""

from dataclasses import dataclass

from desk import (
    access,
    access_intake,
    access_moves,
    claims,
    complaint_file,
    courtesy,
    incidents,
    inquiries,
    investigations,
    private_documents,
    search,
)  # fmt: skip
from desk.complaints import Deposit, Named, deposit
from desk.inquiries import Given
from policy.complaints import Complaint, Signature
from policy.investigation import Conclusion, Turn
from policy.private_words import (
    ClaimDecision,
    Damage,
    Decision,
    Finding,
    Measure,
    Part,
    PrivateKind,
    StepKind,
)  # fmt: skip
from policy.words import Channel, Nature
from tests.cast import Cast, day, moment
from tests.desk.demands import opened
from tests.desk.filing import filed

NINE = moment("Mon 2026-11-16 09:00")
TEN = moment("Tue 2026-11-17 10:00")
NOON = moment("Tue 2026-11-17 12:00")
TODAY = TEN.date()

# The word each kind plants, whatever follows it; numbers that are typed stand for theirs. None is a « z » and
# the name of a kind or of a table: beside something sealed that ends with a z, that name would read as one.
WORDS = {
    PrivateKind.COMPLAINT: ("zplaintx", "5557731", "555-7731", "908719087"),
    PrivateKind.PERSONNEL: ("zemployx",),
    PrivateKind.ACCESS: ("zaccex", "5557732", "555-7732", "908729087"),
    PrivateKind.CLAIM: ("zreclax", "7733.31", "7 733,31", "773331"),
    PrivateKind.SERVICE_REFUSAL: ("zrefux",),
    PrivateKind.INCIDENT: ("zincidenx", "773417"),
}


@dataclass(frozen=True)
class Town:
    """Where the private files are, for who tries their addresses."""

    address: str  # of its database
    cast: Cast
    complaint: str  # its number; the director investigates, the planner was admitted to it
    other: str  # the number of one that names the director: nobody investigates it yet
    person: str  # somebody the first one names
    access: str
    claim: str  # the number of its file
    refusal: str
    citizen: str  # to whom service is refused
    file: str  # that citizen's file
    incident: str
    records: dict[PrivateKind, str]  # the id of the private row
    documents: dict[PrivateKind, str]


def plant(cast: Cast, address: str) -> Town:
    """The complaint investigated to its end and answered, the rest begun or done."""
    other = deposit(
        cast.visit("technician", NINE),
        _typed("zplaintxdeux", Named("Denis Bélanger", "Directeur zplaintxposte")),
    ).number
    complaint = _complaint(cast)
    access_number = _access(cast)
    claim = _claim(cast)
    file = opened(cast)
    refusal = courtesy.refuse(
        cast.visit("director", TEN), file.citizen, "zrefuxmotif au comptoir", day("Wed 2026-12-16")
    )
    incident = _incident(cast)
    with cast.house.store.reading() as tx:
        records = {
            PrivateKind.COMPLAINT: _id(tx.first("complaints", number=complaint)),
            PrivateKind.PERSONNEL: _id(tx.first("personnel")),
            PrivateKind.ACCESS: _id(tx.first("access_requests")),
            PrivateKind.CLAIM: _id(tx.first("claims")),
            PrivateKind.SERVICE_REFUSAL: refusal.id,
            PrivateKind.INCIDENT: incident,
        }
        person = _id(tx.first("complaint_people", complaint=records[PrivateKind.COMPLAINT]))
    people = {PrivateKind.ACCESS: "clerk", PrivateKind.CLAIM: "clerk"}
    documents = {
        kind: private_documents.add(
            cast.visit(who, TEN), kind, records[kind], [(f"{WORDS[kind][0]}piece.txt", _text(kind))]
        )[0].id
        for kind, who in people.items()
    }
    with cast.house.store.reading() as tx:
        of_complaint = tx.find("private_documents", kind_of_file=PrivateKind.COMPLAINT)
        documents[PrivateKind.COMPLAINT] = next(
            row["id"] for row in of_complaint if row["name"].startswith("zplaintx")
        )
    return Town(
        address, cast, complaint, other, person, access_number, claim, refusal.id, file.citizen, file.number,
        incident, records, documents,
    )  # fmt: skip


def _id(row: object) -> str:
    assert isinstance(row, dict)
    return str(row["id"])


def _text(kind: PrivateKind) -> bytes:
    return f"Ce document dit {WORDS[kind][0]}contenu.\n".encode()


def _typed(word: str, *people: Named) -> Deposit:
    return Deposit(
        f"jeton-{len(word)}",
        Complaint(
            channel=Channel.MAIL, received_at=NINE, facts_on=day("Fri 2026-11-06"),
            facts=f"{word}faits : il a crié.", place=f"{word}lieu", department=f"{word}service",
            signature=Signature.HAND, name=f"{word}nom", phone="450 555-7731", email=f"{word}@exemple.test",
            civic="908719087", street=f"{word}rue", city=f"{word}ville", postal_code="J0R 1T0", danger=True,
            danger_words=f"{word}danger",
        ),
        people,
    )  # fmt: skip


def _complaint(cast: Cast) -> str:
    named = (
        Named("Zplaintxvise Roy", "zplaintxfonction"),
        Named("zplaintxtemoin", "zplaintxtemoinposte", part=Part.WITNESS),
    )
    number = deposit(cast.visit("technician", NINE), _typed("zplaintx", *named)).number
    director = cast.visit("director", TEN)
    investigations.decide(director, number, {"place": "zplaintxlieucorrige"})
    investigations.take(director, number, Turn.INVESTIGATE)
    investigations.name_reader(director, number, cast.accounts["planner"], "zplaintxlecteur")
    investigations.name_reader(director, number, cast.accounts["experience"], "zplaintxlecteur")
    record = complaint_file.opened(director, number)
    gone = next(each for each in record.readers if each.name == "Marc Dubé")
    investigations.withdraw_reader(director, number, gone.id)
    private_documents.add(
        director, PrivateKind.COMPLAINT, record.id, [("zplaintxpiece.txt", _text(PrivateKind.COMPLAINT))]
    )
    person = next(each.id for each in record.people if each.part is Part.TARGETED)
    for kind in StepKind:
        inquiries.note(director, number, Given(kind, f"zplaintx{kind.name.lower()}", TODAY, person))
    founded = Conclusion(
        Finding.FOUNDED, "zplaintxmotifs", "zemployxincident", Measure.WRITTEN_NOTICE, "zemployxmesure"
    )
    assert inquiries.conclude_person(director, number, person, founded).done
    investigations.write_answer(director, number, "zplaintxreponse")
    investigations.take(director, number, Turn.CONCLUDE)
    investigations.mark_answered(director, number, TODAY)
    return number


def _access(cast: Cast) -> str:
    asked = access_intake.Asked(
        token="jeton-acces", channel=Channel.EMAIL, words="zaccexdocuments", name="zaccexnom",
        organisation="zaccexorganisme", email="zaccex@exemple.test", phone="450 555-7732", civic="908729087",
        street="zaccexrue", city="zaccexville", postal_code="J0R 1T0",
    )  # fmt: skip
    number = access_intake.receive(cast.visit("technician", NINE), asked).number
    clerk = cast.visit("clerk", TEN)
    assert access.edit(clerk, number, {"note": "zaccexnote"}, {}).done
    assert access_moves.third_party(clerk, number, "zaccextiers", TODAY).done
    assert access_moves.heard(clerk, number, TODAY, "zaccexobservations").done
    why = {"reason": "zaccexmotifs", "provisions": "article 29 zaccexdispositions"}
    assert access_moves.decide(clerk, number, Decision.REFUSED, why, TODAY).done
    return number


def _claim(cast: Cast) -> str:
    number = "2026-00050"
    file = filed(cast, number, nature=Nature.CLAIM, facts="Une branche est tombée.")
    with cast.visit("technician", NINE).writing() as counter:
        search.index(counter, file["id"])
    typed = {
        "damage": Damage.PROPERTY, "damage_words": "zreclaxdommage", "event_on": day("Fri 2026-11-06"),
        "event_place": "zreclaxlieu", "amount_cents": "7733,31", "notice_on": TODAY, "clerk_on": TODAY,
        "insurer_on": TODAY, "insurer": "zreclaxassureur", "insurer_number": "zreclaxnumero",
        "decision": ClaimDecision.REFUSED, "decided_on": TODAY, "decision_words": "zreclaxdecision",
    }  # fmt: skip
    assert claims.save(cast.visit("clerk", TEN), number, typed).done
    return number


def _incident(cast: Cast) -> str:
    texts = ("occurred", "what", "information", "sensitivity", "consequences", "likelihood", "measures")
    typed = {name: f"zincidenx{name}" for name in texts}
    whole = {**typed, "found_on": "2026-11-12", "people": "773417", "serious": True,
             "no_notice": "zincidenxavis"}  # fmt: skip
    return incidents.enter(cast.visit("clerk", TEN), whole, "jeton-incident")
