"""Behind the door: a screen drawn for whoever is here, and what is said when it cannot be."""

from collections.abc import Callable
from contextlib import suppress
from urllib.parse import quote, urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import RerunException, StopException, get_script_run_ctx

from desk.visits import Person, SignedOut
from door import incidents, reception
from door.answers import FOLDER
from door.navigation import Screen, is_placed, screens, screens_of
from pages.tab_form import ARRIVALS
from policy.reasons import Refused

ICON = str(FOLDER / "static" / "favicon.svg")
LOGO = str(FOLDER / "static" / "logo.svg")
SCREEN = "guichet-screen"  # where the tab is
NOTICE = "guichet-notice"  # what a callback could not say itself, said by the run that follows
WAIT = "guichet-connexion"  # the page's script goes to the sign-in page when it sees this
MAIL_ONLY = (
    "Aucun écran n'est encore offert à vos rôles. Les listes et les avis qui vous concernent vous "
    "parviennent par courriel ; pour tout le reste, adressez-vous au service aux citoyens."
)
NOT_PLACED = (
    "La ville n'est pas encore en place : son administrateur y travaille. Les écrans s'ouvriront d'eux-mêmes "
    "ensuite."
)


def show() -> None:
    """One run: who is here, which screens, the one asked for."""
    st.set_page_config(page_title="Guichet", page_icon=ICON, layout="wide", initial_sidebar_state=240)
    try:
        with reception.here().reading() as counter:
            person, mine, placed = counter.person, screens_of(counter), is_placed(counter)
    except SignedOut:
        to_sign_in()
        return
    home = st.Page(
        lambda: _home(pages, placed), title="Guichet", url_path="accueil", default=True, visibility="hidden"
    )
    pages = [_page(screen, screen in mine, placed, lambda: _visible(pages)) for screen in screens()]
    chosen = st.navigation([home, *pages], position="sidebar" if mine else "hidden", expanded=True)
    if st.session_state.get(SCREEN) != chosen.url_path:
        st.session_state[SCREEN] = chosen.url_path
        st.session_state[ARRIVALS] = st.session_state.get(ARRIVALS, 0) + 1
    if chosen.url_path:
        st.set_page_config(page_title=f"{chosen.title} · Guichet")
    st.logo(LOGO, size="large")
    with st.sidebar:
        _who(person)
    notice = st.session_state.pop(NOTICE, "")
    with st.container():  # there or not, it moves nothing of the screen below
        if notice:
            st.error(notice, icon=":material/error:")
    guarded(chosen.run)


def guarded(draw: Callable[[], None]) -> None:
    """Draw; what escapes is said in French and never shown as it is."""
    try:
        draw()
    except SignedOut:
        to_sign_in()
    except Refused as refusal:
        st.error(words(refusal), icon=":material/block:")
    except Exception as bug:  # noqa: BLE001 (a bug of a screen must not show its insides)
        st.error(incidents.sentence(bug), icon=":material/error:")


def escaped(failure: Exception) -> bool:
    """What a callback or a fragment raised: Streamlit calls this, and shows nothing of its own.

    A callback runs before its screen: were nothing drawn, the browser would take the fields away with what
    is typed in them. So the screen is drawn here, the sentence above it. A fragment is drawn inside its
    screen: there the sentence is said on the spot.
    """
    if isinstance(failure, SignedOut):
        to_sign_in()
        return True
    said = words(failure) if isinstance(failure, Refused) else incidents.sentence(failure)
    run = get_script_run_ctx()
    if run is None or run.has_script_started:
        st.error(said, icon=":material/error:")
        return True
    st.session_state[NOTICE] = said
    with suppress(RerunException, StopException):  # both are how a screen ends early, not failures
        if run.fragment_ids_this_run:
            st.rerun()
        show()
    return True


def words(refusal: Refused) -> str:
    """A refusal as Markdown: one line a ground, nothing of it read as formatting."""
    return "  \n".join(_literal(line) for line in str(refusal).splitlines())


def to_sign_in() -> None:
    """Send the browser to the sign-in page, and back here afterwards; without its script, a link does it."""
    asked = st.query_params.to_dict()
    path = st.context.url or "/"
    suite = "/" + path.split("//", 1)[-1].partition("/")[2].partition("?")[0]
    suite = f"{suite}?{urlencode(asked)}" if asked else suite
    with st.container(key=WAIT):
        st.markdown("Votre session est terminée. Ce que vous avez enregistré est conservé.")
        st.html(f'<a href="/connexion?suite={quote(suite, safe="/")}" target="_self">Ouvrir une session</a>')


def _page(screen: Screen, mine: bool, placed: bool, offered: Callable[[], list[st.Page]]) -> st.Page:
    def draw() -> None:
        if mine or (screen.theirs is not None and placed):  # to whom nothing is, it says the same of all
            screen.show(reception.here)
        elif not placed:
            _not_placed(screen.title, offered())
        else:
            st.title(screen.title)
            st.info("Cet écran n'est pas offert à vos rôles.")
            for page in offered():
                st.page_link(page)

    return st.Page(
        draw,
        title=screen.title,
        icon=f":material/{screen.icon}:",
        url_path=screen.address,
        visibility="visible" if mine else "hidden",
    )


def _not_placed(title: str, offered: list[st.Page]) -> None:
    st.title(title)
    st.info(NOT_PLACED, icon=":material/location_city:")
    for page in offered:
        st.page_link(page)


def _visible(pages: list[st.Page]) -> list[st.Page]:
    return [page for page in pages if page.visibility == "visible"]


def _home(pages: list[st.Page], placed: bool) -> None:
    last = {screen.address for screen in screens() if not screen.opens}
    for page in sorted(_visible(pages), key=lambda page: page.url_path in last):
        st.switch_page(page)
    if not placed:
        _not_placed("Guichet", [])
        return
    st.title("Guichet")
    st.info(MAIL_ONLY, icon=":material/mail:")


def _who(person: Person) -> None:
    roles = ", ".join(sorted(role.value for role in person.roles))
    with st.container(key="guichet-qui"):
        st.markdown(f"**{_literal(person.name)}**  \n{_literal(roles)}")
        st.html('<a href="/deconnexion" target="_self" style="color: inherit">Fermer la session</a>')


def _literal(text: str) -> str:
    return "".join(f"\\{letter}" if letter in "\\`*_{}[]()<>#+-!|~$:" else letter for letter in text)
