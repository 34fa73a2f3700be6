"""Mettre la ville en place: from an empty store to the first demand, step by step; left and found again."""

from collections.abc import Callable, Mapping

import streamlit as st

from desk import settling
from desk.settling import Settling
from desk.visits import Visit
from pages import settling_check, settling_people, settling_town, speech
from pages.settling_fields import PLACE, STEP, go, others

Here = Callable[[], Visit]

BEFORE: Mapping[str, str] = {
    "ville": "La ville",
    "heures": "Les heures",
    "services": "Les services",
    "jours": "Les jours et les envois",
    "verifier": "Vérifier",
}
AFTER: Mapping[str, str] = {"comptes": "Les premiers comptes", "demande": "Votre première demande"}
DRAW: Mapping[str, Callable[[Here, Settling], None]] = {
    "ville": settling_town.name,
    "heures": settling_town.hours,
    "services": settling_town.services,
    "jours": settling_town.days,
    "verifier": settling_check.check,
    "comptes": settling_people.seats,
    "demande": settling_people.first_demand,
}


def screen(here: Here) -> None:
    """Where one is, the step, the way on and the way back."""
    st.title("Mettre la ville en place")
    found = settling.settling(here())
    steps = AFTER if found.placed else BEFORE
    step = st.query_params.get(STEP, "")
    step = step if step in steps else next(iter(steps))
    _where(here, found, step)
    with st.container(key="mise-en-place"):
        st.header(f"{_rank(step)}. {steps[step]}", divider="gray", anchor=False)
        speech.hear(PLACE)
        others(here)
        DRAW[step](here, found)
        _on(here, steps, step)


def _where(here: Here, found: Settling, step: str) -> None:
    """Every step, in its order; those of the moment can be gone to."""
    done = len(BEFORE) if found.placed else 0
    st.progress((_rank(step) - 1) / (len(BEFORE) + len(AFTER)), text=_progress(found))
    with st.container(horizontal=True, key="mp-etapes"):
        for rank, (name, title) in enumerate({**BEFORE, **AFTER}.items(), start=1):
            offered = (name in AFTER) == found.placed
            icon = ":material/check:" if rank <= done else None
            st.button(
                f"{rank}. {title}", key=f"mp-step-{name}", disabled=not offered, icon=icon,
                type="primary" if name == step else "tertiary", on_click=go, args=(here, name),
            )  # fmt: skip


def _progress(found: Settling) -> str:
    if found.placed:
        return "La ville est en place. Restent les gens."
    return "Tout ce que vous tapez est gardé ici, à mesure : vous pouvez partir et revenir."


def _on(here: Here, steps: Mapping[str, str], step: str) -> None:
    """The way back, the way on: the last step has its own button."""
    names = list(steps)
    at = names.index(step)
    with st.container(horizontal=True):
        if at > 0:
            st.button(
                "Revenir",
                key="mp-back",
                icon=":material/arrow_back:",
                on_click=go,
                args=(here, names[at - 1]),
            )
        if at + 1 < len(names):
            st.button(
                f"Continuer : {steps[names[at + 1]].lower()}", key="mp-next", type="primary",
                icon=":material/arrow_forward:", on_click=go, args=(here, names[at + 1]),
            )  # fmt: skip


def _rank(step: str) -> int:
    return list({**BEFORE, **AFTER}).index(step) + 1
