"""How often a remote may be asked: so many requests in so many seconds, never more."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Pace:
    """At most ``most`` requests in any ``seconds``: whoever comes too early waits here.

    ``clock`` counts seconds and ``sleep`` waits some; both are arguments, so that no test waits.
    """

    most: int
    seconds: float
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _times: deque[float] = field(default_factory=deque)

    def turn(self, meanwhile: Callable[[float], None] | None = None) -> None:
        """Wait until one more request may leave; ``meanwhile`` may use the seconds that are to be waited."""
        now = self.clock()
        self._forget(now)
        if len(self._times) >= self.most:
            free = self._times[0] + self.seconds
            if meanwhile is not None:
                meanwhile(free - now)
                now = self.clock()
            if now < free:
                self.sleep(free - now)
                now = self.clock()
            self._forget(now)
        self._times.append(now)

    def _forget(self, now: float) -> None:
        while self._times and self._times[0] <= now - self.seconds:
            self._times.popleft()


AIRTABLE = (4, 1.0)  # of the 5 a second that a base allows
SHEETS = (50, 60.0)  # of the 60 reads and 60 writes a minute of one user
