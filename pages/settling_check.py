"""The step « Vérifier »: every value with its article, the key to copy, then the town is put in place."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from desk import settling
from desk.plan import Plan, label, step_of
from desk.settling import Key, Settling
from desk.visits import Visit
from pages import settling_town, speech
from pages.settling_fields import PLACE, STEP, go
from policy.reasons import Refused

Here = Callable[[], Visit]

STEPS = {"ville": "La ville", "heures": "Les heures", "services": "Les services", "jours": "Les jours"}


def check(here: Here, found: Settling) -> None:
    """What is missing, with the way there; else all that will be, and the button."""
    away = [each for each in found.problems if not each.field.startswith("key")]
    if away:
        st.warning("Il manque encore quelque chose :", icon=":material/assignment_late:")
        for rank, each in enumerate(away):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"**{label(each.field)}** : {speech.ground(each)}" if each.field != "services"
                            else speech.ground(each))  # fmt: skip
                step = step_of(each.field)
                st.button(f"Aller à « {STEPS[step]} »", key=f"mp-mend-{rank}", on_click=go, args=(here, step))
        return
    _values(found.plan)
    _follows(found.plan)
    _key(here, found.key)
    st.button(
        "Mettre la ville en place", key="mp-adopt", type="primary", icon=":material/location_city:",
        on_click=_adopt, args=(here,), disabled=bool(found.problems),
        help="Recopiez d’abord la clé." if found.problems else None,
    )  # fmt: skip


def _values(plan: Plan) -> None:
    st.subheader("Les valeurs de la ville", anchor=False)
    rows = [(each.label, each.value, each.article) for each in plan.told()]
    st.table(pd.DataFrame(rows, columns=["Règle", "Valeur", "Article"]), hide_index=True)
    active = [each for each in plan.services if each.active]
    names = ", ".join(f"{each.name.strip()} (circuit {each.circuit})" for each in active)
    st.markdown(f"**{len(active)} service{'s' if len(active) > 1 else ''}** : {speech.escape(names)}.")
    if plan.offer is not None:
        grid, codes = (len(plan.offer.rows[table]) for table in ("categories", "codes"))
        closed = sum(not each.open for each in plan.closings)
        st.markdown(
            f"**{grid} catégories** dans la grille d’intervention, avec leurs délais ; **{codes} codes** ; "
            f"**{closed} jours de fermeture** d’ici la fin de l’an prochain."
        )


def _follows(plan: Plan) -> None:
    """R-5, R-20: what these values make of a demand, and of the first list."""
    settling_town.promised(plan)
    try:
        first = plan.first_list()
    except Refused:
        return
    if first is not None:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"La première liste aux Responsables part le **{speech.when(first)}**.")
            speech.why(first)


def _key(here: Here, key: Key) -> None:
    """R-33: made once, shown until somebody says it is on paper."""
    st.subheader("La clé des dossiers privés", anchor=False)
    if key.copied:
        st.markdown(f":material/check: La clé n° {key.name} est en place.")
    elif key.text:
        st.markdown(
            "Elle chiffre les plaintes, les demandes d’accès et les réclamations. "
            f"Fichier : {speech.escape(key.file)}"
        )
        st.code(key.text, language=None, wrap_lines=True)
        st.warning(
            "Recopiez-la sur papier et gardez-la sous clé, hors de cette machine : sans elle, une copie de "
            "sauvegarde n’ouvre pas les dossiers privés. Elle ne sera plus montrée.",
            icon=":material/key:",
        )
        st.button("Je l’ai recopiée sur papier", key="mp-copied", on_click=_copied, args=(here,))
    elif key.makeable:
        st.markdown("Elle chiffrera les plaintes, les demandes d’accès et les réclamations.")
        st.button("Fabriquer la clé", key="mp-key", icon=":material/key:", on_click=_make, args=(here,))
    else:
        st.info(
            "Aucune clé n’est donnée : sans GUICHET_PRIVATE_KEYS_FILE, ni plainte ni demande d’accès ne "
            "s’inscrit.",
            icon=":material/key_off:",
        )


def _make(here: Here) -> None:
    speech.attempt(lambda: settling.make_key(here()), PLACE)


def _copied(here: Here) -> None:
    speech.attempt(lambda: settling.copied(here()), PLACE)


def _adopt(here: Here) -> None:
    said = speech.attempt(lambda: settling.adopt(here()), PLACE)
    if said is not None:
        st.query_params[STEP] = "comptes"
        speech.confirm(said, PLACE)
