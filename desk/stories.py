"""A credible life for a call of the demonstration: who called, about what, what became of it.

All of it is drawn from the call's own number, so that the same call always tells the same story.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from desk.citizens import Caller
from desk.montreal import Call
from desk.town import Category, Town
from policy.delays import taken_as_received
from policy.reasons import Refused
from policy.towntime import from_town, town_day
from policy.words import Channel, Closer, Move, Nature, Priority, State, WaitReason

Thing = TypeVar("Thing")

CITIZENS = 400  # one telephone each: four area codes, 555-0100 to 555-0199, which reach nobody
AREAS = ("450", "579", "514", "438")
USUAL_DELAY = 10  # working days, where the grid gives none
SUBJECTS = {"Logement": "Logement : vermine, rongeurs ou insalubrité", "": "Rats à l'extérieur"}


@dataclass(frozen=True)
class Step:
    """One move of a file's life; ``by_desk`` tells whose gesture it is."""

    at: datetime
    move: Move
    by_desk: bool
    changes: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True)
class Life:
    """The file as it is opened, who asked for it, and the moves up to now."""

    caller: Caller | None
    born: Mapping[str, Any]
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Stage:
    """Where the stories take place: the town, what is said there (``config.demonstration.tale``), and now.

    ``shift`` moves the day of a call to the day of its story; ``extensions`` are those of the departments.
    """

    town: Town
    tale: Mapping[str, Any]
    shift: timedelta
    now: datetime
    extensions: Mapping[str, str]


@dataclass(frozen=True)
class Draw:
    """Chance that is always the same for the same call."""

    seed: str

    def share(self, about: str) -> float:
        """A number from 0 to 1."""
        digest = hashlib.sha256(f"{self.seed}|{about}".encode()).digest()
        return int.from_bytes(digest[:6]) / 2**48

    def one(self, about: str, among: Sequence[Thing]) -> Thing:
        """One of these."""
        return among[int(self.share(about) * len(among))]

    def days(self, about: str, most: int) -> int:
        """A number of days up to ``most``."""
        return int(self.share(about) * (most + 1))


def life(call: Call, stage: Stage) -> Life:
    """The story of a call."""
    draw = Draw(call.source)
    received = _received(call, stage, draw)
    if call.nature in (Nature.INFORMATION, Nature.COMMENT):
        return _settled(call, stage, draw, received)
    return _handled(call, stage, draw, received)


def _settled(call: Call, stage: Stage, draw: Draw, received: datetime) -> Life:
    """R-4: answered on the spot, opened and closed in one gesture."""
    kind = "comments" if call.nature is Nature.COMMENT else "information"
    said = draw.one("said", stage.tale[kind])
    category = _category(stage, said["category"])
    code = stage.town.code(stage.town.rules.done_code)
    born = {
        **_born(call, draw, received, category),
        "nature": call.nature,
        "facts": said["facts"],
        "anonymous": True,
        "state": State.DONE,
        "first_contact": True,
        "department": category.department if category else None,
        "code": code.id if code else None,
        "done_on": town_day(received),
        "done_extension": stage.extensions.get("", ""),
        "note": said["answer"],
        "completed_at": received,
        "closed_at": received,
        "first_closed_at": received,
    }
    return Life(None, born)


def _handled(call: Call, stage: Stage, draw: Draw, received: datetime) -> Life:
    name, topic = _topic(call, stage, draw, received)
    category = _category(stage, name)
    anonymous = draw.share("anonymous") < 0.06
    crossing = " / " in call.place
    born = {
        **_born(call, draw, received, category),
        "nature": (category.nature if category else None) or call.nature,
        "facts": draw.one("facts", topic["facts"]),
        "anonymous": anonymous,
        "civic": "" if crossing or not call.place else str(1 + int(draw.share("civic") * 2400)),
        "street": call.place,
        "sector": Draw(call.borough).one("sector", stage.tale["sectors"]) if call.borough else "",
        "place_note": draw.one("where", stage.tale["place_notes"]) if draw.share("noted") < 0.15 else "",
        "state": State.NEW,
        "first_contact": False,
    }
    if born["nature"] not in (Nature.REQUEST, Nature.CLAIM):
        born["nature"] = call.nature
    caller = None if anonymous else _caller(stage, int(draw.share("citizen") * CITIZENS))
    if _still_waits(stage, draw, received):
        return Life(caller, born)
    steps = _Story(call, stage, draw, topic, category, received, caller).steps()
    return Life(caller, born, tuple(step for step in steps if step.at <= stage.now))


