"""Importer: a register brought in by the director; the long steps are told as the clock does them."""

from collections.abc import Callable
from datetime import timedelta

import streamlit as st

from desk import french, import_views, imports
from desk.import_views import View
from desk.visits import Visit
from pages import importer_colonnes, importer_rapport, speech
from policy.reasons import Refused
from sync.states import ImportState

Here = Callable[[], Visit]

PLACE = "importer"
FILE, GENERATION = "im_file", "im_generation"
EVERY = 1.0  # seconds between two looks while the clock works
PATIENCE = timedelta(seconds=30)  # then it is said that the clock does not seem to run
SHAPES = {
    ImportState.DONE: ":green-badge[:material/check_circle: {}]",
    ImportState.PUBLISHED: ":green-badge[:material/check_circle: {}]",
    ImportState.UNDONE: ":gray-badge[:material/undo: {}]",
    ImportState.FAILED: ":red-badge[:material/error: {}]",
    ImportState.READ: ":orange-badge[:material/edit_note: {}]",
    ImportState.CHECKED: ":orange-badge[:material/fact_check: {}]",
}
WORKS = ":blue-badge[:material/hourglass_top: {}]"
DOING = {
    ImportState.RECEIVED: "Le fichier est lu",
    ImportState.CHECKING: "Chaque ligne est vérifiée",
    ImportState.ASKED: "Les dossiers se préparent ; rien n’en est encore visible",
    ImportState.PUBLISHED: "Les dossiers sont là ; la recherche apprend leurs mots",
    ImportState.UNDOING: "Les dossiers que personne n’a touchés sont retirés",
}


def screen(here: Here) -> None:
    """The import of the address, else a file to bring in and those before it."""
    asked = st.query_params.get("import", "").strip()
    if not asked:
        st.title("Importer un registre")
        _bring(here)
        _before(here)
        return
    st.title("Import d’un registre")
    st.button("Tous les imports", key="im-back", type="tertiary", icon=":material/arrow_back:", on_click=_go)
    try:
        view = import_views.opened(here(), asked)
    except Refused as refusal:
        speech.hear(PLACE)  # given up a moment ago, perhaps
        st.error(str(refusal), icon=":material/search_off:")
        return
    _head(view)
    speech.hear(PLACE)
    _one(here, view)


def _bring(here: Here) -> None:
    visit = here()
    import_views.listed(visit)  # whoever may not is refused before a file is chosen
    st.markdown(
        "Les demandes d’un registre que la ville tenait déjà (Excel, .csv) deviennent des dossiers. "
        "Vous dites ce que sont ses colonnes ; chaque ligne est vérifiée avant que rien ne soit écrit, et "
        "aucun courriel ne part."
    )
    speech.hear(PLACE)
    with st.container(border=True):
        generation = st.session_state.setdefault(GENERATION, 0)
        brought = st.file_uploader(
            "Fichier .csv ou .xlsx", type=["csv", "txt", "xlsx"], key=f"{FILE}_{generation}",
            max_upload_size=imports.MOST_MB,
            help=f"Jusqu’à {imports.MOST_MB} Mo et {french.number(imports.MOST_ROWS)} lignes.",
        )  # fmt: skip
        st.button(
            "Lire ce fichier", key="im-read", type="primary", icon=":material/table_view:",
            disabled=brought is None, on_click=_receive, args=(here,),
        )  # fmt: skip


def _receive(here: Here) -> None:
    key = f"{FILE}_{st.session_state[GENERATION]}"
    brought = st.session_state.get(key)
    if brought is None:
        return
    lot = speech.attempt(lambda: imports.receive(here(), brought.name, brought.getvalue()), PLACE)
    if lot is not None:
        st.session_state[GENERATION] += 1  # the uploader lets go of the file
        _go(lot)


def _go(lot: str = "") -> None:
    st.query_params.from_dict({"import": lot} if lot else {})


def _before(here: Here) -> None:
    found = import_views.listed(here())
    if not found:
        return
    st.header("Imports", divider="gray", anchor=False)
    for view in found:
        with st.container(border=True, gap="small"):
            st.button(
                speech.escape(view.row["name"]), key=f"im-open-{view.id}", type="tertiary",
                icon=":material/table_view:", on_click=_go, args=(view.id,),
            )  # fmt: skip
            st.markdown(f"{_badge(view)} {_by(view)}  \n{_counts(view)}")


def _head(view: View) -> None:
    st.markdown(f"**{speech.escape(view.row['name'])}** {_badge(view)}  \n{_by(view)}")


def _badge(view: View) -> str:
    return SHAPES.get(view.state, WORKS).format(view.state.value)


def _by(view: View) -> str:
    return (
        f"Apporté par {speech.escape(view.row['received_name'])}, le {french.moment(view.row['received_at'])}"
    )


def _counts(view: View) -> str:
    row = view.row
    if view.state in (ImportState.DONE, ImportState.PUBLISHED):
        return importer_rapport.came_of(view)
    if view.state is ImportState.UNDONE:
        return f"{importer_rapport.files(row['withdrawn'])} sur {french.number(row['added'])} retirés"
    return importer_rapport.rows(row["rows"]) if row["rows"] else ""


def _one(here: Here, view: View) -> None:
    if view.is_working:
        _working(here, view)
        return
    match view.state:
        case ImportState.READ:
            importer_colonnes.show(here, view, PLACE)
        case ImportState.CHECKED:
            importer_rapport.checked(here, view, PLACE)
        case ImportState.DONE:
            importer_rapport.done(here, view, PLACE)
        case ImportState.UNDONE:
            importer_rapport.undone(here, view)
        case ImportState.FAILED:
            st.error(speech.escape(view.row["trouble"] or ""), icon=":material/error:")
            if not view.row["cleared"]:
                importer_colonnes.source(here, view, PLACE)
                give_up(here, view)
        case ImportState.DROPPED:
            st.info("Cet import a été abandonné : rien n’en a été gardé.", icon=":material/delete:")


def give_up(here: Here, view: View) -> None:
    """The way out, before anything of it is there."""
    importer_rapport.give_up(here, view, PLACE)


def _working(here: Here, view: View) -> None:
    st.fragment(_live, run_every=EVERY)(here, view.id, view.state)
    if view.state in (ImportState.RECEIVED, ImportState.CHECKING, ImportState.ASKED):
        give_up(here, view)


def _live(here: Here, lot: str, state: ImportState) -> None:
    """How far it is, looked at by itself; when the step is over, the whole screen is drawn again."""
    visit = here()
    view = import_views.opened(visit, lot)
    if view.state is not state:
        st.rerun()
    row = view.row
    count = f" : {french.number(row['done'])}" if row["done"] else ""
    total = f" sur {french.number(row['total'])}" if row["done"] and row["total"] else ""
    st.progress(view.share, text=f"{DOING[state]}{count}{total}…")
    st.markdown("Vous pouvez quitter cet écran : le travail continue, et vous le retrouverez ici.")
    if row["claimed_by"] is None and visit.at - row["updated_at"] > PATIENCE:
        st.warning(
            "L’horloge du guichet n’a pas encore pris ce travail : elle ne semble pas marcher "
            "(`python -m jobs`). Rien n’est perdu ; il se fera dès qu’elle repartira.",
            icon=":material/schedule:",
        )
