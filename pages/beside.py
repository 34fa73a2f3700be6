"""One file opened beside the queue, and several sent elsewhere at once."""

from collections.abc import Callable

import streamlit as st

from desk import files, french, routing
from desk.files import View
from desk.queue import Line
from desk.visits import Visit
from pages import beside_file, bons, cells, gestures, speech
from pages.cells import Sheet
from pages.tab import Tab

Here = Callable[[], Visit]

PLACE = "beside"
SEEN = "fi-see"  # the click of a row
CHOSEN = "fi_beside"


def heard(tab: Tab) -> None:
    """The button of a row was pressed, or a number chosen: its file opens beside the list."""
    click, sheet = st.session_state.get(SEEN), tab.sheet
    row = click["row"] if click else -1
    if sheet is not None and isinstance(row, int) and 0 <= row < len(sheet.page.rows):
        tab.beside = sheet.page.rows[row].number
    if chosen := st.session_state.get(CHOSEN):
        st.session_state[CHOSEN] = None
        tab.beside = chosen


def panel(here: Here, tab: Tab, sheet: Sheet) -> None:
    """Open a file of the list beside it; send several elsewhere."""
    rows = {line.number: line for line in sheet.page.rows}
    if tab.beside:
        drawer = st.dialog(
            f"Dossier {tab.beside}", width="small", position="right",
            on_dismiss=lambda: tab.ask(lambda: _closed(here, tab)),
        )  # fmt: skip
        drawer(_file)(here, tab.beside)
    if not rows:
        return
    st.selectbox(
        "Ouvrir un dossier à côté de la liste", list(rows), index=None, key=CHOSEN,
        format_func=lambda number: _words(rows[number]) if number in rows else number,
        placeholder="Choisissez un numéro",
    )  # fmt: skip
    bons.of_several(
        {line.number: line.state for line in sheet.page.rows}, lambda number: _words(rows[number])
    )
    if sheet.page.whole:
        with st.expander(
            "Acheminer plusieurs dossiers ailleurs", icon=":material/alt_route:", key="fi-ailleurs"
        ):
            _elsewhere(here, tab, sheet, rows)


def _closed(here: Here, tab: Tab) -> None:
    tab.beside = ""
    cells.renew(here, tab)


def _words(line: Line) -> str:
    return " — ".join(part for part in (line.number, line.category, line.place) if part)


def _file(here: Here, number: str) -> None:
    try:
        view = files.open(here(), number)
    except files.NotFound as refusal:
        st.error(str(refusal), icon=":material/search_off:")
        return
    _summary(view)
    beside_file.refused_service(here, view)
    speech.hear(f"{PLACE}-{number}")
    gestures.forms(here, view, f"{PLACE}-{number}")


def _summary(view: View) -> None:
    shown = {field.name: field.text for field in view.demand if field.text != french.NOTHING}
    place = " ".join(shown[name] for name in ("civic", "street") if name in shown)
    st.markdown(
        f"{speech.state_badge(view.state)} {speech.escape(shown.get('category', ''))} — "
        f"{speech.escape(place or 'lieu non précisé')}  \n"
        f"[Ouvrir le dossier au complet](/dossier?numero={view.number})"
    )
    st.text(shown.get("facts", ""))
    dates = [f"{speech.escape(why.label)} : **{speech.escape(why.text)}**" for why in view.dates]
    last = view.timeline[-1:] if view.timeline else ()
    told = [
        f"Dernier geste, {french.moment(moment.at)} : {speech.escape(moment.sentence)}" for moment in last
    ]
    st.markdown("  \n".join([*dates, *told]))


def _elsewhere(here: Here, tab: Tab, sheet: Sheet, rows: dict[str, Line]) -> None:
    numbers = st.multiselect(
        "Dossiers", list(rows), key="fi_several", placeholder="Choisissez un ou plusieurs numéros",
        format_func=lambda number: _words(rows[number]) if number in rows else number,
    )  # fmt: skip
    left, right = st.columns(2)
    with left:
        towards = st.selectbox(
            "Vers le service", list(sheet.page.departments), index=None, key="fi_towards",
            format_func=lambda key: sheet.page.departments.get(key, key), placeholder="À choisir",
        )  # fmt: skip
    with right:
        st.text_input("Motif", key="fi_reason", autocomplete="off")
    st.button(
        "Acheminer", key="fi-reroute", icon=":material/alt_route:", disabled=not (numbers and towards),
        on_click=tab.ask, args=(lambda: _reroute(here, tab, rows),),
    )  # fmt: skip
    _told(tab)


def _reroute(here: Here, tab: Tab, rows: dict[str, Line]) -> None:
    """Send those chosen; what a first click already sent there is left. What is refused stays chosen."""
    several, towards, reason = (
        st.session_state.get(f"fi_{name}") for name in ("several", "towards", "reason")
    )
    asked = [number for number in several or () if number in rows]
    before = {number: tab.sent[number] for number in asked if number in tab.sent and towards == tab.towards}
    chosen = [number for number in asked if number not in before or not before[number].done]
    if chosen:
        ids = [rows[number].id for number in chosen]
        outcomes = routing.reroute(here(), ids, towards or "", reason or "")
        tab.sent, tab.towards = before | dict(zip(chosen, outcomes, strict=True)), towards
        cells.renew(here, tab)
    if asked:
        st.session_state["fi_several"] = [number for number in asked if not tab.sent[number].done]


def _told(tab: Tab) -> None:
    """What became of each file sent elsewhere."""
    if said := [speech.escape(outcome.message) for outcome in tab.sent.values() if outcome.done]:
        st.success("  \n".join(said), icon=":material/check:")
    refused = [
        f"{number} : {speech.ground(ground)}"
        for number, outcome in tab.sent.items()
        for ground in outcome.grounds
    ]
    if refused:
        st.error("  \n".join(refused), icon=":material/block:")
