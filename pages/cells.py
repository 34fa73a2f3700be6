"""What is typed in the cells of the queue: kept as drafts, saved by row, refusals and differences shown."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import streamlit as st

from desk import drafts, french, queue
from desk.acts import Outcome
from desk.drafts import Draft
from desk.grid import Column, Edit
from desk.queue import Line, Page
from desk.visits import Visit
from pages import speech
from policy.towntime import town_day
from policy.words import Answer, State, WaitReason
from sync.fields import Kind

Here = Callable[[], Visit]
Laid = dict[str, dict[str, Any]]

LAID = "fi-laid"  # file id → column → value shown, drafts included
OUTCOMES = "fi-outcomes"


def lay(here: Here, page: Page) -> Laid:
    """The editable values of each row, with this person's drafts laid over what stands now."""
    begun = drafts.recall_all(here(), [line.id for line in page.rows])
    laid: Laid = {}
    for line in page.rows:
        kept = begun.get(line.id, {})
        laid[line.id] = {
            column.name: _shown(
                column, kept[column.name].value if column.name in kept else _plain(line, column)
            )
            for column in page.columns
        }
    return laid


def keep(here: Here, key: str, page: Page) -> None:
    """Keep what was typed in the grid on the server; a cell typed back to what stands is forgotten."""
    columns = {column.name: column for column in page.columns}
    edited: Mapping[str, Mapping[str, Any]] = st.session_state[key].get("edited_rows", {})
    for position, row in edited.items():
        if not 0 <= int(position) < len(page.rows):
            continue
        line = page.rows[int(position)]
        typed = {name: _kept(value) for name, value in row.items() if name in columns}
        based = {name: _plain(line, columns[name]) for name in typed}
        if typed:
            speech.attempt(lambda: drafts.keep_all(here(), line.id, typed, based), "file")  # noqa: B023


def pending(here: Here, page: Page, refresh: Callable[[], None]) -> None:
    """What is typed and not saved, the one button that saves it, and what came of the last save."""
    begun = _begun(here, page)
    _outcomes(here, page, refresh)
    if not begun:
        return
    count = f"{len(begun)} ligne{'s' if len(begun) > 1 else ''}"
    save, undo = st.columns([3, 2])
    save.button(
        f"Enregistrer ({count})", key="fi-save", type="primary", icon=":material/save:", width="stretch",
        on_click=_save, args=(here, page, refresh),
    )  # fmt: skip
    undo.button(
        "Abandonner ce qui est tapé",
        key="fi-undo",
        width="stretch",
        on_click=_undo,
        args=(here, page, refresh),
    )
    st.markdown(f":material/edit_note: Brouillon conservé : {count}, même si vous fermez cette fenêtre.")


def town_date(moment: datetime) -> date:
    """The day in town of a moment."""
    return town_day(moment)


def is_date(column: Column) -> bool:
    """Whether the column holds a day."""
    return column.kind is Kind.DATE


def _begun(here: Here, page: Page) -> dict[str, dict[str, Draft]]:
    names = {column.name for column in page.columns}
    begun = drafts.recall_all(here(), [line.id for line in page.rows])
    mine = {
        file: {name: draft for name, draft in kept.items() if name in names} for file, kept in begun.items()
    }
    return {file: kept for file, kept in mine.items() if kept}


def _save(here: Here, page: Page, refresh: Callable[[], None]) -> None:
    edits = [
        Edit(
            file,
            {name: draft.based_on for name, draft in kept.items()},
            {name: draft.value for name, draft in kept.items()},
        )
        for file, kept in _begun(here, page).items()
    ]
    outcomes = speech.attempt(lambda: queue.save(here(), edits), "file")
    if outcomes is None:
        return
    st.session_state[OUTCOMES] = [outcome for outcome in outcomes if not outcome.done]
    done = [outcome.message for outcome in outcomes if outcome.done]
    if done:
        speech.confirm("Enregistré. " + " ".join(done), "file")
    refresh()


def _undo(here: Here, page: Page, refresh: Callable[[], None]) -> None:
    for file, kept in _begun(here, page).items():
        drafts.drop(here(), file, kept)
    st.session_state.pop(OUTCOMES, None)
    refresh()


def _outcomes(here: Here, page: Page, refresh: Callable[[], None]) -> None:
    numbers = {line.id: line.number for line in page.rows}
    for outcome in st.session_state.get(OUTCOMES, []):
        number = numbers.get(outcome.id, "")
        if outcome.grounds:
            _refusal(number, outcome)
        for difference in outcome.differences:
            _difference(here, page, refresh, number, outcome, difference)


def _refusal(number: str, outcome: Outcome) -> None:
    link = f"[{number}](/dossier?numero={number})" if number else "Un dossier"
    lines = "\n".join(
        f"- {speech.escape(ground.message)}"
        + (f" *({speech.escape(ground.article)})*" if ground.article else "")
        for ground in outcome.grounds
    )
    st.error(f"{link} n’est pas enregistré ; ce que vous avez tapé reste dans la grille.\n\n{lines}")


def _difference(
    here: Here, page: Page, refresh: Callable[[], None], number: str, outcome: Outcome, difference: Any
) -> None:
    labels = {column.name: column.label for column in page.columns}
    label = labels.get(difference.field, difference.field)
    with st.container(border=True):
        st.markdown(
            f"**{number} — {speech.escape(label)}** : quelqu’un d’autre a changé cette case entre-temps. "
            "Rien n’est perdu : choisissez."
        )
        yours, theirs = st.columns(2)
        yours.markdown(f"La vôtre : **{speech.escape(french.words(difference.yours))}**")
        theirs.markdown(f"La sienne : **{speech.escape(french.words(difference.theirs))}**")
        key = f"{outcome.id}-{difference.field}"
        given = (here, page, refresh, outcome.id, difference)
        yours.button("Garder la mienne", key=f"fi-mine-{key}", on_click=_mine, args=given)
        theirs.button("Garder la sienne", key=f"fi-theirs-{key}", on_click=_theirs, args=given)


def _mine(here: Here, page: Page, refresh: Callable[[], None], file: str, difference: Any) -> None:
    """What I typed, now based on what the other wrote: saved at once over it, both in the history."""
    draft = drafts.recall(here(), file).get(difference.field)
    if draft is not None:
        drafts.drop(here(), file, [difference.field])
        drafts.keep(here(), file, difference.field, draft.value, _kept(difference.theirs))
    _settled(file, difference.field)
    _save(here, page, refresh)


def _theirs(here: Here, page: Page, refresh: Callable[[], None], file: str, difference: Any) -> None:
    drafts.drop(here(), file, [difference.field])
    _settled(file, difference.field)
    refresh()


def _settled(file: str, field: str) -> None:
    left = []
    for outcome in st.session_state.get(OUTCOMES, []):
        differences = tuple(each for each in outcome.differences if (outcome.id, each.field) != (file, field))
        if outcome.grounds or differences:
            left.append(Outcome(outcome.id, outcome.message, outcome.version, outcome.grounds, differences))
    st.session_state[OUTCOMES] = left


def _plain(line: Line, column: Column) -> Any:
    """What stands in a cell now, as a draft keeps it."""
    return _kept(line.seen.get(column.name))


def _kept(value: Any) -> Any:
    """A value as JSON can hold it: a date is its ISO text, an empty cell nothing."""
    if isinstance(value, State | WaitReason | Answer):
        return value.value
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return None if value == "" else value


def _shown(column: Column, value: Any) -> Any:
    """A kept value as the grid shows it."""
    if value and is_date(column):
        return date.fromisoformat(str(value)[:10])
    return value
