"""Responsables: who receives what on any day, designations with their dates, orphaned departments."""

from collections.abc import Callable, Sequence
from datetime import date

import streamlit as st

from desk import french, registry, signed_forms
from desk.registry import Holder, Post
from desk.signed_forms import SignedForm
from desk.visits import Visit
from pages import designation, speech
from pages.designation import PLACE, files
from policy.towntime import town_day

Here = Callable[[], Visit]


def screen(here: Here) -> None:
    """The registry on a day, then the form of annexe C for who keeps it."""
    st.title("Responsables")
    today = town_day(here().at)
    day = st.date_input("Qui reçoit les requêtes le", value=today, format="YYYY-MM-DD", key="re_day")
    if not isinstance(day, date):
        st.markdown("Choisissez un jour.")
        return
    posts = registry.on(here(), day)
    keeper = registry.may_designate(here())
    _orphans(posts, day)
    _register(posts, keeper)
    if keeper:
        st.header("Désigner (annexe C)", divider="gray")
        designation.form(here, posts, today)
    st.header("Toutes les désignations d’un service", divider="gray")
    speech.hear(PLACE)
    _history(here, posts, today, keeper)


def _orphans(posts: tuple[Post, ...], day: date) -> None:
    alone = [post for post in posts if post.orphan]
    if not alone:
        return
    lines = "\n".join(f"- **{speech.escape(post.name)}** — {files(post.open_files)}" for post in alone)
    st.warning(
        f"Sans Responsable le {french.day(day)} : les avis et la liste RNC vont au directeur.\n\n{lines}",
        icon=":material/person_off:",
    )


def _register(posts: tuple[Post, ...], opens: bool) -> None:
    """One block a department rather than a wide table: it is read on a telephone too.

    ``opens``: whether this visit has every department's queue, which the number of its files then opens.
    """
    for post in posts:
        with st.container(border=True):
            name, count = st.columns([4, 1], vertical_alignment="center")
            name.subheader(post.name, anchor=False)
            words = files(post.open_files)
            count.markdown(
                f"[{words}](/file?service={post.department})" if opens and post.open_files else words
            )
            shown = [post.substitute, post.reception, post.execution]
            lines = [_holder(holder) for holder in shown if holder is not None]
            st.markdown("  \n".join(lines) or "Personne n’est désigné.")


def _holder(holder: Holder) -> str:
    signed = "" if holder.signed else " :orange-badge[:material/edit_off: non signée]"
    if not holder.opens:
        signed += " :orange-badge[:material/no_accounts: n’ouvre pas les dossiers]"
    until = f" jusqu’au {french.day(holder.ends_on)}" if holder.ends_on else ""
    where = f" :orange-badge[:material/event_busy: {speech.escape(holder.where)}]" if holder.where else ""
    post = f", poste {speech.escape(holder.extension)}" if holder.extension else ""
    return (
        f"{holder.duty.value} : **{speech.escape(holder.person)}** — {speech.escape(holder.email)}{post}, "
        f"depuis le {french.day(holder.starts_on)}{until}{signed}{where}"
    )


def _history(here: Here, posts: tuple[Post, ...], today: date, keeper: bool) -> None:
    names = {post.department: post.name for post in posts}
    department = st.selectbox(
        "Service à consulter", list(names), format_func=lambda key: names.get(key, key), key="re_history",
        index=None, placeholder="À choisir",
    )  # fmt: skip
    if department is None:
        return
    holders = registry.history(here(), department)
    if not holders:
        st.markdown("Aucune désignation n’a encore été faite pour ce service.")
    scans = signed_forms.of(here())
    for holder in holders:
        with st.container(border=True):
            st.markdown(_holder(holder))
            if keeper:
                forms = scans.get(holder.id, ())
                _acts(here, holder, today, any(form.removed_at is None for form in forms))
                _scans(here, holder, forms)


