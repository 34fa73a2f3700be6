"""The rules of the town: what holds today, what will, what did; a new value, by the widget of its kind."""

from collections.abc import Callable
from datetime import date, time
from functools import partial
from typing import Any

import streamlit as st

from desk import french, settings_saving, settings_sheet, town_values
from desk.settings_sheet import Line, Sheet
from desk.town_values import TownValue
from desk.visits import Visit
from pages import speech
from pages.tableau import Tableau

Here = Callable[[], Visit]

CHOSEN = "ta_rule"
ASKED = "regle"  # the rule in the address


def hear(tab: Tableau) -> None:
    """What was typed in the new values since they were drawn; the rule just chosen."""
    if tab.table != "rules":
        return
    chosen = st.session_state.get(CHOSEN)
    if chosen is not None and tab.rule and chosen != tab.rule:
        tab.rule, tab.form = chosen, {}
        st.query_params[ASKED] = chosen
    for record, drawn in tab.form.items():
        look, seen = drawn["look"], drawn["values"]
        typed = {
            "value": _heard_value(record, look, seen["value"]),
            "valid_from": _iso(st.session_state.get(_key(record, "valid_from"))),
            "article": st.session_state.get(_key(record, "article"), seen["article"]) or None,
        }
        changed = {name: value for name, value in typed.items() if value != seen[name]}
        if changed and _key(record, "article") in st.session_state:
            tab.typed.setdefault(record, {}).update(changed)


def panel(here: Here, tab: Tableau, sheet: Sheet) -> None:
    """One rule to see or to change, then all of them at a glance."""
    values = {value.name: value for value in town_values.values(here())}
    asked = tab.rule or st.query_params.get(ASKED, "")
    tab.rule = asked if asked in values else next(iter(values))
    if st.session_state.get(CHOSEN) != tab.rule:
        st.session_state[CHOSEN] = tab.rule
    st.selectbox(
        "Règle à voir ou à changer", list(values), key=CHOSEN,
        format_func=lambda name: values[name].label if name in values else name,
    )  # fmt: skip
    with st.container(border=True, key="ta-regle"):
        _one(here, tab, values[tab.rule])
    st.subheader("Toutes les règles", anchor=False)
    st.markdown("\n".join(_row(value) for value in values.values()))


def _row(value: TownValue) -> str:
    """One rule in one line: what holds, since when, by which article, what comes."""
    begun = ":material/edit_note: " if value.begun else ""
    told = "valeur du logiciel"
    if value.today is not None:
        words = speech.escape(value.today.words) or french.NOTHING
        told = f"**{words}**, {_since(value.today.since)} ({speech.escape(value.today.article)})"
    coming = "".join(
        f" ; à venir le {french.day(each.since)} : **{speech.escape(each.words)}**" for each in value.coming
    )
    return f"- {begun}{speech.escape(value.label)} : {told}{coming}"


def _one(here: Here, tab: Tableau, value: TownValue) -> None:
    st.subheader(speech.escape(value.label), anchor=False)
    if value.today is None:
        st.markdown("La ville n’a rien choisi : la valeur du logiciel vaut.")
    else:
        st.markdown(
            f"Aujourd’hui : **{speech.escape(value.today.words)}**, {_since(value.today.since)} "
            f"({speech.escape(value.today.article)})"
        )
        _history(here, value.today.id)
    for each in value.coming:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(
                f":material/event: À venir, le {french.day(each.since)} : **{speech.escape(each.words)}** "
                f"({speech.escape(each.article)})",
                width="stretch",
            )
            st.button(
                "Retirer", key=f"ta-withdraw-{each.id}", icon=":material/delete:", on_click=tab.ask,
                args=(partial(_withdraw, here, tab, each.id),),
                help=f"Retirer la valeur à venir le {french.day(each.since)}",
            )  # fmt: skip
    if value.past:
        with st.expander("Valeurs passées", icon=":material/history:", key=f"ta-passe-{value.name}"):
            for each in value.past:
                st.markdown(
                    f"{_since(each.since).capitalize()} : {speech.escape(each.words)} "
                    f"({speech.escape(each.article)})"
                )
    drawn: dict[str, Any] = {}
    for line in value.begun:
        drawn[line.id] = {"look": value.shape.look.name, "values": _begun(here, tab, value, line)}
    tab.form = drawn
    if not value.begun:
        st.button(
            "Nouvelle valeur", key="ta-new-value", icon=":material/add:", on_click=tab.ask,
            args=(partial(_begin, here, tab, value),),
            help="La valeur d’aujourd’hui reste : la nouvelle la remplace à partir de sa date.",
        )  # fmt: skip


def _since(day: date) -> str:
    """« depuis le 1er décembre 2026 », in one piece; « depuis le début » of what the town began with."""
    told = "le début" if town_values.is_from_the_start(day) else f"le {french.day(day)}"
    return f"depuis {told}".replace(" ", "\u00a0")


def _history(here: Here, record: str) -> None:
    with st.expander("Qui l’a changée", icon=":material/history:", key=f"ta-histoire-{record}"):
        for told in settings_sheet.history(here(), "rules", record):
            what = "".join(f"  \n{speech.escape(each)}" for each in told.what)
            st.markdown(f"**{told.when}** — {speech.escape(told.who)}{what}")


