"""What came of a register: what fits or not after the check, what was brought in, what was taken back."""

from collections.abc import Callable

import streamlit as st

from desk import french, import_views, imports
from desk.import_views import View
from desk.visits import Visit
from pages import speech

Here = Callable[[], Visit]

FIRST = 25  # rows shown of the report


def checked(here: Here, view: View, place: str) -> None:
    """What fits, what is there already, what does not fit and why; then all that fits, or nothing."""
    row = view.row
    if row["trouble"]:
        st.warning(speech.escape(row["trouble"]), icon=":material/sync_problem:")
    parts = [f":material/check_circle: **{rows(row['fits'])}** à importer"]
    if row["known"]:
        parts.append(f":material/done_all: {rows(row['known'])} déjà là")
    if row["wrong"]:
        parts.append(f":material/block: **{_unfit(row['wrong'])}**")
    st.markdown(" · ".join(parts))
    agreed = 0
    if row["wrong"]:
        _wrong(here, view)
        if row["fits"]:
            label = _aside(row["wrong"])
            agreed = row["wrong"] if st.checkbox(label, key=f"im_aside_{view.id}") else 0
    elif row["fits"]:
        st.success("Toutes les lignes conviennent.", icon=":material/check:")
    if not row["fits"]:
        st.info("Il n’y a rien de nouveau à importer.", icon=":material/inbox:")
    with st.container(horizontal=True):
        if row["fits"]:
            st.button(
                f"Importer {demands(row['fits'])}", key="im-go", type="primary", icon=":material/input:",
                on_click=_carry_out, args=(here, view, place, agreed),
            )  # fmt: skip
        st.button(
            "Revenir aux colonnes", key="im-columns", icon=":material/arrow_back:",
            on_click=lambda: speech.attempt(lambda: imports.change_columns(here(), view.id), place),
        )  # fmt: skip
        give_up(here, view, place)


def done(here: Here, view: View, place: str) -> None:
    """What was brought in, and the way back."""
    row = view.row
    if row["trouble"]:
        st.warning(speech.escape(row["trouble"]), icon=":material/error:")
    st.success(came_of(view), icon=":material/check:")
    if row["asked_at"]:
        st.markdown(f"Importé par {speech.escape(row['asked_name'])}, le {french.moment(row['asked_at'])}.")
    if row["left_aside"] and not row["cleared"]:
        _excel(view)
    with st.popover("Annuler cet import", icon=":material/undo:", key="im-undo-door"):
        st.markdown(
            f"{files(row['added'])} : ceux que personne n’a touchés depuis sont retirés, avec leurs "
            "citoyens. Les autres restent, et vous sont nommés. Aucun numéro retiré n’est redonné."
        )
        st.button(
            "Oui, annuler l’import", key="im-undo",
            on_click=lambda: speech.attempt(lambda: imports.undo(here(), view.id), place),
        )  # fmt: skip


def undone(here: Here, view: View) -> None:
    """What was taken back, and what stayed."""
    row = view.row
    st.info(
        f"Annulé par {speech.escape(row['undone_name'])}, le {french.moment(row['undone_at'])} : "
        f"{files(row['withdrawn'])} sur {french.number(row['added'])}, retirés.",
        icon=":material/undo:",
    )
    kept = import_views.touched(here(), view.id)
    if kept:
        st.header("Restés, parce que quelqu’un y a touché", divider="gray", anchor=False)
        st.markdown(
            "\n".join(
                f"- [{each.number}](/dossier?numero={each.number}) {speech.state_badge(each.state)}"
                for each in kept
            )
        )


def give_up(here: Here, view: View, place: str) -> None:
    """The way out, before anything of it is there."""
    with st.popover("Abandonner", icon=":material/delete:", key="im-drop-door"):
        st.markdown("Rien n’en est encore importé. Le fichier apporté est effacé.")
        st.button("Oui, abandonner", key="im-drop", on_click=_drop, args=(here, view, place))


def came_of(view: View) -> str:
    """« 120 dossiers ajoutés, 3 lignes déjà là, 2 lignes laissées de côté »."""
    row = view.row
    parts = [f"{files(row['added'])} ajouté{'s' if row['added'] > 1 else ''}"]
    if row["known"]:
        parts.append(f"{rows(row['known'])} déjà là")
    if row["left_aside"]:
        count = row["left_aside"]
        parts.append(f"{rows(count)} laissée{'s' if count > 1 else ''} de côté")
    return ", ".join(parts)


def rows(count: int) -> str:
    """« 1 ligne », « 1 204 lignes »."""
    return f"{french.number(count)} ligne{'s' if count > 1 else ''}"


def files(count: int) -> str:
    """« 1 dossier », « 1 204 dossiers »."""
    return f"{french.number(count)} dossier{'s' if count > 1 else ''}"


def demands(count: int) -> str:
    """« 1 demande », « 1 204 demandes »."""
    return f"{french.number(count)} demande{'s' if count > 1 else ''}"


def _unfit(count: int) -> str:
    return f"{rows(count)} ne convien{'nent' if count > 1 else 't'} pas"


def _aside(count: int) -> str:
    if count == 1:
        return "Laisser cette ligne de côté : elle n’est pas importée"
    return f"Laisser ces {french.number(count)} lignes de côté : elles ne sont pas importées"


def _wrong(here: Here, view: View) -> None:
    st.header("Ce qui ne convient pas", divider="gray", anchor=False)
    summary = import_views.reasons(here(), view.id)
    st.markdown("\n".join(_reason(*each) for each in summary))
    found = import_views.asides(here(), view.id, FIRST)
    headers = ("Ligne", "Numéro", "Colonne", "Valeur", "Pourquoi")
    told = [(each.line, each.number, each.header, each.value, each.why) for each in found]
    lines = [dict(zip(headers, each, strict=True)) for each in told]
    st.dataframe(lines, hide_index=True, key="im-asides")
    _excel(view)
    st.markdown("Rien n’est importé tant qu’elles ne sont ni corrigées ni laissées de côté.")


def _reason(header: str, why: str, times: int) -> str:
    where = f"« {speech.escape(header)} » : " if header else ""
    return f"- **{french.number(times)}** × {where}{speech.escape(why)}"


def _excel(view: View) -> None:
    st.link_button(
        "Ces lignes et pourquoi (Excel)", f"/telecharger/import.xlsx?id={view.id}", icon=":material/download:"
    )


def _carry_out(here: Here, view: View, place: str, agreed: int) -> None:
    speech.attempt(lambda: imports.carry_out(here(), view.id, agreed), place)


def _drop(here: Here, view: View, place: str) -> None:
    def drop() -> bool:
        imports.drop(here(), view.id)
        return True

    if speech.attempt(drop, place):
        speech.confirm("L’import est abandonné : rien n’en a été gardé.", place)
        st.query_params.clear()
