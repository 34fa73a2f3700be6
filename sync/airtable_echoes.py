"""What our own writes were answered, so that the change feed, which tells them again, costs no reading."""

from collections.abc import Mapping
from typing import Any

from sync.airtable_cells import is_empty

_LOOKS = 4  # an echo that comes later than this is read again, which harms nothing


class Echoes:
    """The rows as Airtable answered them after our writes, by key, for a few looks.

    A process that starts again has forgotten them: it reads those rows once more.
    """

    def __init__(self) -> None:
        self._answers: dict[str, list[tuple[int, Mapping[str, Any]]]] = {}
        self._looks = 0

    def note(self, key: str, cells: Mapping[str, Any]) -> None:
        """Keep an answer: a row's cells by Airtable's ids."""
        self._answers.setdefault(key, []).append((self._looks, dict(cells)))

    def are_ours(self, key: str, cells: Mapping[str, Any]) -> bool:
        """Whether each of these cells is as one of our writes left it."""
        answers = [answer for _, answer in self._answers.get(key, ())]
        return bool(answers) and all(
            any(_same(answer, column, raw) for answer in answers) for column, raw in cells.items()
        )

    def are_last(self, key: str, cells: Mapping[str, Any]) -> bool:
        """Whether they are all as our last write left them."""
        answers = self._answers.get(key, [])
        return bool(answers) and all(_same(answers[-1][1], column, raw) for column, raw in cells.items())

    def age(self) -> None:
        """A look has gone by."""
        self._looks += 1
        for key, answers in list(self._answers.items()):
            young = [answer for answer in answers if self._looks - answer[0] < _LOOKS]
            if young:
                self._answers[key] = young
            else:
                del self._answers[key]


def _same(answer: Mapping[str, Any], column: str, raw: Any) -> bool:
    held = answer.get(column)
    return bool((None if is_empty(held) else held) == raw)