def _still_waits(stage: Stage, draw: Draw, received: datetime) -> bool:
    """What came in today, and some of what came in the working day before, is still to be routed."""
    today = town_day(stage.now)
    before = stage.town.calendar.on_or_before(today - timedelta(days=1))
    came = town_day(received)
    return came == today or (came >= before and draw.share("waits") < 0.3)


def _born(call: Call, draw: Draw, received: datetime, category: Category | None) -> dict[str, Any]:
    return {
        "channel": call.channel,
        "received_at": received,
        "category": category.id if category else None,
        "priority": category.priority if category else Priority.NORMAL,
        "source_id": call.source,
        "complex": False,
    }


def _received(call: Call, stage: Stage, draw: Draw) -> datetime:
    """The moment of the call, moved; a weekday stays one, and nothing arrives after now."""
    day, today = call.at.date() + stage.shift, town_day(stage.now)
    if day < today and call.channel in (Channel.PHONE, Channel.IN_PERSON):
        day = stage.town.calendar.on_or_before(day)
    at = _wall(day, call.at.time()) if call.at_known else _in_hours(day, draw.share("hour"))
    if at <= stage.now:
        return at
    opening = _wall(today, time(8))
    since = opening if opening < stage.now else _wall(today, time(0))
    return since + (stage.now - since) * draw.share("hour")


def _topic(call: Call, stage: Stage, draw: Draw, received: datetime) -> tuple[str, Mapping[str, Any]]:
    """What the call is about here: sometimes what it was in Montréal, else a topic of the season."""
    month = town_day(received).month
    known = {category.name for category in stage.town.categories.values() if category.active}
    topics = {
        name: topic
        for name, topic in stage.tale["topics"].items()
        if month in topic.get("months", range(1, 13)) and (name in known or not known)
    } or dict(stage.tale["topics"])
    own = next(name for begins, name in SUBJECTS.items() if call.subject.startswith(begins))
    if own in topics and draw.share("own") < 0.06:
        return own, topics[own]
    among = [name for name, topic in topics.items() for _ in range(topic["weight"])]
    chosen = draw.one("topic", among)
    return chosen, topics[chosen]


def _category(stage: Stage, name: str) -> Category | None:
    return next((each for each in stage.town.categories.values() if each.name == name), None)


def _caller(stage: Stage, rank: int) -> Caller:
    """The citizen of that rank: invented, and always the same."""
    draw = Draw(f"citizen {rank}")
    first, last = draw.one("first", stage.tale["first_names"]), draw.one("last", stage.tale["last_names"])
    return Caller(
        name=f"{first} {last}",
        phone=f"{AREAS[rank // 100]} 555-01{rank % 100:02d}",
        email=f"citoyen{rank}@example.org" if draw.share("email") < 0.6 else "",
        civic=str(1 + int(draw.share("civic") * 1800)),
        street=draw.one("street", stage.tale["home_streets"]),
        city=stage.town.rules.town_name.removeprefix("Ville de "),
        postal_code=f"J0R 1T{int(draw.share('code') * 10)}",
    )


def _wall(day: date, at: time) -> datetime:
    try:
        return from_town(datetime.combine(day, at))
    except Refused:  # the hour that does not exist in spring
        return from_town(datetime.combine(day, at) + timedelta(hours=1))


def _in_hours(day: date, share: float) -> datetime:
    """A moment while people work: until noon on Fridays."""
    minutes = 210 if day.weekday() == 4 else 480
    return _wall(day, time(8, 15)) + timedelta(minutes=minutes * share)


