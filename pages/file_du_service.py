"""File du service: the queue as a spreadsheet; cells typed are drafts until they are saved, row by row."""

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

import streamlit as st

from desk import french, views
from desk.queue import Counts, Page
from desk.unsaved import Unsaved
from desk.views import View
from desk.visits import Visit
from pages import beside, cells, columns, pending, speech
from pages import tab as tabs
from pages.cells import Sheet
from pages.tab import Tab
from policy.words import State

Here = Callable[[], Visit]
Asked = Mapping[str, str]

WORDS = {
    View.OPEN: "Ouvertes",
    View.TO_ANSWER: "RNC à répondre",
    View.OVERDUE: "En retard",
    View.PAUSED: "En attente",
    View.UNCHANGED: "Inchangées depuis le mois dernier",
    View.UNROUTED: "À acheminer",
    View.TO_TAKE: "À prendre en charge",
    View.TO_ACKNOWLEDGE: "Sans accusé de réception",
    View.TO_CLOSE: "À fermer",
    View.COMPLEX: "Cas complexes",
    View.CLOSED: "Fermées",
}
NOTHING = {
    View.OPEN: "La file est vide : tout est fait.",
    View.TO_ANSWER: "Vous avez répondu de tous les dossiers de la liste RNC.",
    View.OVERDUE: "Rien n’est en retard.",
    View.PAUSED: "Rien n’est en attente.",
    View.UNCHANGED: "Rien n’est resté inchangé depuis le mois dernier.",
    View.UNROUTED: "Tout est acheminé.",
    View.TO_TAKE: "Tout est pris en charge.",
    View.TO_ACKNOWLEDGE: "Tout le monde a son accusé de réception.",
    View.TO_CLOSE: "Rien n’attend d’être fermé.",
    View.COMPLEX: "Aucun cas complexe n’est ouvert.",
    View.CLOSED: "Aucun dossier fermé.",
}
FROM_TODAY = (View.TO_TAKE, View.TO_ACKNOWLEDGE, View.TO_CLOSE, View.COMPLEX)  # offered only when asked for
FILTERS = ("voir", "service", "categorie", "texte")


def screen(here: Here) -> None:
    """Filters, the grid, what is typed and not yet saved, then one file opened beside the list."""
    tab = tabs.current()
    with tab.lock:
        cells.hear(tab)
        cells.keep(here, tab)
        tab.settle()
        asked = _asked(tab)
        beside.heard(tab)
        sheet, begun = cells.sheet(here, tab, views.query(asked))
    with st.container(key="file"):
        st.title("File du service")
        _filters(tab, asked, sheet.page)
        _window(asked, sheet.page)
        _toolbar(here, tab, asked, sheet, begun)
        tab.fresh = True
        st.fragment(cells.watch, run_every=cells.EVERY)(here, tab)
        pending.results(here, tab, sheet, begun)
        if sheet.page.rows:
            _grid(asked, sheet)
            _pager(sheet.page)
        else:
            _empty(asked, sheet.page)
        pending.listed(here, tab, sheet, begun)
        beside.panel(here, tab, sheet)


def _asked(tab: Tab) -> Asked:
    """The address, which alone says what is shown, after the filter that was just changed is written in it.

    In one step, so that the browser goes back in one; from the first page on.
    """
    asked = st.query_params.to_dict()
    changed = {name: value for name in FILTERS if (value := _chosen(tab, name)) is not None}
    turned = tab.sheet and st.session_state.get(_pager_key(tab.sheet.page))
    if changed:
        changed["page"] = ""
    elif tab.sheet and turned and turned != tab.sheet.page.page:
        changed = {"page": str(turned)}
    if changed:
        tab.forget()
        asked = {name: value for name, value in {**asked, **changed}.items() if value}
        st.query_params.from_dict(asked)
    return asked


def _chosen(tab: Tab, name: str) -> str | None:
    """What a person has just made of a filter; None when it is as it was drawn."""
    value = st.session_state.get(f"fi_{name}")
    if value is None or value == tab.drawn.get(name):
        return None
    return "" if value == View.OPEN else str(value)


def _view(asked: Asked, page: Page) -> View:
    """The view of the address; answers are asked for in their window alone."""
    view = views.view(asked)
    return View.OPEN if view is View.TO_ANSWER and page.window is None else view


