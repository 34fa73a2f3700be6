"""P §4.8: thanks received for a department or an employee, a kind of comment (R-63)."""

from dataclasses import dataclass

from policy.classification import normalise_phone, tidy
from policy.identity import name_words
from policy.reasons import Ground, Refused
from policy.roles import DESK, Viewer
from policy.words import Nature, Role

ARTICLE = "P §4.8"
LONGEST_NAME, LONGEST_WORDS = 200, 1_000  # characters; the table holds as many

# Who reads every thanks; the others, those of their departments and those that name them.
READERS = DESK | {Role.EXPERIENCE}


@dataclass(frozen=True)
class Thanked:
    """Who is thanked besides the department of the file: ``employee`` an account's id, or a ``name`` typed.

    ``words`` are those to be passed on: nothing in them says who gives thanks.
    """

    employee: str = ""
    name: str = ""
    words: str = ""


@dataclass(frozen=True)
class Giver:
    """Who gives thanks, as typed at intake."""

    name: str = ""
    phone: str = ""
    email: str = ""


def check_thanks(
    nature: Nature | None, thanked: Thanked, department: str, giver: Giver
) -> tuple[Ground, ...]:
    """P §4.8 (R-63): what keeps a demand from being marked as a thanks, all at once.

    ``department``: the one of the demand, empty when it has none.
    """
    found = []
    if nature is not Nature.COMMENT:
        found.append(Ground("Un remerciement est un commentaire : changez la nature.", ARTICLE, "nature"))
    if not department and not thanked.employee and not tidy(thanked.name):
        words = "Dites qui est remercié : choisissez le service, l'employé, ou écrivez son nom."
        found.append(Ground(words, ARTICLE, "thanked_name"))
    if len(thanked.name) > LONGEST_NAME:
        words = f"Ce nom compte {len(thanked.name)} caractères; le maximum est {LONGEST_NAME}."
        found.append(Ground(words, ARTICLE, "thanked_name"))
    if len(thanked.words) > LONGEST_WORDS:
        words = f"Ce mot compte {len(thanked.words)} caractères; le maximum est {LONGEST_WORDS}."
        found.append(Ground(f"{words} Rien n'est perdu : raccourcissez-le.", ARTICLE, "thanks_words"))
    if names(thanked.words, giver):
        words = "Ce mot dit qui remercie (nom, téléphone ou courriel) : il sera lu par d'autres, ôtez-le."
        found.append(Ground(words, ARTICLE, "thanks_words"))
    return tuple(found)


def names(words: str, giver: Giver) -> bool:
    """Whether these words say who gives thanks: the whole name, the telephone number or the e-mail."""
    name = name_words(giver.name)
    if len(name) > 1 and name <= name_words(words):
        return True
    email = tidy(giver.email).casefold()
    if email and email in words.casefold():
        return True
    digits = _digits(giver.phone)
    return bool(digits) and digits in "".join(sign for sign in words if sign.isdecimal())


def may_read(viewer: Viewer, employee: str | None, department: str | None) -> bool:
    """R-63: whether this visit reads that thanks: whom it names, the department's people, who listens."""
    if viewer.system:
        return False
    return (
        not viewer.roles.isdisjoint(READERS)
        or (employee is not None and employee == viewer.id)
        or (department is not None and department in viewer.departments)
    )


def _digits(phone: str) -> str:
    try:
        return normalise_phone(phone) if phone.strip() else ""
    except Refused:
        return ""
