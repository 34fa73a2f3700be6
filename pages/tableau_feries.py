"""R-70: the days of closing proposed for the year that comes, chosen one by one, begun as any other row."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from desk import french, settings_sheet, yearly_closings
from desk.visits import Visit
from desk.yearly_closings import Proposed
from pages import speech
from pages.tableau import Tableau

Here = Callable[[], Visit]


def panel(here: Here, tab: Tableau) -> None:
    """The days that the table lacks; nothing when it lacks none."""
    days = yearly_closings.proposed(here())
    if not days:
        return
    years = " et ".join(str(year) for year in sorted({each.day.year for each in days}))
    with st.container(border=True, key="ta-feries"):
        st.subheader(f"Jours proposés pour {years}", anchor=False)
        st.markdown(
            "Les jours fériés de la loi, et ceux que la ville prend chaque année. Rien n’est inscrit avant "
            "que vous l’adoptiez."
        )
        for each in days:
            kind = "férié" if each.public else "de la ville"
            st.checkbox(
                f"{french.day(each.day, weekday=True)} — {speech.escape(each.label)} ({kind})",
                value=True, key=_key(each),
            )  # fmt: skip
        st.button(
            "Reprendre les jours cochés", key="ta-holidays", icon=":material/event_available:",
            on_click=tab.ask, args=(partial(_take, here, tab, days),),
        )  # fmt: skip


def _take(here: Here, tab: Tableau, days: tuple[Proposed, ...]) -> None:
    chosen = [each for each in days if st.session_state.get(_key(each))]
    settings_sheet.begin_all(
        here(), "closings", [{"day": each.day.isoformat(), "label": each.label} for each in chosen]
    )
    tab.forget()
    tab.note = (
        f"{len(chosen)} jour{'s' if len(chosen) > 1 else ''} dans le brouillon : voyez ce qui changerait, "
        "puis adoptez."
        if chosen
        else "Aucun jour n’est coché."
    )


def _key(each: Proposed) -> str:
    return f"ta_holiday_{each.day.isoformat()}"
