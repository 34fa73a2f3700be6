"""The private files of the demonstration: deposited, asked for and handled by its people, as people do it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from desk import access_intake, claims, complaints, incidents, inquiries, investigations, sessions
from desk.access_intake import Asked
from desk.complaints import Deposit, Named
from desk.house import House
from desk.inquiries import Given
from desk.town import town
from desk.visits import Visit
from policy.complaints import Complaint, Signature
from policy.investigation import Turn
from policy.private_words import Damage, Part, StepKind
from policy.towntime import from_town, town_day
from policy.words import Channel, Role

Scene = Mapping[str, Any]
LATER = timedelta(hours=2)  # between what comes in and what is done about it
_OURS = {"days_ago", "facts_days_ago", "investigated", "notes", "notice_days"}  # of a scene, not of its form


def put_in_place(house: House, scenes: Mapping[str, Sequence[Scene]], at: datetime) -> None:
    """The complaints, requests, claims and incidents of ``config/demo/private.toml``; once.

    What lies is left as it is: a town where a private file is there already gets none.
    """
    with house.store.reading() as tx:
        if any(tx.first(table) for table in ("complaints", "access_requests", "claims", "incidents")):
            return
    hands = Hands(house, at)
    for rank, scene in enumerate(scenes["complaints"]):
        _complaint(hands, rank, scene)
    for rank, scene in enumerate(scenes["access"]):
        _access(hands, rank, scene)
    _claims(hands, scenes["claims"])
    for rank, scene in enumerate(scenes["incidents"]):
        found = {"found_on": hands.day(scene["days_ago"]).isoformat()}
        incidents.enter(hands.visit(Role.CLERK, at), found | _form(scene), f"demonstration-{rank}")
    hands.leave()


class Hands:
    """The people of the demonstration, by role, at the moments they act."""

    def __init__(self, house: House, at: datetime) -> None:
        self._house, self.at = house, at
        self._tokens: list[tuple[str, datetime]] = []
        with house.store.reading() as tx:
            self._accounts = tx.find("accounts")
            self._calendar = town(tx, town_day(at)).calendar

    def day(self, days_ago: int) -> date:
        """So many days ago, or the working day before."""
        return self._calendar.on_or_before(town_day(self.at) - timedelta(days=days_ago))

    def morning(self, days_ago: int) -> datetime:
        """Ten o'clock that day."""
        return from_town(datetime.combine(self.day(days_ago), time(10)))

    def visit(self, role: Role, at: datetime) -> Visit:
        """A visit of the first person of that role at that moment."""
        account = next(each for each in self._accounts if role.value in each["roles"])
        with self._house.store.writing() as tx:
            token = sessions.open_session(tx, account["id"], at)
        self._tokens.append((token, at))
        return Visit(self._house, at, session=sessions.hash_token(token))

    def leave(self) -> None:
        """Nobody sits there any more."""
        for token, at in self._tokens:
            sessions.sign_out(self._house, token, at)


def _complaint(hands: Hands, rank: int, scene: Scene) -> None:
    received = hands.morning(scene["days_ago"])
    complaint = Complaint(
        **{name: value for name, value in _form(scene).items() if name != "people"}
        | {
            "channel": Channel(scene["channel"]),
            "signature": Signature(scene.get("signature", Signature.NONE)),
            "received_at": received,
            "facts_on": hands.day(scene["facts_days_ago"]),
        }
    )
    people = tuple(
        Named(each["name"], each["post"], part=Part(each.get("part", Part.TARGETED)))
        for each in scene["people"]
    )
    given = Deposit(f"demonstration-{rank}", complaint, people)
    number = complaints.deposit(hands.visit(Role.TECHNICIAN, received), given).number
    if scene.get("investigated"):
        director = hands.visit(Role.DIRECTOR, received + LATER)
        investigations.decide(director, number)
        investigations.take(director, number, Turn.INVESTIGATE)
        for note in scene["notes"]:
            inquiries.note(director, number, Given(StepKind.NOTE, note))


def _access(hands: Hands, rank: int, scene: Scene) -> None:
    received = hands.morning(scene["days_ago"])
    asked = Asked(
        token=f"demonstration-{rank}",
        **_form(scene) | {"channel": Channel(scene["channel"]), "received_at": received},
    )
    access_intake.receive(hands.visit(Role.TECHNICIAN, received), asked)


def _claims(hands: Hands, scenes: Sequence[Scene]) -> None:
    clerk = hands.visit(Role.CLERK, hands.at)
    for line, scene in zip(claims.page(clerk).lines, scenes, strict=False):
        arrived = town_day(line.received_at)
        typed = _form(scene) | {
            "damage": Damage(scene["damage"]),
            "event_on": arrived,
            "event_place": line.place,
            "notice_on": min(arrived + timedelta(days=scene["notice_days"]), town_day(hands.at)),
        }
        claims.save(clerk, line.number, typed)


def _form(scene: Scene) -> dict[str, Any]:
    return {name: value for name, value in scene.items() if name not in _OURS}
