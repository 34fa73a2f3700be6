"""What becomes of a request of the demonstration: its moves, one after the other."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from desk.citizens import Caller
from desk.stage import Draw, Stage, in_hours
from desk.town import Category
from policy.delays import taken_as_received
from policy.towntime import town_day
from policy.words import Closer, Move, Priority, WaitReason

USUAL_DELAY = 10  # working days, where the grid gives none


@dataclass(frozen=True)
class Step:
    """One move of a file's life; ``by_desk`` tells whose gesture it is."""

    at: datetime
    move: Move
    by_desk: bool
    changes: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True)
class Story:
    """The moves of a request, one after the other; those still to come are cut by the caller."""

    stage: Stage
    draw: Draw
    topic: Mapping[str, Any]
    category: Category | None
    received: datetime
    caller: Caller | None

    def steps(self) -> list[Step]:
        """All of them, in order."""
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
        return in_hours(day, self.draw.share(f"hour {at} {working_days}"))