def _scans(here: Here, holder: Holder, forms: Sequence[SignedForm]) -> None:
    """P annexe C: what was printed and signed, brought back on the designation; what was taken off, told."""
    for form in forms:
        if form.removed_at is not None:
            st.markdown(
                f":material/delete: Formulaire numérisé le {french.day_of(form.added_at)}, retiré par "
                f"{speech.escape(form.removed_by)} le {french.moment(form.removed_at)} : "
                f"{speech.escape(form.removed_why)}"
            )
            continue
        with st.container(horizontal=True):
            st.link_button(
                f"Formulaire signé, numérisé le {french.day_of(form.added_at)}",
                f"/telecharger/annexe-c-signee?id={form.id}", icon=":material/draw:",
            )  # fmt: skip
            with st.popover("Retirer", icon=":material/delete:", type="tertiary", key=f"re-door-{form.id}"):
                st.markdown(
                    "Son contenu sera effacé ; qu’il a été là reste écrit ici. Sans autre formulaire, la "
                    "désignation n’est plus signée par lui."
                )
                st.text_input("Pourquoi ?", key=f"re_why_{form.id}", max_chars=2_000)
                st.button(
                    "Retirer le formulaire", key=f"re-remove-{form.id}", on_click=_remove,
                    args=(here, holder, form),
                )  # fmt: skip
    with st.popover("Joindre le formulaire signé", icon=":material/document_scanner:"):
        st.file_uploader(
            "L’annexe C signée des deux, numérisée", type=["pdf", "png", "jpg", "jpeg"],
            key=f"re_scan_{holder.id}", on_change=_bring, args=(here, holder),
        )  # fmt: skip


def _bring(here: Here, holder: Holder) -> None:
    brought = st.session_state.get(f"re_scan_{holder.id}")
    if brought is None:
        return
    kept = speech.attempt(
        lambda: signed_forms.keep(here(), holder.id, brought.name, brought.getvalue()), PLACE
    )
    if kept is not None:
        speech.confirm(
            f"{holder.person} : le formulaire signé est au registre, la désignation est signée.", PLACE
        )


def _remove(here: Here, holder: Holder, form: SignedForm) -> None:
    why = str(st.session_state.get(f"re_why_{form.id}") or "")
    signed = speech.attempt(lambda: signed_forms.remove(here(), form.id, why), PLACE)
    if signed is not None:
        state = "est encore signée" if signed else "n’est plus signée"
        speech.confirm(f"{holder.person} : le formulaire est retiré, la désignation {state}.", PLACE)


def _acts(here: Here, holder: Holder, today: date, scanned: bool) -> None:
    """The signatures that came in, or were marked by mistake and that no scan bears out.

    An end, or another one, from today on: the past is not rewritten.
    """
    with st.container(horizontal=True):
        st.link_button(
            "Imprimer l’annexe C", f"/telecharger/annexe-c?id={holder.id}", icon=":material/print:"
        )
        if not holder.signed:
            st.button("Marquer signée", key=f"re-sign-{holder.id}", on_click=_sign, args=(here, holder, True))
        elif not scanned:
            st.button(
                "Marquer non signée", key=f"re-unsign-{holder.id}", on_click=_sign, args=(here, holder, False)
            )
        if holder.ends_on is None or holder.ends_on >= today:
            with st.popover("Fixer la fin", icon=":material/event_busy:"):
                st.date_input(
                    "Dernier jour", value=holder.ends_on or today, format="YYYY-MM-DD",
                    key=f"re_last_{holder.id}",
                )  # fmt: skip
                st.button("Fixer", key=f"re-end-{holder.id}", on_click=_end, args=(here, holder))


def _sign(here: Here, holder: Holder, signed: bool) -> None:
    done = speech.attempt(lambda: registry.sign(here(), holder.id, employee=signed, director=signed), PLACE)
    if done is not None:
        speech.confirm(f"La désignation est marquée {'signée' if signed else 'non signée'}.", PLACE)


def _end(here: Here, holder: Holder) -> None:
    last = st.session_state.get(f"re_last_{holder.id}")
    if last is None:
        return
    if speech.attempt(lambda: registry.end(here(), holder.id, last), PLACE) is not None:
        speech.confirm(f"{holder.person} : dernier jour, le {french.day(last, weekday=True)}.", PLACE)
