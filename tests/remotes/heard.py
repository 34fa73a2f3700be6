"""What the service told us: whether a value that somebody just typed was in any of its answers since."""

import json


class Heard:
    """Values like no other, and whether an answer held them."""

    def __init__(self) -> None:
        self._told: dict[str, bool] = {}

    def watch(self, value: str) -> None:
        """From now on, every answer is searched for this value."""
        self._told[value] = False

    def answered(self, body: bytes) -> None:
        """An answer leaves."""
        for value in [value for value, told in self._told.items() if not told]:
            self._told[value] = json.dumps(value).encode()[1:-1] in body

    def told(self, value: str) -> bool:
        """Whether an answer held it since it is watched."""
        return self._told[value]

    def clear(self) -> None:
        """Nothing is watched any more."""
        self._told.clear()
