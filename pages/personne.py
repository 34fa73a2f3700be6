"""Dossier citoyen: a person found again, all that is held about him or her gathered, to be handed over."""

from collections.abc import Callable
from urllib.parse import urlencode

import streamlit as st

from desk import person
from desk.person import Found, Gathered
from desk.visits import Visit
from pages import speech

Here = Callable[[], Visit]

PLACE = "personne"
FOUND, GATHERED = "pe-found", "pe-gathered"  # of this tab: {seed: Found}, (seeds, Gathered)


def screen(here: Here) -> None:
    """Who, then what was gathered."""
    st.title("Dossier citoyen")
    st.markdown(
        "Une personne a le droit de savoir ce que la Ville détient à son sujet (*LAI 83*). Cherchez-la, "
        "choisissez ses fiches, réunissez : l’acte est inscrit au journal des lectures, à votre nom."
    )
    _find(here)
    _chosen(here)
    speech.hear(PLACE)
    _gathered()


def _find(here: Here) -> None:
    text = st.text_input(
        "Nom, téléphone ou adresse", key="pe_find", type="search", live="300ms", autocomplete="off"
    )
    if not text.strip():
        return
    chosen = st.session_state.setdefault(FOUND, {})
    found = [each for each in person.find(here(), text) if each.seed not in chosen]
    if not found:
        st.info("Aucune autre fiche ne correspond.", icon=":material/search_off:")
    for each in found:
        st.button(
            speech.escape(_words(each)), key=f"pe-add-{each.seed}", icon=":material/person_add:",
            width="stretch", on_click=_add, args=(each,),
        )  # fmt: skip


def _words(found: Found) -> str:
    files = f"{found.files} dossier{'s' if found.files > 1 else ''}" if found.files else ""
    return " — ".join(part for part in (found.name, found.phone, found.address, found.kind, files) if part)


def _chosen(here: Here) -> None:
    chosen: dict[str, Found] = st.session_state.get(FOUND, {})
    if not chosen:
        return
    st.header("Fiches choisies", divider="gray", anchor=False)
    for each in chosen.values():
        words, away = st.columns([4, 1], vertical_alignment="center")
        words.markdown(f":material/person: {speech.escape(_words(each))}")
        away.button("Retirer", key=f"pe-drop-{each.seed}", on_click=_drop, args=(each.seed,))
    st.button(
        "Réunir le dossier", key="pe-gather", type="primary", icon=":material/folder_shared:",
        on_click=_gather, args=(here, tuple(chosen)),
    )  # fmt: skip


def _gathered() -> None:
    held: tuple[tuple[str, ...], Gathered] | None = st.session_state.get(GATHERED)
    if held is None:
        return
    seeds, found = held
    st.header("Ce qui est détenu", divider="gray", anchor=False)
    st.markdown(f"**{speech.escape(found.name)}**")
    st.markdown(
        "\n".join(f"- {speech.escape(part.title)} : **{len(part.rows) or 'rien'}**" for part in found.parts)
    )
    asked = urlencode({"de": ",".join(seeds)})
    with st.container(horizontal=True):
        st.link_button("Excel", f"/telecharger/personne.xlsx?{asked}", icon=":material/download:")
        st.link_button("PDF à imprimer", f"/telecharger/personne.pdf?{asked}", icon=":material/print:")
    st.markdown(
        "Les notes internes n’y sont pas, ni ce que vos rôles ne vous donnent pas à voir. Ce qui est "
        "rapproché par le nom seul peut être d’une autre personne : vérifiez avant de remettre."
    )


def _add(found: Found) -> None:
    st.session_state[FOUND] = {**st.session_state.get(FOUND, {}), found.seed: found}
    st.session_state.pop(GATHERED, None)


def _drop(seed: str) -> None:
    kept = {key: each for key, each in st.session_state.get(FOUND, {}).items() if key != seed}
    st.session_state[FOUND] = kept
    st.session_state.pop(GATHERED, None)


def _gather(here: Here, seeds: tuple[str, ...]) -> None:
    found = speech.attempt(lambda: person.gather(here(), seeds), PLACE)
    if found is not None:
        st.session_state[GATHERED] = (seeds, found)
