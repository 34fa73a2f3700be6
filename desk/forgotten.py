"""What was erased stays erased: a restored store that holds it again forgets it again (R-29, R-33)."""

from desk import attachments, purged_mails
from desk.purge import ACT, empty, forget_citizen, out_of_search, unlink_duplicates
from desk.visits import Counter, Visit
from sync.store import Row, Writing


def forget_again(visit: Visit, table: str, record: str) -> None:
    """Erase from the store of this visit a record that was erased elsewhere since, as it was then.

    An ordinary file keeps its number and nothing else; any other record goes whole, its history's values
    too, unless another still points to it. What is not there is left alone.
    """
    with visit.writing() as counter:
        row = counter.tx.lock(table, record)
        if row is None:
            return
        if table == "files":
            purged_mails.clear_folder(visit.house, _forget_file(counter, row))
        elif table == "citizens":
            forget_citizen(counter, record)
        else:
            out_of_search(counter.tx, table, record)
            counter.tx.shred(table, record, counter.by(ACT))


def _forget_file(counter: Counter[Writing], file: Row) -> purged_mails.Gone:
    tx, by = counter.tx, counter.by(ACT)
    unlink_duplicates(counter, file)
    attachments.take_away(counter, file["id"], by)
    for claim in tx.find("claims", file=file["id"]):
        for document in tx.find("private_documents", record=claim["id"]):
            held = tx.first("private_contents", document=document["id"])
            if held is not None:
                tx.delete("private_contents", held["id"])
            tx.shred("private_documents", document["id"], by)
        tx.shred("claims", claim["id"], by)
    empty(counter, file)
    return purged_mails.forget(counter, file)
