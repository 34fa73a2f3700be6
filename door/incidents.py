"""A bug: a calm sentence and a reference on screen, the trace without any citizen's data in the log."""

import logging
import secrets
import sys
import traceback
from collections.abc import Iterator

from desk.visits import SignedOut
from policy.reasons import Refused

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
    LOG.error("incident %s\n%s", reference, "\n".join(trace(bug)))
    return reference


def sentence(bug: BaseException) -> str:
    """What the screen says of a bug; the log has the rest, under the same reference."""
    return SENTENCE.format(reference=record(bug))


def trace(bug: BaseException | None) -> Iterator[str]:
    """File, line and kind of a bug and of its causes: never its message, which may quote what was typed."""
    seen: set[int] = set()
    while bug is not None and id(bug) not in seen:
        seen.add(id(bug))
        for frame in traceback.extract_tb(bug.__traceback__):
            yield f"  {frame.filename}:{frame.lineno} {frame.name}"
        yield f"  {type(bug).__module__}.{type(bug).__qualname__}"
        bug = bug.__cause__ or (None if bug.__suppress_context__ else bug.__context__)
        if bug is not None:
            yield "  (lui-même causé par)"


def hush() -> None:
    """Put the discreet filter on every logger that would print an exception as it is."""
    if not LOG.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        LOG.addHandler(handler)
    for name in TALKATIVE:
        logger = logging.getLogger(name)
        if not any(isinstance(one, Discreet) for one in logger.filters):
            logger.addFilter(Discreet())


class Discreet(logging.Filter):
    """Keeps a refusal out of the log (it is no bug) and takes the message out of an exception."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let through what can be said."""
        bug = record.exc_info[1] if record.exc_info else None
        if bug is None:
            return True
        if isinstance(bug, (Refused, SignedOut)) or record.name == "streamlit.error_util":
            return False  # shown on screen, or logged under its reference by ``record``
        record.exc_info, record.exc_text = None, None
        record.msg, record.args = f"{type(bug).__name__}\n" + "\n".join(trace(bug)), ()
        return True
