"""What arrives from a table outside, judged by the counter: the director typed it there."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from desk import citizens, inbound_files, inbound_settings, rebuilding, recounting, registry, town
from desk.house import House
from desk.in_use import is_in_use
from desk.visits import Counter, Person, Visit
from policy import rules
from policy.reasons import refused
from policy.roles import System
from sync.history import Whence
from sync.store import Reading, Writing
from sync.town_tables import DESIGNATIONS

Access = TypeVar("Access", bound=Reading)


class Desk:
    """The counter as reconciliation asks it, for one remote; ``sync.inbound.Inbound``.

    ``clock`` gives the moment (UTC) of each act, ``label`` is what people call the remote: it signs the
    history. Who types there is the director, and may do there what the director may do on screen.
    """

    def __init__(self, house: House, clock: Callable[[], datetime], label: str) -> None:
        self._house, self._clock, self._label = house, clock, label

    def change(self, tx: Writing, table: str, record: str, values: Mapping[str, Any]) -> None:
        """Give these fields of a record these values: all of them, or ``Refused``."""
        counter = self._counter(tx)
        match table:
            case "files":
                inbound_files.change(counter, record, values)
            case "designations":
                registry.correct_in(counter, record, inbound_settings.plain("designations", values))
            case "citizens":
                citizens.correct_in(counter, record, values)
            case "answers":
                raise refused(_ANSWERS, "P §4.2.3")
            case _:
                inbound_settings.change(counter, table, record, values)

    def born(self, tx: Writing, table: str, values: Mapping[str, Any]) -> str | None:
        """The id of the record a row typed there becomes; ``None`` for a demand, which goes to the inbox.

        Raises ``Refused`` for a row that this table takes from nobody, or that does not hold together.
        """
        counter = self._counter(tx)
        match table:
            case "files":
                inbound_files.refuse_unusable(values)
                return None
            case "designations":
                given = inbound_settings.plain("designations", values, new=True)
                blank = dict.fromkeys(field.name for field in DESIGNATIONS.fields)
                return str(registry.designate_in(counter, {**blank, **given})["id"])
            case "citizens":
                raise refused(_CITIZENS, "P §4.1")
            case "answers":
                raise refused(_ANSWERS, "P §4.2.3")
            case _:
                return inbound_settings.add(counter, table, values)

    def rebuilt(self, tx: Writing, table: str, record: str, values: Mapping[str, Any]) -> None:
        """Give back a record that the store lost, with its id and what its row there says."""
        rebuilding.rebuild(self._counter(tx), table, record, values)

    def namesakes(self, tx: Reading, table: str, values: Mapping[str, Any]) -> list[str]:
        """Our rows of what the town decides that a row there, which says these values, is called as."""
        return rebuilding.namesakes(tx, table, values)

    def is_in_use(self, tx: Reading, table: str, record: str) -> bool:
        """Whether a row of settings is pointed to by a record, or still counts: it cannot be withdrawn."""
        return is_in_use(self._counter(tx), table, record)

    def settle(self) -> None:
        """R-71: after the transactions: changed closings and delays move the dates of open files.

        Their history says whether they changed, whoever did it.
        """
        recounting.recount(Visit(self._house, self._clock(), system=System.SYNC, whence=Whence.TABLE))

    def _counter(self, tx: Access) -> Counter[Access]:
        person = Person(id=System.SYNC, name=self._label, system=True)
        return Counter(self._house, tx, person, self._clock(), Whence.TABLE)


def identity_may_leave(tx: Reading, today: date) -> bool:
    """R-83: whether the town has dated its privacy assessment: ``sync.outside.shapes`` asks it."""
    return rules.identity_may_leave(town.rules(tx), today)


_CITIZENS = "Une personne s'inscrit à l'écran, avec sa demande : la table ne sert qu'à corriger."
_ANSWERS = "Une réponse à la liste RNC se donne dans la grille ou dans le fichier de la liste."
