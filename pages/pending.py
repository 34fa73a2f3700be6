"""What is typed in the queue and not saved: the button that saves it, its list, and what came of the save."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

import streamlit as st

from desk import drafts, french
from desk.grid import Column
from desk.typed import label
from desk.unsaved import ANSWERS, Clash, Saved, Typed, Unsaved, save, unsaved
from desk.visits import Visit
from pages import cells, speech
from pages.cells import PLACE, Sheet

Here = Callable[[], Visit]

RESULTS = "fi-results"
NOTE = "fi-note"  # what the last act answered; the browser may ask for a run of its own right after
TOLD = 5  # rows whose confirmation is spelled out


def button(here: Here, sheet: Sheet, begun: Unsaved) -> None:
    """The main act of the screen; it also takes the cell that was being typed when it was pressed."""
    count = len(begun.rows)
    st.button(
        f"Enregistrer ({_lines(count)})" if count else "Enregistrer", key="fi-save", icon=":material/save:",
        type="primary" if count else "secondary", on_click=_save, args=(here, sheet),
    )  # fmt: skip


def results(here: Here, sheet: Sheet, begun: Unsaved) -> None:
    """What became of each row of the last save, until it is settled."""
    if heard := speech.heard_at(PLACE):
        st.session_state[NOTE] = heard
    speech.say(st.session_state.get(NOTE))
    found: Sequence[Saved] = st.session_state.get(RESULTS, ())
    _confirm([one for one in found if one.done])
    for one in found:
        cells_begun = begun.of(one.id)
        if one.grounds and cells_begun:
            _refusal(one)
        clashes = [clash for clash in one.clashes if clash.difference.field in cells_begun]
        if clashes:
            _choice(here, sheet, one, clashes)


def listed(here: Here, sheet: Sheet, begun: Unsaved) -> None:
    """Every cell typed and not saved, on this page or not, each with its way back."""
    if not begun.rows:
        return
    here_now = {line.id for line in sheet.page.rows}
    with st.expander("Tapé et pas encore enregistré", icon=":material/edit_note:", key="fi-tape"):
        st.markdown(
            "Ce brouillon est conservé, même si vous changez de filtre ou de page, ou fermez la session."
        )
        for row in begun.rows:
            for name in row.cells:
                _cell(here, sheet, row, name, row.id in here_now)
        with st.popover("Tout abandonner", icon=":material/delete:"):
            st.markdown(f"Ce que vous avez tapé dans {_lines(len(begun.rows))} sera oublié.")
            st.button("Oui, tout abandonner", key="fi-undo-all", on_click=_undo_all, args=(here, begun))


def forget() -> None:
    """The confirmations of the last save have been read; what is refused or disputed stays."""
    st.session_state[RESULTS] = tuple(one for one in st.session_state.get(RESULTS, ()) if not one.done)
    st.session_state.pop(NOTE, None)


def _save(here: Here, sheet: Sheet, only: tuple[str, ...] = ()) -> None:
    cells.keep(here, sheet)
    found = speech.attempt(lambda: save(here(), only), PLACE)
    if found is None:
        return
    if not found:
        # a second click must not hide what the first one said
        if not st.session_state.get(RESULTS) and NOTE not in st.session_state:
            speech.confirm("Rien à enregistrer : aucune case n’a changé.", PLACE)
        return
    st.session_state.pop(NOTE, None)
    settled = {one.id for one in found}
    before = [one for one in st.session_state.get(RESULTS, ()) if only and one.id not in settled]
    st.session_state[RESULTS] = (*before, *found)
    cells.renew(here)


def _confirm(done: Sequence[Saved]) -> None:
    if not done:
        return
    told = " ".join(speech.escape(one.message) for one in done[:TOLD])
    more = f" Et {_lines(len(done) - TOLD)} de plus." if len(done) > TOLD else ""
    head = f"{_lines(len(done))} enregistrée{'s' if len(done) > 1 else ''}."
    st.success(f"{head} {told}{more}", icon=":material/check:")


def _refusal(one: Saved) -> None:
    who = f"[{one.number}](/dossier?numero={one.number})" if one.number else "Un dossier"
    lines = "\n".join(f"- {speech.ground(ground)}" for ground in one.grounds)
    st.error(
        f"{who} n’est pas enregistré ; ce que vous avez tapé reste dans sa ligne.\n\n{lines}",
        icon=":material/block:",
    )


def _choice(here: Here, sheet: Sheet, one: Saved, clashes: Sequence[Clash]) -> None:
    """The same cell changed by two people: both values, who wrote the other, and a choice to make."""
    for clash in clashes:
        difference = clash.difference
        column = sheet.columns.get(difference.field)
        shown = {
            "Au départ": difference.seen,
            "La vôtre": difference.yours,
            f"Celle de {clash.by}" if clash.by else "L’autre": difference.theirs,
        }
        with st.container(border=True, key=f"fi-choix-{one.id}-{difference.field}"):
            st.markdown(
                f":material/call_split: **[{one.number}](/dossier?numero={one.number}), "
                f"{speech.escape(_label(sheet, difference.field))}** : quelqu’un d’autre a changé cette case "
                "entre-temps. Rien n’est perdu : choisissez."
            )
            for part, (title, value) in zip(st.columns(3), shown.items(), strict=True):
                part.markdown(f"{speech.escape(title)}  \n**{speech.escape(_words(column, value))}**")
            given = (here, sheet, one, difference.field)
            with st.container(horizontal=True):
                st.button(
                    "Garder la mienne", key=f"fi-mine-{one.id}-{difference.field}",
                    on_click=_mine, args=(*given, cells.plain(difference.theirs)),
                )  # fmt: skip
                st.button(
                    "Garder l’autre",
                    key=f"fi-theirs-{one.id}-{difference.field}",
                    on_click=_theirs,
                    args=given,
                )


def _mine(here: Here, sheet: Sheet, one: Saved, name: str, theirs: Any) -> None:
    """What I typed, now based on what the other wrote: it goes over it, and both are in the history."""
    if speech.attempt(lambda: _rebased(here, one.id, name, theirs), PLACE):
        _settled(here, one, name)


def _theirs(here: Here, sheet: Sheet, one: Saved, name: str) -> None:
    if speech.attempt(lambda: _dropped(here, one.id, [name]), PLACE):
        _settled(here, one, name)


def _settled(here: Here, one: Saved, name: str) -> None:
    """Once nothing of a row is left to choose, the save that was asked for it is finished."""
    left = tuple(clash for clash in _current(one).clashes if clash.difference.field != name)
    others = tuple(each for each in st.session_state.get(RESULTS, ()) if each.id != one.id)
    st.session_state[RESULTS] = (*others, Saved(one.id, one.number, clashes=left)) if left else others
    cells.renew(here)
    sheet: Sheet = st.session_state[cells.SHEET]
    if left:
        return
    if unsaved(here(), sheet.page.window is not None).of(one.id):
        _save(here, sheet, (one.id,))
    else:
        speech.confirm(f"{one.number} : l’autre valeur est gardée.", PLACE)


def _current(one: Saved) -> Saved:
    return next((each for each in st.session_state.get(RESULTS, ()) if each.id == one.id), one)


def _cell(here: Here, sheet: Sheet, row: Typed, name: str, shown: bool) -> None:
    """One cell typed: where, what it was, what it becomes, and its way back."""
    link = (
        f"[{row.number}](/dossier?numero={row.number})" if row.number else "Un dossier qui n’est plus à vous"
    )
    draft, column, called = row.cells[name], sheet.columns.get(name), _label(sheet, name)
    before, now = (speech.escape(_words(column, value)[:300]) for value in (draft.based_on, draft.value))
    where = "" if shown else " (sur une autre page)"
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"{link}{where} — {speech.escape(called)} : {before} → **{now}**", width="stretch")
        st.button(
            "Annuler", key=f"fi-undo-{row.id}-{name}", icon=":material/undo:", type="tertiary",
            help=f"{row.number}, {called} : remettre ce qui y était",
            on_click=_undo, args=(here, row.id, name),
        )  # fmt: skip


def _undo(here: Here, file: str, name: str) -> None:
    if speech.attempt(lambda: _dropped(here, file, [name]), PLACE):
        cells.renew(here)


def _undo_all(here: Here, begun: Unsaved) -> None:
    for row in begun.rows:
        speech.attempt(lambda: _dropped(here, row.id, row.cells), PLACE)  # noqa: B023
    st.session_state.pop(RESULTS, None)
    cells.renew(here)


def _dropped(here: Here, file: str, names: Iterable[str]) -> bool:
    drafts.drop(here(), file, names)
    return True


def _rebased(here: Here, file: str, name: str, theirs: Any) -> bool:
    drafts.rebase(here(), file, name, theirs)
    return True


def _label(sheet: Sheet, name: str) -> str:
    column = sheet.columns.get(name)
    if column is not None:
        return column.label
    return "Réponse RNC" if name in ANSWERS else label(name)


def _words(column: Column | None, value: Any) -> str:
    """A value of a cell as people read it."""
    if isinstance(value, str) and column is not None and value in column.choices:
        return column.choices[value]
    if isinstance(value, str) and column is not None and cells.is_date(column):
        return french.words(_day(value))
    return french.words(value)


def _day(value: str) -> date | str:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return value


def _lines(count: int) -> str:
    return f"{count} ligne{'s' if count > 1 else ''}"
