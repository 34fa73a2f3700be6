"""Templates of answers: what they name, and where a text for a citizen is written (R-16)."""

import pytest

from policy.answer_templates import OFFERED, check_filled, check_state, check_template, filled
from policy.words import State


@pytest.mark.parametrize("state", [*OFFERED, None])
def test_a_template_is_of_a_state_where_a_text_is_written_or_of_all(state: State | None) -> None:
    assert check_state(state) == ()


@pytest.mark.parametrize("state", sorted(set(State) - set(OFFERED)))
def test_a_template_of_another_state_would_be_offered_nowhere(state: State) -> None:
    (ground,) = check_state(state)
    assert ground.field == "state" and "« Planifiée », « En attente » ou « Complétée »" in ground.message


def test_what_the_file_does_not_say_stays_to_be_filled() -> None:
    text = filled("Le {date prévue}, {lieu}.", {"lieu": "rue des Pins"})
    assert text == "Le [date prévue], rue des Pins." and len(check_filled(text)) == 1
    assert [ground.field for ground in check_template("{couleur}")] == ["words"]
