"""What waits for who keeps the machine and the exchange: no citizen's data (« Aujourd'hui », R-62)."""

from collections.abc import Iterator

from desk import nights, postbook, synchronisation
from desk.visits import Counter
from desk.waiting import Pressure, Waiting
from sync.store import Reading

THERE = "/synchronisation"


def of_the_table(counter: Counter[Reading]) -> Iterator[Waiting]:
    """What waits for a person's word before the exchange with the town's table goes on."""
    table = synchronisation.health(counter)
    if table is None:
        return
    yield Waiting(len(table.frozen), "table gelée", "tables gelées", THERE)
    if table.settles:
        yield Waiting(table.disputes, "litige avec la table", "litiges avec la table", THERE)
        yield Waiting(
            table.rejections, "valeur refusée dans la table", "valeurs refusées dans la table", THERE
        )
    yield Waiting(len(table.notices), "avis à lire sur la table", "avis à lire sur la table", THERE)


def of_the_nights(counter: Counter[Reading]) -> Iterator[Waiting]:
    """Copies and seals that do not get made."""
    trouble = nights.of(counter.tx, counter.house.copies_folder, counter.at).trouble
    one = "trouble des copies de sauvegarde"
    yield Waiting(int(bool(trouble)), one, one, "/comptes", pressure=Pressure.NOW, detail=trouble)


def mail_trouble(counter: Counter[Reading]) -> str:
    """The last error of a mail still to be sent; empty when there is none."""
    return postbook.health_in(counter).trouble
