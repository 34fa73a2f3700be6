"""What a log says of a bug: where it was and of what kind, never its message, which may quote a citizen."""

import logging
import traceback
from collections.abc import Iterable, Iterator

from desk.visits import SignedOut
from policy.reasons import Refused


def trace(bug: BaseException | None) -> Iterator[str]:
    """File, line and kind of a bug and of its causes."""
    seen: set[int] = set()
    while bug is not None and id(bug) not in seen:
        seen.add(id(bug))
        for frame in traceback.extract_tb(bug.__traceback__):
            yield f"  {frame.filename}:{frame.lineno} {frame.name}"
        yield f"  {type(bug).__module__}.{type(bug).__qualname__}"
        bug = bug.__cause__ or (None if bug.__suppress_context__ else bug.__context__)
        if bug is not None:
            yield "  (lui-même causé par)"


def hush(names: Iterable[str]) -> None:
    """Put the discreet filter on loggers that would print an exception as it is."""
    for name in names:
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
        if isinstance(bug, (Refused, SignedOut)):
            return False
        record.exc_info, record.exc_text = None, None
        record.msg, record.args = f"{type(bug).__name__}\n" + "\n".join(trace(bug)), ()
        return True
