"""Refusals with all their grounds."""

import pytest

from policy.reasons import Ground, Refused, refuse_all, refused


def test_a_refusal_names_every_ground_with_its_article() -> None:
    grounds = [Ground("Le code manque.", "P annexe A, point 1", "code"), Ground("La note manque.")]
    with pytest.raises(Refused) as no:
        refuse_all(iter(grounds))
    assert no.value.grounds == tuple(grounds)
    assert str(no.value) == "Le code manque. (P annexe A, point 1)\nLa note manque."


def test_without_a_ground_nothing_is_refused() -> None:
    refuse_all([])
    assert str(refused("Non.", "R-70")) == "Non. (R-70)"
