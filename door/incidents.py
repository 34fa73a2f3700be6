"""A bug: a calm sentence and a reference on screen, the trace without any citizen's data in the log."""

import logging
import secrets
import sys

from desk import traces

LOG = logging.getLogger("guichet.door")
SENTENCE = (
    "Un problème imprévu est survenu. Rien de ce que vous avez enregistré n'est perdu. "
    "Réessayez ; si cela se répète, donnez la référence {reference} à la personne qui administre le logiciel."
)

# Those of Streamlit and of the server that log an exception of ours with its message.
TALKATIVE = (
    "streamlit.error_util",
    "streamlit.runtime.scriptrunner.script_runner",
    "streamlit.runtime.app_session",
    "streamlit.runtime.fragment",
    "streamlit.web.server.starlette.starlette_websocket",
    "uvicorn.error",
    "asyncio",
)


def record(bug: BaseException) -> str:
    """Write where a bug came from in the log, and return its reference."""
    reference = secrets.token_hex(4).upper()
    LOG.error("incident %s\n%s", reference, "\n".join(traces.trace(bug)))
    return reference


def sentence(bug: BaseException) -> str:
    """What the screen says of a bug; the log has the rest, under the same reference."""
    return SENTENCE.format(reference=record(bug))


def hush() -> None:
    """Put the discreet filter on every logger that would print an exception as it is."""
    if not LOG.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        LOG.addHandler(handler)
    logging.getLogger("streamlit.error_util").addFilter(_is_no_exception)  # before the filter that hides it
    traces.hush(TALKATIVE)


def _is_no_exception(record: logging.LogRecord) -> bool:
    """What is shown on screen is logged under its reference by ``record`` already."""
    return not record.exc_info
