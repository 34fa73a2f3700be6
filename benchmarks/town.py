"""A large town, invented: its people, its citizens, its files of five years; the same at each generation."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from policy.numbering import number, series_of
from policy.towntime import from_town, town_day
from policy.words import Channel, Duty, Nature, Role, State, WaitReason
from sync.ids import new_id
from sync.store import Row

NOW = from_town(datetime.fromisoformat("2026-11-23 10:00"))  # Mon, RNC day: the grid has all its columns
SPAN = timedelta(days=5 * 365)
OPEN_SHARE = 0.03
SECRETARIES = 3  # of each department

# How the open files stand, and how the demands come in.
STANDING = {State.ROUTED: 14, State.TAKEN: 30, State.PLANNED: 24, State.WAITING: 22, State.TO_CLOSE: 10}
CHANNELS = {
    **{Channel.PHONE: 55, Channel.EMAIL: 20, Channel.WEB_FORM: 12, Channel.IN_PERSON: 8},
    **{Channel.MAIL: 2, Channel.FIELD: 2, Channel.SOCIAL: 1},
}
WAYS = ("rue", "rue", "rue", "chemin", "montée", "rang", "avenue", "croissant", "place", "boulevard")
OF_NATURE = (
    "des Érables", "du Lac", "des Pins", "de la Gare", "des Merles", "du Moulin", "des Cèdres", "du Ruisseau",
    "de la Rivière", "des Bouleaux", "du Vieux-Pont", "des Hirondelles", "de la Montagne", "des Lilas",
    "du Verger", "de l'Église", "des Outardes", "du Sommet", "de la Clairière", "des Trilles",
)  # fmt: skip
TAILS = (
    "Troisième appel depuis le {day}.", "À la hauteur du {civic}, côté pair.",
    "Le voisin du {civic} confirme.", "Photo numéro {many} jointe au courriel.",
    "La personne demande un rappel après {hour} heures.",
    "Même problème que le dossier de {year}.", "Il faudrait environ {few} mètres.",
    "L'autobus scolaire {many} passe à {hour} heures.", "Constaté le {day} vers {hour} heures.",
    "Le lampadaire {many} est juste à côté.", "Compteur {many}, lecture de {year}.",
)  # fmt: skip


@dataclass(frozen=True)
class Settings:
    """What the generation needs of the town: rows by table, and ``config.demonstration.tale``."""

    departments: Sequence[Row]
    categories: Sequence[Row]
    codes: Mapping[str, str]  # ids by code
    tale: Mapping[str, Any]


@dataclass
class Made:
    """A batch of what was invented: rows of ``files`` (without their computed dates) and of ``pauses``."""

    files: list[dict[str, Any]] = field(default_factory=list)
    pauses: list[dict[str, Any]] = field(default_factory=list)


def accounts(departments: Sequence[Row]) -> list[Row]:
    """Three technicians, a director, and the secretaries of each department. Nobody has a password."""
    rows = [_account(f"Technicien {rank}", Role.TECHNICIAN) for rank in range(1, 4)]
    rows.append(_account("Directrice", Role.DIRECTOR))
    for department in departments:
        name = str(department["name"])
        rows += [
            _account(f"Secrétaire {rank} {name}", Role.RESPONSABLE, str(department["id"]))
            for rank in range(1, SECRETARIES + 1)
        ]
    return rows


def _account(name: str, role: Role, *departments: str) -> Row:
    email = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name.lower())
    return {
        "name": name,
        "email": f"{email}@ville.example",
        "extension": "2100",
        "roles": [role.value],
        "departments": list(departments),
        "active": True,
    }


def designations(departments: Sequence[Row]) -> list[Row]:
    """A Responsable of reception and one of execution in each department."""
    return [
        {
            "department": department["id"],
            "duty": duty,
            "person": f"{duty.value} {rank}",
            "email": f"{duty.name.lower()}{rank}@ville.example",
            "starts_on": date(2020, 1, 1),
            "employee_signed": True,
            "director_signed": True,
        }
        for rank, department in enumerate(departments)
        for duty in (Duty.RECEPTION, Duty.EXECUTION)
    ]


def council() -> list[Row]:
    """A mayor and six members."""
    return [{"name": f"Membre {rank}", "email": f"conseil{rank}@ville.example"} for rank in range(1, 8)]


def citizens(count: int, tale: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """As many citizens; a telephone each, an e-mail for half of them."""
    chance = Random("citizens")
    streets = _streets()
    for rank in range(count):
        first, last = chance.choice(tale["first_names"]), chance.choice(tale["last_names"])
        if chance.random() < 0.3:
            last = f"{last}-{chance.choice(tale['last_names'])}"
        digits = f"450{200 + rank // 10_000}{rank % 10_000:04}"
        yield {
            "name": f"{first} {last}",
            "phone": f"{digits[:3]} {digits[3:6]}-{digits[6:]}",
            "phone_digits": digits,
            "email": f"citoyen{rank}@example.org" if chance.random() < 0.5 else None,
            "civic": str(chance.randrange(1, 3_000)),
            "street": chance.choice(streets),
            "city": "Prévost",
            "postal_code": f"J0R 1T{chance.randrange(10)}",
        }


def files(count: int, here: Settings, citizens: Sequence[str], batch: int) -> Iterator[Made]:
    """As many files in order of arrival, by batches; the newest are those still open, most of them."""
    chance = Random("files")
    tell = _Telling(here, citizens, chance)
    arrivals = sorted(_arrivals(count, chance))
    numbers: dict[int, int] = {}
    made = Made()
    for received, is_open in arrivals:
        tell.file(received, is_open, numbers, made)
        if len(made.files) == batch:
            yield made
            made = Made()
    if made.files:
        yield made


def _arrivals(count: int, chance: Random) -> Iterator[tuple[datetime, bool]]:
    """Moments of reception, mostly in office hours; an open file is seldom older than a few months."""
    still = round(count * OPEN_SHARE)
    for rank in range(count):
        is_open = rank < still
        ago = chance.expovariate(1 / 30) if is_open else 2 + chance.random() * (SPAN.days - 2)
        day = town_day(NOW) - timedelta(days=min(int(ago), SPAN.days))
        if day.weekday() > 4 and chance.random() < 0.9:
            day -= timedelta(days=2)
        if day == town_day(NOW):
            hour = time(8, chance.randrange(60), chance.randrange(60))
        else:
            hour = time(chance.randrange(8, 17), chance.randrange(60), chance.randrange(60))
        yield from_town(datetime.combine(day, hour)), is_open


class _Telling:
    """Draws the files one after the other."""

    def __init__(self, here: Settings, citizens: Sequence[str], chance: Random) -> None:
        self.here, self.citizens, self.chance = here, citizens, chance
        self.topics: Mapping[str, Any] = here.tale["topics"]
        self.known = [row for row in here.categories if row["department"] and row["name"] in self.topics]
        self.weights = [float(self.topics[row["name"]].get("weight", 2)) for row in self.known]
        self.pool = [words for topic in self.topics.values() for words in topic["facts"]]
        self.streets = _streets()

    def file(self, received: datetime, is_open: bool, numbers: dict[int, int], made: Made) -> None:
        """One more file, with its pause when it waits."""
        chance = self.chance
        category = chance.choices(self.known, self.weights)[0]
        answered = not is_open and chance.random() < 0.08
        nature = chance.choice((Nature.INFORMATION, Nature.COMMENT)) if answered else Nature.REQUEST
        year = town_day(received).year
        numbers[year] = numbers.get(year, 0) + 1
        row: dict[str, Any] = {
            "id": new_id(received),
            "number": number(series_of(nature), year, numbers[year]),
            "nature": nature,
            "channel": chance.choices(list(CHANNELS), list(CHANNELS.values()))[0],
            "received_at": received,
            "category": category["id"],
            "department": category["department"],
            "priority": category["priority"],
            "civic": str(chance.randrange(1, 3_000)),
            "street": chance.choice(self.streets),
            "sector": chance.choice(self.here.tale["sectors"]),
            "place_note": chance.choice(self.here.tale["place_notes"]) if chance.random() < 0.2 else None,
            "facts": self._facts(category["name"], received),
            "citizen": chance.choice(self.citizens) if chance.random() < 0.95 else None,
            "first_contact": answered,
            "state": State.NEW,
            "complex": chance.random() < 0.01,
            "moved_at": received,
        }
        row["anonymous"] = row["citizen"] is None
        if is_open:
            self._stands(row, made)
        else:
            self._ended(row, category, answered)
        made.files.append(row)

    def _facts(self, category: str, received: datetime) -> str:
        chance = self.chance
        told = [chance.choice(self.topics[category]["facts"])]
        told += [
            chance.choice(TAILS).format(
                day=town_day(received) - timedelta(days=chance.randrange(30)),
                civic=chance.randrange(1, 3_000),
                many=chance.randrange(10_000, 99_999),
                few=chance.randrange(2, 40),
                hour=chance.randrange(7, 21),
                year=received.year - 1,
            )
            for _ in range(chance.randrange(3))
        ]
        if chance.random() < 0.3:
            told.append(chance.choice(self.pool))
        return " ".join(told)

    def _stands(self, row: dict[str, Any], made: Made) -> None:
        chance, received = self.chance, row["received_at"]
        if chance.random() < 0.02:
            row["department"] = None
            return
        row["state"] = chance.choices(list(STANDING), list(STANDING.values()))[0]
        row["moved_at"] = min(NOW, received + timedelta(days=chance.expovariate(1 / 6)))
        row["acknowledged_at"] = row["moved_at"]
        if row["state"] is State.PLANNED:
            row["planned_on"] = town_day(row["moved_at"]) + timedelta(days=chance.randrange(1, 20))
        if row["state"] is State.WAITING:
            row["wait_reason"] = chance.choice([each for each in WaitReason if each is not WaitReason.OTHER])
            made.pauses.append({"file": row["id"], "starts_on": town_day(row["moved_at"])})
        if chance.random() < 0.3:
            row["next_action"] = chance.choice(self.here.tale["next_actions"])

    def _ended(self, row: dict[str, Any], category: Row, answered: bool) -> None:
        chance, received = self.chance, row["received_at"]
        took = timedelta(0) if answered else timedelta(days=0.2 + chance.expovariate(1 / 9))
        ended = min(NOW, received + took)
        row |= {"closed_at": ended, "first_closed_at": ended, "moved_at": ended}
        if not answered and chance.random() < 0.03:
            row |= {"state": State.CANCELLED, "last_reason": chance.choice(self.here.tale["cancelled"])}
            return
        topic = self.topics[category["name"]]
        row |= {
            "state": State.DONE,
            "completed_at": ended,
            "acknowledged_at": None if answered else min(ended, received + timedelta(hours=5)),
            "code": self.here.codes["238"],
            "done_on": town_day(ended),
            "done_extension": "2210",
            "note": chance.choice(topic["done"]),
            "citizen_text": chance.choice(topic["told"]) if chance.random() < 0.6 else None,
        }


def _streets() -> list[str]:
    return sorted({f"{way} {name}" for way in WAYS for name in OF_NATURE})
