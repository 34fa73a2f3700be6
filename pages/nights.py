"""How the copies of the store and the seals go, said on « Comptes » to who keeps the machine."""

from collections.abc import Callable

import streamlit as st

from desk import french, nights
from desk.visits import Visit
from pages import speech
from policy.reasons import Refused

Here = Callable[[], Visit]

HOW = "Voyez « backup_dir » dans `guichet.example.toml`, puis `docs/sauvegarde.md`."


def copies(here: Here) -> None:
    """The last good copy and the last seal; what is wrong first. Nothing for the others."""
    try:
        found = nights.health(here())
    except Refused:
        return
    st.header("Copies de sauvegarde", divider="gray")
    if found.folder is None:
        st.info(
            f"Aucune copie ne se fait d’elle-même : aucun dossier n’est nommé. {HOW}", icon=":material/save:"
        )
    elif found.trouble:
        st.error(speech.escape(found.trouble), icon=":material/warning:")
    if found.last is not None:
        st.markdown(f"Dernière copie : **{french.moment(found.last)}** — {speech.escape(found.words)}.")
    if found.folder is not None:
        st.markdown(f"Dossier : {speech.escape(str(found.folder))}")
    if found.seal is None:
        st.markdown("L’historique n’est pas scellé : aucune clé de sceau n’est donnée (`GUICHET_SEAL_KEY`).")
        return
    st.markdown(
        f"Dernier sceau : **{french.moment(found.seal.at)}**, témoin `{found.seal.witness}` — à noter hors "
        "de la machine de temps à autre : « python -m sync verify --witness » le retrouve."
    )
