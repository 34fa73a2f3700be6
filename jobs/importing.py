"""The files that somebody brings in: what waits is done beside the rest, step by step."""

from collections.abc import Callable
from datetime import datetime

from desk import import_work
from desk.house import House
from policy.reasons import Refused


def importing(
    house: House, clock: Callable[[], datetime], me: str, is_gone: Callable[[str], bool]
) -> Callable[[], tuple[str, ...]]:
    """What the clock does every second: nothing, or all that waits for it; the troubles, in French."""

    def look() -> tuple[str, ...]:
        try:
            while import_work.work(house, clock, me, is_gone):
                pass
        except Refused as busy:  # others wrote too long: the next look takes it up again
            return (f"Import : {busy}",)
        return ()

    return look