def _filters(tab: Tab, asked: Asked, page: Page) -> None:
    """The filters live in the address: a link to them can be mailed."""
    view = _view(asked, page)
    tab.drawn = {"voir": view, **{name: asked.get(name, "") for name in FILTERS if name != "voir"}}
    for name, value in tab.drawn.items():
        if st.session_state.get(f"fi_{name}") != value:  # it would come back over what is typed
            st.session_state[f"fi_{name}"] = value
    shown = [each for each in View if each is view or _offered(each, page)]
    counts = _counts(page)
    st.segmented_control(
        "Voir", shown, key="fi_voir", required=True,
        format_func=lambda each: f"{WORDS[each]} ({counts[each]})" if each in counts else WORDS[each],
    )  # fmt: skip
    widths = [2, 2, 3] if len(page.departments) > 1 else [2, 3]
    *first, middle, right = st.columns(widths)
    for part in first:
        with part:
            _choice("service", "Service", "Tous mes services", page.departments, asked)
    with middle:
        _choice("categorie", "Catégorie", "Toutes les catégories", page.categories, asked)
    with right:
        st.text_input(
            "Chercher", key="fi_texte", type="search", live="300ms", autocomplete="off",
            placeholder="Nom, téléphone, rue, numéro, mots des faits",
        )  # fmt: skip


def _choice(name: str, label: str, every: str, choices: Mapping[str, str], asked: Asked) -> None:
    value = asked.get(name, "")
    words = {"": every, **choices}
    words.setdefault(value, ", ".join(choices.get(one, "inconnu") for one in value.split(",")))
    st.selectbox(label, list(words), key=f"fi_{name}", format_func=lambda one: words.get(one, one))


def _offered(view: View, page: Page) -> bool:
    if view in FROM_TODAY:
        return False
    if view is View.TO_ANSWER:
        return page.window is not None
    return page.whole if view is View.UNROUTED else True


def _counts(page: Page) -> dict[View, str]:
    counts = page.counts
    found = {
        View.OPEN: counts.open,
        View.OVERDUE: counts.overdue,
        View.PAUSED: counts.paused,
        View.UNCHANGED: counts.unchanged,
        View.TO_ANSWER: counts.unanswered,
        View.UNROUTED: counts.states.get(State.NEW, 0),
    }
    return {view: _number(count, counts) for view, count in found.items()}


def _number(count: int, counts: Counts) -> str:
    return f"{count:,}".replace(",", "\u202f") + (" et plus" if counts.at_least and count else "")


def _window(asked: Asked, page: Page) -> None:
    """R-22: until when answers are expected, and whether any is missing among what is asked for here."""
    if page.window is not None:
        told = "" if page.counts.unanswered else " Plus aucune réponse ne manque ici."
        st.info(speech.escape(page.window.sentence) + told, icon=":material/checklist:")
    elif views.view(asked) is View.TO_ANSWER:
        st.info("Aucune réponse à la liste RNC n’est attendue aujourd’hui.", icon=":material/checklist:")


def _toolbar(here: Here, tab: Tab, asked: Asked, sheet: Sheet, begun: Unsaved) -> None:
    """Always there, so that the grid never moves under the hand that types in it."""
    total = sheet.page.total
    words = f"{_number(total, sheet.page.counts)} dossier{'s' if total > 1 else ''}"
    when = french.hour(sheet.at)
    kept = " · :material/edit_note: Brouillon conservé" if begun.rows else ""
    download = {name: asked[name] for name in FILTERS if asked.get(name)}
    with st.container(horizontal=True, vertical_alignment="center", key="fi-barre"):
        pending.button(here, tab, begun)
        st.button(
            "Actualiser", key="fi-refresh", icon=":material/refresh:",
            on_click=tab.ask, args=(lambda: _refresh(tab),),
        )  # fmt: skip
        if total:
            st.link_button(
                "Excel", f"/telecharger/file.xlsx?{urlencode(download)}", icon=":material/download:",
                help="Tous les dossiers de ces filtres, en .xlsx",
            )  # fmt: skip
        st.markdown(f"**{words}** à {when}{kept}", width="stretch")


def _refresh(tab: Tab) -> None:
    tab.forget()
    tab.sheet = None


def _grid(asked: Asked, sheet: Sheet) -> None:
    page, view = sheet.page, _view(asked, sheet.page)
    if sheet.frame is None:
        sheet.frame = columns.frame(sheet, view)
    st.data_editor(
        sheet.frame,
        key=sheet.key,
        hide_index=True,
        height="content" if len(page.rows) <= 15 else 572,
        disabled=columns.locked(page, view),
        placeholder="",
        alt=f"File du service : {len(page.rows)} dossiers",
        column_config=columns.config(page),
    )
    sheet.drawn = True


def _pager(page: Page) -> None:
    """Each page has a pager of its own, which therefore never says another."""
    if page.pages > 1:
        st.pagination(page.pages, default=page.page, key=_pager_key(page))


def _pager_key(page: Page) -> str:
    return f"fi-page-{page.page}"


def _empty(asked: Asked, page: Page) -> None:
    if any(asked.get(name) for name in FILTERS if name != "voir"):
        st.info("Aucun dossier ne correspond à ces filtres.", icon=":material/filter_alt_off:")
    else:
        st.success(NOTHING[_view(asked, page)], icon=":material/task_alt:")
    if any(asked.get(name) for name in FILTERS):
        st.button("Voir tout ce qui est ouvert", key="fi-widen", on_click=st.query_params.clear)