@dataclass(frozen=True)
class _Story:
    """The moves of a request, one after the other; those still to come are cut by the caller."""

    call: Call
    stage: Stage
    draw: Draw
    topic: Mapping[str, Any]
    category: Category | None
    received: datetime
    caller: Caller | None

    def steps(self) -> list[Step]:
        routed = taken_as_received(self.received, self.stage.town.calendar) + timedelta(
            minutes=4 + 40 * self.draw.share("routed")
        )
        told = {"acknowledged_at": routed} if self._told(routed) else {}
        steps = [Step(routed, Move.ROUTE, True, {"department": self._department(), **told})]
        urgent = self.category is not None and self.category.priority is Priority.URGENT
        begun = self._later(routed, 0 if urgent else self.draw.days("taken", 2))
        next_action = (
            {"next_action": self.draw.one("next", self.stage.tale["next_actions"])}
            if self.draw.share("noted next") < 0.15
            else {}
        )
        steps.append(Step(begun, Move.TAKE, False, next_action))
        fate = self.draw.share("fate")
        if fate < 0.02:
            reason = self.draw.one("cancelled", self.stage.tale["cancelled"])
            return [*steps, Step(self._later(begun, 1), Move.CANCEL, True, {}, reason)]
        if fate < 0.11 and self.stage.now - self.received < timedelta(days=150):
            return [*steps, *self._stuck(begun)]
        done = self._later(begun, self._length())
        steps += self._meanwhile(begun, done)
        steps += self._end(done)
        if fate > 0.985:
            reason = self.draw.one("reopened", self.stage.tale["reopened"])
            again = self._later(steps[-1].at, 5)
            steps += [Step(again, Move.REOPEN, True, {}, reason), *self._end(self._later(again, 3))]
        return steps

    def _told(self, routed: datetime) -> bool:
        """Whether the citizen has been told: by mail at once; whoever must be called back, within a day."""
        if self.caller is None:
            return False
        return bool(self.caller.email) or self.stage.now - routed > timedelta(hours=30)

    def _department(self) -> str | None:
        departments = self.stage.town.departments
        named = next(
            (id for id, each in departments.items() if each.name == self.topic.get("department")), None
        )
        return named or (self.category.department if self.category else None) or next(iter(departments), None)

    def _length(self) -> int:
        """Working days: most within the delay of the grid, some past it."""
        delays = (
            [each.working_days for each in self.category.delays if each.working_days] if self.category else []
        )
        usual, share = min(delays) if delays else USUAL_DELAY, self.draw.share("length")
        return round(usual * (0.4 + 0.7 * share if share < 0.88 else 2 * share))

    def _stuck(self, begun: datetime) -> list[Step]:
        """What never ends by itself: waiting, planned for a day long past, or simply left."""
        kind = self.draw.share("stuck")
        if kind < 0.35:
            return [Step(self._later(begun, 2), Move.PAUSE, False, self._wait())]
        if kind < 0.65:
            at = self._later(begun, 1)
            return [Step(at, Move.PLAN, False, {"planned_on": town_day(self._later(at, 8))})]
        if kind < 0.8:
            return [Step(self._later(begun, 3), Move.ESCALATE, False, {}, "Trois appels, aucun résultat.")]
        return []

    def _wait(self) -> dict[str, Any]:
        reason = self.draw.one("reason", [each for each in WaitReason if each is not WaitReason.OTHER])
        return {"wait_reason": reason, "wait_words": self.stage.tale["pause_words"].get(reason.value, "")}

    def _meanwhile(self, begun: datetime, done: datetime) -> list[Step]:
        how, days = (
            self.draw.share("meanwhile"),
            self.stage.town.calendar.between(town_day(begun), town_day(done)),
        )
        if days >= 2 and how < 0.55:
            return [Step(begun + timedelta(minutes=9), Move.PLAN, False, {"planned_on": town_day(done)})]
        if days >= 4 and how < 0.75:
            paused = self._later(begun, 1)
            return [
                Step(paused, Move.PAUSE, False, self._wait()),
                Step(self._later(paused, days - 2), Move.RESUME, False),
            ]
        return []

    def _end(self, done: datetime) -> list[Step]:
        """Annexe A; where the desk closes, the department hands over first."""
        department = self._department()
        refused = self._refused() if self.draw.share("refused") < 0.05 else None
        code = self.stage.town.code(refused["code"] if refused else self.stage.town.rules.done_code)
        told = self.draw.one("told", self.topic["told"]) if self.draw.share("told?") < 0.6 else ""
        items = {
            "done_on": town_day(done),
            "done_extension": self.stage.extensions.get(department or "", "") or "100",
            "note": refused["note"] if refused else self.draw.one("done", self.topic["done"]),
            "citizen_text": refused["told"] if refused else told,
        }
        closed = {**items, "code": code.id if code else None}
        if department and self.stage.town.departments[department].closer is Closer.DEPARTMENT:
            return [Step(done, Move.CLOSE, False, closed)]
        return [
            Step(done, Move.HAND_OVER, False, items),
            Step(self._later(done, self.draw.days("closed", 2)), Move.CLOSE, True, closed),
        ]

    def _refused(self) -> Mapping[str, Any] | None:
        known = [row for row in self.stage.tale["refused"] if self.stage.town.code(row["code"])]
        return self.draw.one("refusal", known) if known else None

    def _later(self, at: datetime, working_days: int) -> datetime:
        """So many working days later, in working hours; the same day, a little later."""
        if working_days == 0:
            return at + timedelta(minutes=20 + 60 * self.draw.share(f"later {at}"))
        day = self.stage.town.calendar.plus(town_day(at), working_days).day
        return _in_hours(day, self.draw.share(f"hour {at} {working_days}"))
