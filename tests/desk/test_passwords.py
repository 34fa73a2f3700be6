"""Which passwords are refused: short, common whatever dresses them, made of names anybody knows."""

import pytest

from desk.passwords import common, refuse_weak
from policy.reasons import Refused

OWN = ("Luc Tremblay", "luc.tremblay@prevost.test", "Ville de Prévost")


@pytest.mark.parametrize(
    "password",
    [
        "motdepasse1234",
        "P@ssw0rd2026!!",
        "Azertyuiop123!",
        "Mot de passe 1",
        "soleilbonjour1",
        "Soleil-Bonjour-1",
        "passwordpassword",
        "1qaz2wsx3edc",
        "abcdefghijklm",
        "mlkjhgfdsqpoi",
        "123456789012",
        "aaaaaaaaaaaa",
        "ab12ab12ab12ab",
        "!!!!!!!!!!!!!!",
        "Prévost2026!!!",
        "PREVOST-PREVOST",
        "luc.tremblay@prevost.test",
        "Luc-Tremblay-2026",
        "tremblayluc99",
        "Luc aime Diane 1",
    ],
)
def test_what_is_guessed_among_the_first_is_refused(password: str) -> None:
    with pytest.raises(Refused, match="trop facile") as refusal:
        refuse_weak(password, *OWN)
    assert password not in str(refusal.value)


@pytest.mark.parametrize(
    "password",
    [
        "quatre mots faciles à retenir",
        "correct horse battery staple",
        "Jérôme4chats!bleus",
        "dK9xQ2vL8mPz",
        "le lac gèle en décembre",
        "Prévost a neuf ponts de bois",
    ],
)
def test_a_phrase_or_what_a_machine_drew_passes(password: str) -> None:
    refuse_weak(password, *OWN)


def test_the_length_is_said_before_the_rest() -> None:
    for password in ("", "motdepasse", "x" * 1_001):
        with pytest.raises(Refused, match="au moins 12"):
            refuse_weak(password, *OWN)


def test_the_list_holds_thousands_of_words_in_both_languages_without_capitals_or_accents() -> None:
    assert len(common()) > 3_000
    assert {"password", "motdepasse", "quebec", "letmein", "azerty"} <= common()
    assert all(word.isascii() and word == word.lower() for word in common())
