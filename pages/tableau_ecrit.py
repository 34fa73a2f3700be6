"""What is begun in a table of settings: the buttons that save it, its list, and what came of the save."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from desk import drafts, foreseen, settings_saving, settings_sheet
from desk.settings_saving import Clash, Saved
from desk.settings_sheet import FORESEEN, Line, Sheet
from desk.visits import Visit
from pages import speech
from pages.tableau import Tableau

Here = Callable[[], Visit]

TOLD = 5  # rows whose confirmation is spelled out


def toolbar(here: Here, tab: Tableau, sheet: Sheet) -> None:
    """The main act, a new row, the town's own table when there is one."""
    count = len(sheet.begun)
    some = f" ({_lines(count)})" if count else ""
    with st.container(horizontal=True, vertical_alignment="center", key="ta-barre"):
        if sheet.table in FORESEEN:
            st.button(
                f"Voir ce qui changerait{some}", key="ta-foresee", icon=":material/preview:",
                type="primary" if count else "secondary", on_click=tab.ask,
                args=(partial(_foresee, here, tab),),
            )  # fmt: skip
        else:
            st.button(
                f"Enregistrer{some}", key="ta-save", icon=":material/save:",
                type="primary" if count else "secondary", on_click=tab.ask, args=(partial(save, here, tab),),
            )  # fmt: skip
        if sheet.table != "rules":
            st.button(
                "Ajouter une ligne", key="ta-add", icon=":material/add:", on_click=tab.ask,
                args=(partial(_add, here, tab),),
            )  # fmt: skip
        if there := here().house.table_address:
            st.link_button("Ouvrir la table de la ville", there, icon=":material/open_in_new:")
        if count:
            st.markdown(":material/edit_note: Brouillon conservé", width="stretch")


def save(here: Here, tab: Tableau, stamp: str = "", only: tuple[str, ...] = ()) -> None:
    """Save what is begun (of a table that dates hang on: under the stamp of what was read)."""
    found = settings_saving.save(here(), tab.table, stamp, only)
    if not found:
        tab.note = None if tab.saved else "Rien à enregistrer : aucune case n’a changé."
        return
    settled = {one.id for one in found}
    before = [one for one in tab.saved if only and one.id not in settled]
    tab.note, tab.saved, tab.effect, tab.form = None, (*before, *found), None, {}


def results(here: Here, tab: Tableau, sheet: Sheet) -> None:
    """What became of each row of the last save, until it is settled."""
    speech.say(tab.note)
    begun = {line.id: line for line in sheet.begun}
    _confirm([one for one in tab.saved if one.done])
    for one in tab.saved:
        if one.id not in begun:
            continue
        if one.grounds:
            refusal(one)
        for clash in one.clashes:
            if clash.field in begun[one.id].typed:
                _choice(here, tab, one, clash)


def refusal(one: Saved) -> None:
    """A row that is not taken, with every ground."""
    lines = "\n".join(f"- {speech.ground(ground)}" for ground in one.grounds)
    title = speech.escape(one.title)
    st.error(
        f"**{title}** n’est pas enregistrée ; ce que vous avez tapé y reste.\n\n{lines}",
        icon=":material/block:",
    )


def listed(here: Here, tab: Tableau, sheet: Sheet) -> None:
    """Every cell begun, what it was, what it becomes, and its way back."""
    if not sheet.begun:
        return
    with st.expander("Commencé et pas encore enregistré", icon=":material/edit_note:", key="ta-commence"):
        st.markdown("Ce brouillon est conservé, même si vous ouvrez un autre tableau ou fermez la session.")
        for line in sheet.begun:
            _line(here, tab, sheet, line)
        with st.popover("Tout abandonner", icon=":material/delete:"):
            st.markdown(f"Ce que vous avez commencé dans {_lines(len(sheet.begun))} sera oublié.")
            st.button(
                "Oui, tout abandonner", key="ta-undo-all", on_click=tab.ask,
                args=(partial(_undo_all, here, tab, sheet),),
            )  # fmt: skip


def _foresee(here: Here, tab: Tableau) -> None:
    tab.effect = foreseen.foresee(here(), tab.table)
    tab.saved = ()
    if not tab.effect.rows:
        tab.note, tab.effect = "Rien à adopter : aucune case n’a changé.", None


