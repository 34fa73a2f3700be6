"""R-21: a place as the lists show it, never with a civic number."""

import pytest

from desk.places import NO_PLACE, place


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("rue Principale", "rue Principale"),
        ("123, rue Principale", "rue Principale"),
        ("123-B rue Shaw", "rue Shaw"),
        ("12 à 16, rue Shaw", "rue Shaw"),
        ("125 1/2 rue Shaw", "rue Shaw"),
        ("no 45, rue Shaw", "rue Shaw"),
        ("rue Shaw, app. 4", "rue Shaw"),
        ("boulevard du Curé-Labelle, 2870", "boulevard du Curé-Labelle"),
        ("Entre le 120 et le 130 rue Morin", "Entre le … et le … rue Morin"),
        ("45, 3e Avenue", "3e Avenue"),
        ("1re Avenue", "1re Avenue"),
        ("Route 117", "Route 117"),
        ("rue du 8-Mai", "rue du 8-Mai"),
        ("12-bis rue Shaw", "rue Shaw"),
        ("parc des Clos", "parc des Clos"),
        ("chez marie@exemple.test", NO_PLACE),
        ("450 555-0199", NO_PLACE),
        ("J0R 1T0", NO_PLACE),
        ("123", NO_PLACE),
        ("", NO_PLACE),
        (None, NO_PLACE),
    ],
)
def test_the_street_without_its_civic_number(typed: str | None, shown: str) -> None:
    assert place(typed, None) == shown


def test_the_sector_is_beside_the_street_or_alone() -> None:
    assert place("rue Shaw", "Lac-Écho") == "rue Shaw, Lac-Écho"
    assert place(None, "Lac-Écho") == "Lac-Écho"
