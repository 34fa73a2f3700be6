"""Which passwords are refused: too short, among the common ones, or made of the person's own names."""

import re
import secrets
from functools import cache
from pathlib import Path

from policy.reasons import refused
from policy.spelling import bare

SHORTEST = 12
LONGEST = 1_000  # argon2 reads all of it: a megabyte sent as a password must cost nothing
FEW = 5  # letters outside the words that anybody would try
LIST = Path(__file__).with_name("common_passwords.txt")

_KEYBOARDS = ("abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "azertyuiopqsdfghjklmwxcvbn")
_ROWS = tuple(row + row for keys in _KEYBOARDS for row in (keys, keys[::-1]))
_DRESS = str.maketrans("@4301$57!", "aaeoissti")  # « p@ssw0rd » is no better than « password »
_LEGIBLE = "abcdefghijkmnpqrstuvwxyz23456789"
_OWN = re.compile(r"[a-z]{3,}")


def refuse_weak(password: str, *own: str) -> None:
    """Raise ``Refused`` for a password that would be guessed among the first.

    ``own`` are texts an attacker knows: the person's name and e-mail, the town's name. Their words count for
    nothing, nor do one or two words of the list, whatever capitals, accents, digits and signs dress them; a
    phrase of three words passes.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise refused(
            f"Le mot de passe compte au moins {SHORTEST} caractères : quelques mots, par exemple.",
            field="password",
        )
    known = frozenset(word for text in own for word in _OWN.findall(bare(text)))
    known |= {_letters(text) for text in own}
    plain = bare(password)
    if any(_is_weak(form, known) for form in (plain, plain.translate(_DRESS))):
        raise refused(
            "Ce mot de passe est trop facile à deviner : il est des plus courants, ou fait de votre nom, de "
            "votre courriel ou du nom de la ville. Prenez plutôt quelques mots sans lien entre eux.",
            field="password",
        )


def made() -> str:
    """A password to be copied by hand: no letter is taken for another (about 79 bits)."""
    letters = "".join(secrets.choice(_LEGIBLE) for _ in range(16))
    return "-".join(letters[start : start + 4] for start in range(0, 16, 4))


def _is_weak(form: str, known: frozenset[str]) -> bool:
    if re.sub(r"\s", "", form) in common():
        return True
    runs = re.findall(r"[a-z]+", form)
    return any(_is_guessable(tokens, known) for tokens in (set(runs), {"".join(runs)}))


def _is_guessable(tokens: set[str], known: frozenset[str]) -> bool:
    words = {token: _words(token, known) for token in tokens}
    guessed = {word for found in words.values() for word in found if word not in known}
    rest = sum(len(set(token)) for token, found in words.items() if not found)
    return len(guessed) <= 2 and rest < FEW


def _words(token: str, known: frozenset[str]) -> tuple[str, ...]:
    """The one or two guessable words a run of letters is made of; nothing when it is not."""
    unit = next(token[:n] for n in range(1, len(token) + 1) if token[:n] * (len(token) // n) == token)
    if _is_guessed(unit, known):
        return (unit,)
    for cut in range(3, len(unit) - 2):
        if _is_guessed(unit[:cut], known) and _is_guessed(unit[cut:], known):
            return (unit[:cut], unit[cut:])
    return ()


def _is_guessed(word: str, known: frozenset[str]) -> bool:
    return word in known or word in common() or (len(word) > 2 and any(word in row for row in _ROWS))


@cache
def common() -> frozenset[str]:
    """The list."""
    lines = LIST.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def _letters(text: str) -> str:
    return "".join(_OWN.findall(bare(text))) or "-"
