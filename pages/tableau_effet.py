"""R-71: what would change, shown before it is adopted: the files whose dates move, the days of the lists."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial

import streamlit as st

from desk import french, settings_saving
from desk.foreseen import Effect, ListShift, Recent, Shift
from desk.settings_sheet import Sheet
from desk.visits import Visit
from pages import speech, tableau_ecrit
from pages.tableau import Tableau

Here = Callable[[], Visit]

PAGE = 25


def panel(here: Here, tab: Tableau, sheet: Sheet) -> None:
    """What was asked, as long as nothing else was typed since."""
    effect = tab.effect
    if effect is None:
        return
    if effect.stamp != settings_saving.stamp(sheet.begun):
        st.warning(
            "Vous avez changé autre chose depuis : regardez de nouveau ce qui changerait.",
            icon=":material/update:",
        )
        return
    with st.container(border=True, key="ta-effet"):
        st.subheader("Ce qui changerait", anchor=False)
        for one in effect.refused:
            if one.grounds:
                tableau_ecrit.refusal(one)
        _open_files(effect)
        if effect.recent is not None:
            _recent(effect.recent)
        _lists(effect.lists)
        st.markdown("Rien n’est encore adopté.")
        with st.container(horizontal=True):
            st.button(
                "Adopter", key="ta-adopt", type="primary", icon=":material/gavel:", on_click=tab.ask,
                args=(partial(tableau_ecrit.save, here, tab, effect.stamp),),
            )  # fmt: skip
            st.button("Pas maintenant", key="ta-later", on_click=tab.ask, args=(partial(_later, tab),))


def _later(tab: Tableau) -> None:
    tab.effect = None


def _open_files(effect: Effect) -> None:
    if not effect.shifts:
        st.markdown(
            f":material/event_available: **Aucune date ne bouge** ({_files(effect.open_files)} "
            f"{_plural(effect.open_files, 'ouvert')})."
            if effect.open_files
            else ":material/event_available: **Aucune date d’un dossier ouvert ne bouge.**"
        )
        return
    verb = "changeraient" if effect.moved > 1 else "changerait"
    st.markdown(
        f":material/event_repeat: **{_files(effect.moved)} {_plural(effect.moved, 'ouvert')} sur "
        f"{speech.number(effect.open_files)} {verb} de date.**"
    )
    _shifts(effect.shifts, "ouverts")


def _recent(recent: Recent) -> None:
    st.markdown(
        f":material/history: **Si cela avait été en vigueur, des {_files(recent.files)} des 90 derniers "
        f"jours : {speech.number(recent.sooner)} plus tôt, {speech.number(recent.later)} plus tard, "
        f"{speech.number(recent.same)} sans changement.** Ces dossiers gardent leurs dates : la règle vaut "
        "pour ceux reçus à partir de son jour."
    )
    if recent.shifts:
        with st.expander("Les dossiers des 90 derniers jours", key="ta-recents"):
            _shifts(recent.shifts, "recents")


def _lists(lists: Sequence[ListShift]) -> None:
    if not lists:
        return
    moving = sum(each.moves for each in lists)
    st.markdown(
        f":material/calendar_month: **{speech.number(moving)} {_plural(moving, 'jour')} des listes "
        f"mensuelles {'changeraient' if moving > 1 else 'changerait'}, d’ici douze mois.**"
    )
    st.markdown(
        "\n".join(
            f"- {each.month.capitalize()}, {each.what} : {_day(each.before)}"
            + (f" → **{_day(each.after)}**" if each.moves else ", pareil")
            for each in lists
        )
    )


def _shifts(shifts: Sequence[Shift], name: str) -> None:
    """The list, page by page; each number opens its file."""
    pages = -(-len(shifts) // PAGE)
    at = st.pagination(pages, key=f"ta-page-{name}") if pages > 1 else 1
    st.markdown(
        "\n".join(
            f"- [{each.number}](/dossier?numero={each.number}), {each.what} : {_day(each.before)} → "
            f"**{_day(each.after)}**"
            for each in shifts[(at - 1) * PAGE : at * PAGE]
        )
    )


def _day(value: date | datetime | None) -> str:
    if value is None:
        return "aucune"
    return french.moment(value) if isinstance(value, datetime) else french.day(value, weekday=True)


def _files(count: int) -> str:
    return f"{speech.number(count)} {_plural(count, 'dossier')}"


def _plural(count: int, word: str) -> str:
    return f"{word}s" if count > 1 else word
