"""Closing a file by annexe A: what must be given, each missing item named by its point."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from policy.answer_templates import check_filled
from policy.reasons import Ground
from policy.wording import day_words

RESOURCES = "Vers qui vous tourner :"
_SAID = re.compile(r"^\s*vers qui vous tourner\s*:\s*\w{2}", re.IGNORECASE | re.MULTILINE)
_REACHED = re.compile(
    r"(?<!\w)(?:\d{3}[ .-]?\d{4}|[2-8]11|9-?1-?1)(?!\w)|[^\s@]+@[^\s@]+\.\w{2}|https?://\w|\bwww\.\w"
)
CODE_DONE = "238"  # P annexe A, point 1: « Demande complétée »


@dataclass(frozen=True)
class Closing:
    """Annexe A's items. ``code`` is what is written in the codes table (« 238 »), not the row's id.

    ``met`` says whether that code means that the demand was met (the column « Demande satisfaite »);
    ``extension`` is that of who did the work; ``note`` never leaves the house; ``citizen_text`` does.
    """

    code: str = ""
    met: bool = True
    done_on: date | None = None
    extension: str = ""
    note: str = ""
    planned_on: date | None = None
    citizen_text: str = ""


def check_closing(items: Closing, today: date, received_on: date | None = None) -> tuple[Ground, ...]:
    """P annexe A (R-16): all that is missing or wrong, in the order of its points; empty when it may close.

    The planned date is given "si vous la connaissez", so it is never missing. Point 6 (« validez ») is the
    save itself. A demand that is not met (R-17) also needs its explanation for the citizen.
    """
    return (*_code(items), *check_hand_over(items, today, received_on), *_explanation(items))


def check_hand_over(items: Closing, today: date, received_on: date | None = None) -> tuple[Ground, ...]:
    """P §4.1: what the Responsable transmits so that the Technicien can close: annexe A less its code."""
    return (*_done_on(items, today, received_on), *_extension(items), *_note(items))


def _code(items: Closing) -> Iterable[Ground]:
    if not items.code.strip():
        yield Ground(
            f"Choisissez le code d'intervention ({CODE_DONE} « Demande complétée » quand c'est fait).",
            "annexe A, point 1",
            "code",
        )


def _done_on(items: Closing, today: date, received_on: date | None) -> Iterable[Ground]:
    article, field = "annexe A, point 2", "done_on"
    if items.done_on is None:
        yield Ground("Indiquez la date à laquelle l'intervention a été effectuée.", article, field)
    elif items.done_on > today:
        yield Ground(
            f"La date effectuée ({day_words(items.done_on)}) est dans le futur : "
            "inscrivez le jour où c'est fait (la date prévue a sa propre case).",
            article,
            field,
        )
    elif received_on is not None and items.done_on < received_on - timedelta(days=366):
        yield Ground(
            f"La date effectuée ({day_words(items.done_on)}) est plus d'un an avant la demande : "
            "vérifiez l'année.",
            article,
            field,
        )


def _extension(items: Closing) -> Iterable[Ground]:
    article, field = "annexe A, point 3", "done_extension"
    if not items.extension.strip():
        yield Ground("Inscrivez le numéro de poste de la personne qui a complété la demande.", article, field)
    elif not any(sign.isdigit() for sign in items.extension):
        yield Ground("Le numéro de poste se compose de chiffres (par exemple 2243).", article, field)


def _note(items: Closing) -> Iterable[Ground]:
    if not items.note.strip():
        yield Ground(
            "Écrivez la note interne : le plus de détails possible sur ce qui a été fait "
            "(elle ne sort jamais de la ville).",
            "annexe A, point 4",
            "note",
        )


def _explanation(items: Closing) -> Iterable[Ground]:
    """SJ, « Le respect et la courtoisie » (R-17): a no is explained, with the resources one can turn to."""
    if items.code.strip() and not items.met and not items.citizen_text.strip():
        yield Ground(
            "Ce code dit que la demande n'est pas satisfaite : écrivez pour le citoyen l'explication "
            "et les ressources vers lesquelles il peut se tourner.",
            "SJ, « Le respect et la courtoisie »",
            "citizen_text",
        )
    elif items.code.strip() and not items.met and not names_a_resource(items.citizen_text):
        yield Ground(
            "La demande n'est pas satisfaite : dites aussi au citoyen vers qui se tourner, avec de quoi le "
            f"joindre (téléphone, courriel, site), ou par une ligne « {RESOURCES} … ».",
            "SJ, « Le respect et la courtoisie »",
            "citizen_text",
        )
    yield from check_filled(items.citizen_text)


def names_a_resource(text: str) -> bool:
    """SJ, « Le respect et la courtoisie » (R-17), "guider vers les différentes ressources": has it one?

    A line that begins as ``RESOURCES`` and says something, or a telephone number, an e-mail, a Web address.
    """
    return _SAID.search(text) is not None or _REACHED.search(text) is not None
