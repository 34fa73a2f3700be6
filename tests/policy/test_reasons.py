"""Deadlines kept as JSON, refusals with all their grounds."""

import json
from datetime import date

import pytest

from policy.acknowledgement import acknowledgement_due
from policy.delays import Delay, target
from policy.monthly import council_day
from policy.months import Month
from policy.reasons import Deadline, Ground, Refused, as_json, from_json, refuse_all, refused
from policy.rules import AckReading
from tests.policy.office import at, day, office


@pytest.mark.parametrize(
    "deadline",
    [
        acknowledgement_due(at("Sat 2026-11-21 14:00"), office(), AckReading.WORKING_DAY),
        acknowledgement_due(at("Thu 2026-10-29 14:00"), office(), AckReading.OPEN_HOURS),
        target(day("Wed 2026-12-23"), [Delay(date(2020, 1, 1), 20)], (), office()),
        council_day(Month(2026, 12), office()),
        Deadline(date(2026, 12, 23), ("LAI 47",), legal=date(2026, 12, 25)),
    ],
)
def test_a_deadline_comes_back_from_json_as_it_was(deadline: Deadline | None) -> None:
    assert deadline is not None
    back = from_json(json.loads(json.dumps(as_json(deadline))))
    assert back == deadline
    assert back.due.isoformat() == deadline.due.isoformat()


def test_a_refusal_names_every_ground_with_its_article() -> None:
    grounds = [Ground("Le code manque.", "P annexe A, point 1", "code"), Ground("La note manque.")]
    with pytest.raises(Refused) as no:
        refuse_all(iter(grounds))
    assert no.value.grounds == tuple(grounds)
    assert str(no.value) == "Le code manque. (P annexe A, point 1)\nLa note manque."


def test_without_a_ground_nothing_is_refused() -> None:
    refuse_all([])
    assert str(refused("Non.", "R-70")) == "Non. (R-70)"