def _add(here: Here, tab: Tableau) -> None:
    tab.open, tab.form = settings_sheet.begin(here(), tab.table), {}
    tab.forget()


def _confirm(done: Sequence[Saved]) -> None:
    if not done:
        return
    told = " ".join(speech.escape(one.message) for one in done[:TOLD])
    more = f" Et {_lines(len(done) - TOLD)} de plus." if len(done) > TOLD else ""
    st.success(f"{told}{more}", icon=":material/check:")


def _choice(here: Here, tab: Tableau, one: Saved, clash: Clash) -> None:
    """The same cell changed by two people: both values, who wrote the other, and a choice to make."""
    shown = {
        "Au départ": clash.seen,
        "La vôtre": clash.yours,
        f"Celle de {clash.by}" if clash.by else "L’autre": clash.theirs,
    }
    with st.container(border=True, key=f"ta-choix-{one.id}-{clash.field}"):
        st.markdown(
            f":material/call_split: **{speech.escape(one.title)}, {speech.escape(clash.label)}** : quelqu’un "
            "d’autre a changé cette case entre-temps. Rien n’est perdu : choisissez."
        )
        for part, (title, value) in zip(st.columns(3), shown.items(), strict=True):
            part.markdown(f"{speech.escape(title)}  \n**{speech.escape(value)}**")
        with st.container(horizontal=True):
            st.button(
                "Garder la mienne", key=f"ta-mine-{one.id}-{clash.field}", on_click=tab.ask,
                args=(partial(_mine, here, tab, one, clash),),
            )  # fmt: skip
            st.button(
                "Garder l’autre", key=f"ta-theirs-{one.id}-{clash.field}", on_click=tab.ask,
                args=(partial(_theirs, here, tab, one, clash),),
            )  # fmt: skip


def _mine(here: Here, tab: Tableau, one: Saved, clash: Clash) -> None:
    """What I typed, now based on what the other wrote: it goes over it, and both are in the history."""
    drafts.rebase(here(), one.id, clash.field, clash.plain)
    _settled(tab, one, clash)


def _theirs(here: Here, tab: Tableau, one: Saved, clash: Clash) -> None:
    settings_sheet.forget(here(), one.id, (clash.field,))
    _settled(tab, one, clash)


def _settled(tab: Tableau, one: Saved, clash: Clash) -> None:
    left = tuple(each for each in one.clashes if each.field != clash.field)
    others = tuple(each for each in tab.saved if each.id != one.id)
    tab.saved = (*others, Saved(one.id, one.title, clashes=left)) if left else others
    tab.form = {}
    tab.note = "Choix retenu : enregistrez de nouveau."


def _line(here: Here, tab: Tableau, sheet: Sheet, line: Line) -> None:
    title = speech.escape(line.title)
    if line.new or line.removed:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{title}** — {'à ajouter' if line.new else 'à retirer'}", width="stretch")
            _undo(here, tab, line, (), f"{line.title} : annuler")
        if line.new:
            return
    for column in sheet.columns:
        if column.name not in line.typed:
            continue
        draft = line.typed[column.name]
        before, now = (
            speech.escape(settings_sheet.words(column, value)[:300])
            for value in (draft.based_on, draft.value)
        )
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"{title} — {speech.escape(column.label)} : {before} → **{now}**", width="stretch")
            _undo(here, tab, line, (column.name,), f"{line.title}, {column.label} : remettre ce qui y était")


def _undo(here: Here, tab: Tableau, line: Line, fields: tuple[str, ...], told: str) -> None:
    st.button(
        "Annuler", key=f"ta-undo-{line.id}-{'-'.join(fields)}", icon=":material/undo:", type="tertiary",
        help=told, on_click=tab.ask, args=(partial(_forget, here, tab, line.id, fields),),
    )  # fmt: skip


def _forget(here: Here, tab: Tableau, record: str, fields: tuple[str, ...]) -> None:
    settings_sheet.forget(here(), record, fields or None)
    tab.form = {}
    tab.forget()


def _undo_all(here: Here, tab: Tableau, sheet: Sheet) -> None:
    for line in sheet.begun:
        settings_sheet.forget(here(), line.id)
    tab.saved, tab.effect, tab.note, tab.form = (), None, None, {}


def _lines(count: int) -> str:
    return f"{count} ligne{'s' if count > 1 else ''}"
