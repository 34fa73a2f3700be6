"""Whether two records speak of the same person, and by what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.identity import Identity, Sign, known_by

MARIE = known_by(
    ("Marie-Ève Lefrançois", "450 555-0199", "marie@exemple.test"),
    ("M.-È. Lefrançois-Roy", "(514) 555-0101 poste 12", ""),
)


@pytest.mark.parametrize(
    ("name", "phone", "email", "signs"),
    [
        ("LEFRANCOIS, Marie Eve", None, None, (Sign.NAME,)),
        ("Marie-Ève", None, None, ()),
        ("Jean Roy", "+1 (450) 555.0199", None, (Sign.PHONE,)),
        ("", "514-555-0101", " Marie@Exemple.TEST ", (Sign.EMAIL, Sign.PHONE)),
        ("", "", "", ()),
        (None, None, None, ()),
        ("Jean Roy", "pas un téléphone", "autre@exemple.test", ()),
    ],
)
def test_a_record_speaks_of_a_person_by_these_signs(
    name: str | None, phone: str | None, email: str | None, signs: tuple[Sign, ...]
) -> None:
    assert MARIE.signs(name, phone, email) == signs


def test_nothing_known_is_nobody() -> None:
    assert known_by(("", " ", None), (None, "x", "")) == Identity()
    assert Identity().signs("", "", "") == ()


@given(st.text(), st.text(), st.text())
def test_a_record_speaks_of_the_person_it_made(name: str, phone: str, email: str) -> None:
    known = known_by((name, phone, email))
    signs = known.signs(name, phone, email)
    assert bool(signs) is (known != Identity())
