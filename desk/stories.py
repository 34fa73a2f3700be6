"""A credible life for a call of the demonstration: who called, about what, what became of it.

All of it is drawn from the call's own number, so that the same call always tells the same story.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from desk.citizens import Caller
from desk.montreal import Call
from desk.stage import Draw, Stage, in_hours, wall
from desk.storyline import Step, Story
from desk.town import Category
from policy.towntime import town_day
from policy.words import Channel, Nature, Priority, State

CITIZENS = 400  # one telephone each: four area codes, 555-0100 to 555-0199, which reach nobody
AREAS = ("450", "579", "514", "438")
SUBJECTS = {"Logement": "Logement : vermine, rongeurs ou insalubrité", "": "Rats à l'extérieur"}


@dataclass(frozen=True)
class Life:
    """The file as it is opened, who asked for it, and the moves up to now."""

    caller: Caller | None
    born: Mapping[str, Any]
    steps: tuple[Step, ...] = ()


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
    steps = Story(stage, draw, topic, category, received, caller).steps()
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
    at = wall(day, call.at.time()) if call.at_known else in_hours(day, draw.share("hour"))
    if at <= stage.now:
        return at
    opening = wall(today, time(8))
    since = opening if opening < stage.now else wall(today, time(0))
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
