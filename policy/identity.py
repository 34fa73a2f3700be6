"""LAI 83: whether two records speak of the same person: by e-mail, by telephone, by name; and by which."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from policy.classification import normalise_phone
from policy.reasons import Refused
from policy.spelling import bare

_WORD = re.compile(r"[^\W_]+")


class Sign(StrEnum):
    """What two records have in common, the surest first."""

    EMAIL = "courriel"
    PHONE = "téléphone"
    NAME = "nom"


@dataclass(frozen=True)
class Identity:
    """What a person is known by, normalised: several of each when records of the same person differ."""

    emails: frozenset[str] = field(default=frozenset())
    phones: frozenset[str] = field(default=frozenset())
    names: frozenset[frozenset[str]] = field(default=frozenset())

    def signs(self, name: str | None, phone: str | None, email: str | None) -> tuple[Sign, ...]:
        """By what a record that bears these speaks of this person; nothing when it does not.

        A name alone may be a namesake's: whoever reads the file judges.
        """
        other = known_by((name, phone, email))
        found = (
            (Sign.EMAIL, self.emails & other.emails),
            (Sign.PHONE, self.phones & other.phones),
            (Sign.NAME, self.names & other.names),
        )
        return tuple(sign for sign, common in found if common)


def known_by(*records: tuple[str | None, str | None, str | None]) -> Identity:
    """The identity of one person from records of him or her: (name, telephone, e-mail) of each."""
    return Identity(
        emails=frozenset(_all(_email(email) for _, _, email in records)),
        phones=frozenset(_all(_phone(phone) for _, phone, _ in records)),
        names=frozenset(words for name, _, _ in records if (words := name_words(name))),
    )


def name_words(name: str | None) -> frozenset[str]:
    """The words of a name, whatever their order, accents, capitals and hyphens; a lone initial is none."""
    return frozenset(word for word in _WORD.findall(bare(name or "")) if len(word) > 1)


def _email(text: str | None) -> str:
    return (text or "").strip().casefold()


def _phone(text: str | None) -> str:
    try:
        return normalise_phone(text) if text and text.strip() else ""
    except Refused:
        return ""


def _all(found: Iterable[str]) -> Iterable[str]:
    return (each for each in found if each)
