"""What is typed in the queue and not saved: the button that saves it, its list, and what came of the save."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

import streamlit as st

from desk import drafts, french
from desk.grid import Column
from desk.typed import label
from desk.unsaved import ANSWERS, Clash, Saved, Typed, Unsaved, save, unsaved
from desk.visits import Visit
from pages import cells, speech
from pages.cells import Sheet
from pages.tab import Tab

Here = Callable[[], Visit]

TOLD = 5  # rows whose confirmation is spelled out


def button(here: Here, tab: Tab, begun: Unsaved) -> None:
    """The main act of the screen; it also takes the cell that was being typed when it was pressed."""
    count = len(begun.rows)
    st.button(
        f"Enregistrer ({_lines(count)})" if count else "Enregistrer", key="fi-save", icon=":material/save:",
        type="primary" if count else "secondary", on_click=tab.ask, args=(lambda: _save(here, tab),),
    )  # fmt: skip


def results(here: Here, tab: Tab, sheet: Sheet, begun: Unsaved) -> None:
    """What became of each row of the last save, until it is settled."""
    speech.say(tab.note)
    _confirm([one for one in tab.results if one.done])
    for one in tab.results:
        cells_begun = begun.of(one.id)
        if one.grounds and cells_begun:
            _refusal(one)
        clashes = [clash for clash in one.clashes if clash.difference.field in cells_begun]
        if clashes:
            _choice(here, tab, sheet, one, clashes)


def listed(here: Here, tab: Tab, sheet: Sheet, begun: Unsaved) -> None:
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
                _cell(here, tab, sheet, row, name, row.id in here_now)
        with st.popover("Tout abandonner", icon=":material/delete:"):
            st.markdown(f"Ce que vous avez tapé dans {_lines(len(begun.rows))} sera oublié.")
            st.button(
                "Oui, tout abandonner", key="fi-undo-all",
                on_click=tab.ask, args=(lambda: _undo_all(here, tab, begun),),
            )  # fmt: skip


def _save(here: Here, tab: Tab, only: tuple[str, ...] = ()) -> None:
    found = save(here(), only)
    if not found:
        if not tab.results and tab.note is None:  # a second click must not hide what the first one said
            tab.note = "Rien à enregistrer : aucune case n’a changé."
        return
    settled = {one.id for one in found}
    before = [one for one in tab.results if only and one.id not in settled]
    tab.note, tab.results = None, (*before, *found)
    cells.renew(here, tab)


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


def _choice(here: Here, tab: Tab, sheet: Sheet, one: Saved, clashes: Sequence[Clash]) -> None:
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
            theirs = cells.plain(difference.theirs)
            with st.container(horizontal=True):
                st.button(
                    "Garder la mienne", key=f"fi-mine-{one.id}-{difference.field}",
                    on_click=tab.ask, args=(partial(_mine, here, tab, one, difference.field, theirs),),
                )  # fmt: skip
                st.button(
                    "Garder l’autre", key=f"fi-theirs-{one.id}-{difference.field}",
                    on_click=tab.ask, args=(partial(_theirs, here, tab, one, difference.field),),
                )  # fmt: skip


def _mine(here: Here, tab: Tab, one: Saved, name: str, theirs: Any) -> None:
    """What I typed, now based on what the other wrote: it goes over it, and both are in the history."""
    drafts.rebase(here(), one.id, name, theirs)
    _settled(here, tab, one, name)


def _theirs(here: Here, tab: Tab, one: Saved, name: str) -> None:
    drafts.drop(here(), one.id, [name])
    _settled(here, tab, one, name)


def _settled(here: Here, tab: Tab, one: Saved, name: str) -> None:
    """Once nothing of a row is left to choose, the save that was asked for it is finished."""
    current = next((each for each in tab.results if each.id == one.id), one)
    left = tuple(clash for clash in current.clashes if clash.difference.field != name)
    others = tuple(each for each in tab.results if each.id != one.id)
    tab.results = (*others, Saved(one.id, one.number, clashes=left)) if left else others
    cells.renew(here, tab)
    if left:
        return
    if unsaved(here(), answering=True).of(one.id):
        _save(here, tab, (one.id,))
    else:
        tab.note = f"{one.number} : l’autre valeur est gardée."


def _cell(here: Here, tab: Tab, sheet: Sheet, row: Typed, name: str, shown: bool) -> None:
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
            on_click=tab.ask, args=(partial(_undo, here, tab, row.id, name),),
        )  # fmt: skip


def _undo(here: Here, tab: Tab, file: str, name: str) -> None:
    drafts.drop(here(), file, [name])
    cells.renew(here, tab)


def _undo_all(here: Here, tab: Tab, begun: Unsaved) -> None:
    for row in begun.rows:
        drafts.drop(here(), row.id, row.cells)
    tab.results = ()
    cells.renew(here, tab)


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
