"""One file opened beside the queue, and several sent elsewhere at once."""

from collections.abc import Callable

import streamlit as st

from desk import files, french, routing
from desk.acts import Outcome
from desk.files import View
from desk.queue import Line
from desk.visits import Visit
from pages import cells, gestures, speech
from pages.cells import Sheet

Here = Callable[[], Visit]

PLACE = "beside"
OPEN = "fi-open"  # the number of the file opened beside the list
TOLD = "fi-told"  # what became of the files sent elsewhere, by number
SEEN = "fi-see"  # the click of a row


def panel(here: Here, sheet: Sheet) -> None:
    """Open a file of the list beside it; send several elsewhere."""
    rows = {line.number: line for line in sheet.page.rows}
    if number := st.session_state.get(OPEN):
        st.dialog(f"Dossier {number}", width="small", position="right", on_dismiss=lambda: _closed(here))(
            _file
        )(here, number)
    if not rows:
        return
    st.selectbox(
        "Ouvrir un dossier à côté de la liste", list(rows), index=None, key="fi_beside", on_change=_chosen,
        format_func=lambda number: _words(rows[number]) if number in rows else number,
        placeholder="Choisissez un numéro",
    )  # fmt: skip
    if sheet.page.whole:
        with st.expander(
            "Acheminer plusieurs dossiers ailleurs", icon=":material/alt_route:", key="fi-ailleurs"
        ):
            _elsewhere(here, sheet, rows)


def see() -> None:
    """The button of a row was pressed: its file opens at the next run."""
    click, sheet = st.session_state.get(SEEN), st.session_state.get(cells.SHEET)
    row = click["row"] if click else -1
    if isinstance(sheet, Sheet) and isinstance(row, int) and 0 <= row < len(sheet.page.rows):
        st.session_state[OPEN] = sheet.page.rows[row].number


def _chosen() -> None:
    st.session_state[OPEN] = st.session_state.get("fi_beside")
    st.session_state["fi_beside"] = None


def _closed(here: Here) -> None:
    st.session_state.pop(OPEN, None)
    cells.renew(here)


def _words(line: Line) -> str:
    return " — ".join(part for part in (line.number, line.category, line.place) if part)


def _file(here: Here, number: str) -> None:
    try:
        view = files.open(here(), number)
    except files.NotFound as refusal:
        st.error(str(refusal), icon=":material/search_off:")
        return
    _summary(view)
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


def _elsewhere(here: Here, sheet: Sheet, rows: dict[str, Line]) -> None:
    st.multiselect(
        "Dossiers", list(rows), key="fi_several", on_change=_forget,
        placeholder="Choisissez un ou plusieurs numéros",
        format_func=lambda number: _words(rows[number]) if number in rows else number,
    )  # fmt: skip
    left, right = st.columns(2)
    with left:
        st.selectbox(
            "Vers le service", list(sheet.page.departments), index=None, key="fi_towards",
            format_func=lambda key: sheet.page.departments.get(key, key), placeholder="À choisir",
        )  # fmt: skip
    with right:
        st.text_input("Motif", key="fi_reason", autocomplete="off")
    st.button(
        "Acheminer", key="fi-reroute", icon=":material/alt_route:", on_click=_reroute, args=(here, rows)
    )
    _told()


def _reroute(here: Here, rows: dict[str, Line]) -> None:
    chosen = [number for number in st.session_state.get("fi_several") or [] if number in rows]
    towards, reason = st.session_state.get("fi_towards") or "", st.session_state.get("fi_reason") or ""
    if not chosen:
        if TOLD not in st.session_state:  # a second click must not hide what the first one said
            speech.confirm("Choisissez d’abord un ou plusieurs dossiers.", PLACE)
        return
    _forget()
    ids = [rows[number].id for number in chosen]
    outcomes = speech.attempt(lambda: routing.reroute(here(), ids, towards, reason), PLACE)
    if outcomes is None:
        return
    by_number = dict(zip(chosen, outcomes, strict=True))
    st.session_state[TOLD] = by_number
    st.session_state["fi_several"] = [number for number, outcome in by_number.items() if not outcome.done]
    cells.renew(here)


def _told() -> None:
    """What became of each file sent elsewhere, until others are chosen."""
    speech.hear(PLACE)
    outcomes: dict[str, Outcome] = st.session_state.get(TOLD, {})
    if said := [speech.escape(outcome.message) for outcome in outcomes.values() if outcome.done]:
        st.success("  \n".join(said), icon=":material/check:")
    refused = [
        f"{number} : {speech.ground(ground)}"
        for number, outcome in outcomes.items()
        for ground in outcome.grounds
    ]
    if refused:
        st.error("  \n".join(refused), icon=":material/block:")


def _forget() -> None:
    st.session_state.pop(TOLD, None)
