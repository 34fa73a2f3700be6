"""Guides beside a demand: what to give, whom to show to, and what is not the town's to settle."""

from collections.abc import Callable, Sequence

import streamlit as st

from desk import guides
from desk.guides import Guide
from desk.visits import Visit
from pages import speech
from policy.counter_words import GuideKind

Here = Callable[[], Visit]

ICONS = {
    GuideKind.DOCUMENT: ":material/description:",
    GuideKind.LINK: ":material/link:",
    GuideKind.CHANNEL: ":material/forum:",
    GuideKind.PERSON: ":material/person_raised_hand:",
    GuideKind.OUTSIDE: ":material/output:",
}


def beside(here: Here, text: str, category: str, department: str, key: str) -> None:
    """What the demand calls for, as it is typed; any other is sought in the same place."""
    st.header("Guides et ressources", divider="gray", anchor=False)
    sought = st.text_input(
        "Chercher un guide, une personne-ressource", key=f"{key}_guide", type="search", live="300ms",
        autocomplete="off",
    )  # fmt: skip
    if sought.strip():
        found = guides.search(here(), sought)
        if not found:
            st.markdown("Aucun guide ne correspond. Le directeur tient la liste dans « Tableaux ».")
    else:
        found = guides.beside(here(), text, category, department)
        if not found:
            st.markdown("Les guides s’affichent ici selon la catégorie et les faits.")
    listed(found)


def listed(found: Sequence[Guide]) -> None:
    """Each with what to say of it and how to reach it."""
    for guide in found:
        if guide.is_outside:
            st.warning(said(guide), icon=":material/output:")
        else:
            st.markdown(said(guide))


def said(guide: Guide) -> str:
    """One guide for ``st.markdown``."""
    kind = f"{guide.kind.value} : " if guide.is_outside else ""
    icon = "" if guide.is_outside else f"{ICONS[guide.kind]} "
    lines = [f"{icon}**{speech.escape(kind + guide.name)}**", speech.escape(guide.words)]
    reach = [speech.escape(each) for each in (guide.body, guide.department, guide.phone, guide.email) if each]
    lines.append(" · ".join(reach))
    if guide.link.startswith(("https://", "http://")) and not set(guide.link) & set(" ()<>\\"):
        lines.append(f"[{speech.escape(guide.link)}]({guide.link})")
    return "  \n".join(line for line in lines if line)
