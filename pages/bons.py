"""Work orders to print: of one file, or of several of the list."""

from collections.abc import Callable, Mapping
from urllib.parse import quote

import streamlit as st

from desk import work_orders
from desk.files import View
from policy.words import State

ADDRESS = "/telecharger/bons.pdf?numeros="


def of_one(view: View) -> None:
    """On its own screen, as long as something is to be done and this person may act."""
    if view.moves and view.state not in work_orders.OVER:
        st.link_button("Bon de travail", ADDRESS + quote(view.number), icon=":material/print:")


def of_several(states: Mapping[str, State], words: Callable[[str], str]) -> None:
    """Beside the list: those chosen, one page each; without anything chosen, all that the page shows."""
    open_ones = [number for number, state in states.items() if state not in work_orders.OVER]
    if not open_ones:
        return
    with st.expander("Imprimer des bons de travail", icon=":material/print:", key="fi-bons"):
        all_of_them = f"Les {len(open_ones)} de cette page" if len(open_ones) > 1 else "Celui de cette page"
        chosen = st.multiselect(
            "Dossiers à imprimer", open_ones, key="fi_orders", format_func=words,
            placeholder=all_of_them,
        )  # fmt: skip
        printed = chosen or open_ones
        count = len(printed)
        st.link_button(
            f"Imprimer {count} bons" if count > 1 else "Imprimer le bon",
            ADDRESS + quote(",".join(printed), safe=","),
            icon=":material/print:",
        )
        st.markdown("Le lieu et les faits, sans rien de la personne qui a fait la demande.")
