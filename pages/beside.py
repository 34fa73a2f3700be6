"""One file opened beside the queue, and several sent elsewhere at once."""

from collections.abc import Callable

import streamlit as st

from desk import files, french, routing
from desk.queue import Page
from desk.visits import Visit
from pages import speech

Here = Callable[[], Visit]

PLACE = "beside"


def panel(here: Here, page: Page, refresh: Callable[[], None]) -> None:
    """Choose a number of the list to read its file here; or several, to send them to another department."""
    numbers = {line.number: line.id for line in page.rows}
    st.header("Un dossier de la liste", divider="gray")
    chosen = st.selectbox(
        "Ouvrir à côté de la liste",
        list(numbers),
        index=None,
        placeholder="Choisissez un numéro",
        key="fi_open",
    )
    if chosen:
        _file(here, chosen)
    st.header("Acheminer ailleurs", divider="gray")
    _elsewhere(here, page, numbers, refresh)


def _file(here: Here, number: str) -> None:
    try:
        view = files.open(here(), number)
    except files.NotFound as refusal:
        st.error(str(refusal), icon=":material/search_off:")
        return
    shown = {field.name: field.text for field in view.demand}
    place = " ".join(
        shown.get(name, "") for name in ("civic", "street") if shown.get(name, french.NOTHING) != "—"
    )
    st.markdown(
        f"**[{number}](/dossier?numero={number})** {speech.state_badge(view.state)}  \n"
        f"{speech.escape(shown.get('category', ''))} — {speech.escape(place or 'lieu non précisé')}"
    )
    st.text(shown.get("facts", ""))
    for why in view.dates:
        st.markdown(f"{speech.escape(why.label)} : **{speech.escape(why.text)}**")
    last = view.timeline[-1] if view.timeline else None
    if last is not None:
        st.markdown(f"Dernier geste : {speech.escape(last.sentence)}")


def _elsewhere(here: Here, page: Page, numbers: dict[str, str], refresh: Callable[[], None]) -> None:
    speech.hear(PLACE)
    st.multiselect(
        "Dossiers", list(numbers), key="fi_several", placeholder="Choisissez un ou plusieurs numéros"
    )
    left, right = st.columns(2)
    with left:
        st.selectbox(
            "Vers le service", list(page.departments), index=None, key="fi_towards",
            format_func=lambda key: page.departments.get(key, key), placeholder="À choisir",
        )  # fmt: skip
    with right:
        st.text_input("Motif", key="fi_reason", autocomplete="off")
    st.button("Acheminer", key="fi-reroute", on_click=_reroute, args=(here, numbers, refresh))


def _reroute(here: Here, numbers: dict[str, str], refresh: Callable[[], None]) -> None:
    chosen = [number for number in st.session_state.get("fi_several") or [] if number in numbers]
    towards, reason = st.session_state.get("fi_towards") or "", st.session_state.get("fi_reason") or ""
    ids = [numbers[number] for number in chosen]
    outcomes = speech.attempt(lambda: routing.reroute(here(), ids, towards, reason), PLACE)
    if not outcomes:
        return
    said = [outcome.message for outcome in outcomes if outcome.done]
    refused = [
        f"{number} : {ground.message}"
        for number, outcome in zip(chosen, outcomes, strict=True)
        for ground in outcome.grounds
    ]
    speech.confirm(" ".join([*said, *refused]), PLACE)
    st.session_state["fi_several"] = []
    refresh()
