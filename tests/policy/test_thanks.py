"""R-63: what keeps a comment from being a thanks, and who reads one."""

import pytest

from policy.thanks import Giver, Thanked, check_thanks, may_read
from policy.words import Nature, Role
from tests.policy.people import of

MARIE = Giver("Marie-Ève Lefrançois", "(450) 555-0199", "marie@exemple.test")


def fields(nature: Nature, thanked: Thanked, department: str = "travaux", giver: Giver = MARIE) -> list[str]:
    return [ground.field for ground in check_thanks(nature, thanked, department, giver)]


def test_a_thanks_is_a_comment_that_says_whom_it_is_for() -> None:
    assert fields(Nature.COMMENT, Thanked()) == []
    assert fields(Nature.COMMENT, Thanked(name="Réal"), department="") == []
    assert fields(Nature.COMMENT, Thanked(employee="a1"), department="") == []
    assert fields(Nature.COMMENT, Thanked(name="  "), department="") == ["thanked_name"]
    assert fields(Nature.REQUEST, Thanked()) == ["nature"]
    assert fields(Nature.COMMENT, Thanked(name="é" * 201, words="é" * 1001)) == [
        "thanked_name", "thanks_words",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Bravo à l'équipe!", False),
        ("Marie vous dit merci.", False),  # a first name alone names nobody
        ("De la part de LEFRANCOIS, Marie Ève", True),
        ("Appelez au 450.555.0199", True),
        ("Écrire à Marie@Exemple.test", True),
    ],
)
def test_the_word_passed_on_does_not_say_who_gives_thanks(words: str, told: bool) -> None:
    assert fields(Nature.COMMENT, Thanked(words=words)) == (["thanks_words"] if told else [])
    assert fields(Nature.COMMENT, Thanked(words=words), giver=Giver()) == []


def test_whoever_it_names_reads_it_and_the_department_and_who_listens() -> None:
    employee = of(Role.EMPLOYEE)
    assert may_read(employee, employee.id, "travaux") and not may_read(employee, "autre", "travaux")
    secretary = of(Role.RESPONSABLE, departments=("travaux",))
    assert may_read(secretary, None, "travaux") and not may_read(secretary, None, "urbanisme")
    assert not may_read(secretary, None, None)
    for role in Role:
        listens = role in (Role.TECHNICIAN, Role.DIRECTOR, Role.EXPERIENCE)
        assert may_read(of(role), None, None) is listens