def _begun(here: Here, tab: Tableau, value: TownValue, line: Line) -> dict[str, Any]:
    """The widgets of a new value; the values they were drawn with."""
    shown = {name: line.shown[name] for name in ("value", "valid_from", "article")}
    fresh = line.id not in tab.form or tab.form[line.id]["values"] != shown
    with st.container(border=True, key=f"ta-nouvelle-{line.id[-26:]}"):
        st.markdown("**Nouvelle valeur**")
        _widget(line.id, value, str(shown["value"] or ""), fresh)
        left, right = st.columns(2)
        with left:
            _lay(_key(line.id, "valid_from"), _date(shown["valid_from"]), fresh)
            st.date_input("En vigueur le", value=None, key=_key(line.id, "valid_from"), format="YYYY-MM-DD")
        with right:
            _lay(_key(line.id, "article"), shown["article"] or "", fresh)
            st.text_input(
                "Article, ou « choisi par la ville »", key=_key(line.id, "article"), autocomplete="off"
            )
        st.button(
            "Annuler", key=f"ta-undo-value-{line.id}", icon=":material/undo:", on_click=tab.ask,
            args=(partial(_forget, here, tab, line.id),),
        )  # fmt: skip
    return shown


def _widget(record: str, value: TownValue, text: str, fresh: bool) -> None:
    key, shape = _key(record, "value"), value.shape
    match shape.look.name:
        case "READING":
            _lay(key, text if text in shape.choices else None, fresh)
            st.radio(
                "Valeur", list(shape.choices), index=None, key=key,
                format_func=lambda each: town_values.said(value.name, each),
            )  # fmt: skip
        case "YES_NO":
            _lay(key, text if text in ("oui", "non") else None, fresh)
            st.radio("Valeur", ["oui", "non"], index=None, key=key, horizontal=True)
        case "NUMBER":
            _lay(key, int(text) if text.isdecimal() else None, fresh)
            st.number_input(
                f"Valeur, de {speech.number(shape.least)} à {speech.number(shape.most)}", value=None, step=1,
                key=key,
            )  # fmt: skip
        case "DATE" | "DATE_OR_NO":
            _lay(key, _date(text), fresh)
            empty = " (vide : non)" if shape.look.name == "DATE_OR_NO" else ""
            st.date_input(f"Valeur{empty}", value=None, key=key, format="YYYY-MM-DD")
        case "TIME":
            _lay(key, _time(text), fresh)
            st.time_input("Valeur", value=None, key=key, step=300)
        case "SPAN":
            first, _, last = text.partition("-")
            from_, to = st.columns(2)
            for part, name, words, at in ((from_, "from", "De", first), (to, "to", "À", last)):
                _lay(f"{key}_{name}", _time(at), fresh)
                part.time_input(f"{words} (vide : toujours)", value=None, key=f"{key}_{name}", step=300)
        case "HOURS":
            st.markdown("Heures de chaque jour, comme « 08:00-12:00 13:00-16:30 » ; vide : fermé.")
            for day, hours in town_values.week(text).items():
                _lay(f"{key}_{day}", hours, fresh)
                st.text_input(day.capitalize(), key=f"{key}_{day}", autocomplete="off")
        case _:
            _lay(key, text, fresh)
            st.text_input("Valeur", key=key, autocomplete="off")


def _heard_value(record: str, look: str, seen: Any) -> Any:
    """What the widgets of a value say, as the rule's text."""
    key = _key(record, "value")
    given = st.session_state.get(key)
    match look:
        case "HOURS":
            days = {day: str(st.session_state.get(f"{key}_{day}") or "") for day in town_values.WEEK}
            return seen if days == dict(town_values.week(str(seen or ""))) else town_values.hours_text(days)
        case "SPAN":
            ends = [st.session_state.get(f"{key}_{name}") for name in ("from", "to")]
            if not any(ends):
                return "toujours"
            return "-".join(each.strftime("%H:%M") if each else "" for each in ends)
        case "TIME":
            return given.strftime("%H:%M") if given else None
        case "DATE_OR_NO":
            return _iso(given) or "non"
        case "DATE":
            return _iso(given)
        case _:
            return None if given in (None, "") else str(given)


def _begin(here: Here, tab: Tableau, value: TownValue) -> None:
    visit = here()
    begun = town_values.begun_with(value, settings_sheet.today(visit))
    settings_sheet.begin(visit, "rules", begun)
    tab.forget()


def _withdraw(here: Here, tab: Tableau, record: str) -> None:
    settings_saving.mark_removed(here(), "rules", record)
    tab.forget()


def _forget(here: Here, tab: Tableau, record: str) -> None:
    settings_sheet.forget(here(), record)
    tab.form = {}
    tab.forget()


def _lay(key: str, value: Any, fresh: bool) -> None:
    if fresh or key not in st.session_state:
        st.session_state[key] = value


def _key(record: str, name: str) -> str:
    return f"ta_{record}_{name}"


def _iso(value: Any) -> str | None:
    return value.isoformat() if isinstance(value, date) else None


def _date(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _time(text: str) -> time | None:
    try:
        return time.fromisoformat(text.strip())
    except ValueError:
        return None
