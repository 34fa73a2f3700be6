"""The templates of answers to citizens: which words stand for what of the file, and what is left to fill."""

import re
from collections.abc import Mapping

from policy.reasons import Ground
from policy.words import State

# What a template may name between braces.
NAMES = (
    *("numéro", "catégorie", "service", "rue", "lieu"),
    *("date de réception", "date effectuée", "date prévue", "aujourd'hui"),
)
# Where a text for the citizen can be written: the gestures that lead there offer it (annexe A, point 5).
OFFERED = (State.PLANNED, State.WAITING, State.DONE)
_BRACED = re.compile(r"\{([^{}]*)\}")
_LEFT = re.compile(r"\[(" + "|".join(map(re.escape, NAMES)) + r")\]")


def filled(words: str, said: Mapping[str, str]) -> str:
    """R-16: the template with what the file says; what it does not say stands as « [date prévue] »."""
    return _BRACED.sub(lambda match: said.get(_name(match[1])) or f"[{_name(match[1])}]", words)


def check_template(words: str) -> tuple[Ground, ...]:
    """R-16: the names between braces that stand for nothing."""
    strange = [each for each in _BRACED.findall(words) if _name(each) not in NAMES]
    known = ", ".join(f"{{{name}}}" for name in NAMES)
    return tuple(
        Ground(f"« {{{each}}} » ne désigne rien. Sont connus : {known}.", "R-16", "words")
        for each in dict.fromkeys(strange)
    )


def check_state(state: State | None) -> tuple[Ground, ...]:
    """R-16: a template of another state would be offered nowhere; one without any is offered everywhere."""
    if state in (*OFFERED, None):
        return ()
    *first, last = (f"« {each} »" for each in OFFERED)
    words = f"Un modèle sert à l'état {', '.join(first)} ou {last} ; laissez vide pour les trois."
    return (Ground(words, "R-16", "state"),)


def check_filled(text: str) -> tuple[Ground, ...]:
    """P annexe A, point 5: what a template left to fill, which no citizen should read."""
    left = dict.fromkeys(_LEFT.findall(text))
    said = (f"Le texte garde « [{name}] » : remplacez-le avant de l'envoyer." for name in left)
    return tuple(Ground(words, "annexe A, point 5", "citizen_text") for words in said)


def _name(typed: str) -> str:
    return typed.strip().casefold().replace("’", "'")
