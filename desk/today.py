"""What waits for a person now, subject by subject: each count with the address of what is behind it.

A new subject is a function that yields ``Waiting`` and one line of ``SUBJECTS``: for whom, which function.
"""

from dataclasses import dataclass

from desk import (
    synchronisation,
    today_desk,
    today_files,
    today_machine,
    today_people,
    today_private,
    yearly_closings,
)
from desk.synchronisation import Health
from desk.visits import Visit
from desk.waiting import Subject, Waiting
from policy.roles import DEEDS, Deed, may
from policy.words import Role

EVERYBODY = frozenset(Role)
ROOM = frozenset({Role.GENERAL, Role.CLERK})
DIRECTION = frozenset({Role.DIRECTOR})
MAIL_KEEPERS = DEEDS[Deed.SEE_MAILS] | {Role.ADMIN}

# In the order in which a page tells what is equally pressing.
SUBJECTS: tuple[Subject, ...] = (
    Subject(DEEDS[Deed.ENTER_DEMAND], today_files.to_acknowledge),
    Subject(DEEDS[Deed.WORK_QUEUE], today_files.of_the_queue),
    Subject(DEEDS[Deed.ENTER_DEMAND], today_desk.to_welcome),
    Subject(DEEDS[Deed.ENTER_DEMAND], today_desk.from_the_field),
    Subject(DEEDS[Deed.WORK_QUEUE], today_desk.to_proof_read),
    Subject(DEEDS[Deed.SEE_MAILS], today_desk.after_mails),
    Subject(EVERYBODY, today_desk.at_their_term),
    Subject(DIRECTION, today_files.complex_cases),
    Subject(EVERYBODY, today_private.complaints),  # by bond, whatever the role
    Subject(DEEDS[Deed.DESIGNATE_INVESTIGATOR], today_private.to_designate),
    Subject(ROOM, today_private.access),
    Subject(DEEDS[Deed.DECIDE_CLAIM], today_private.claims),
    Subject(DEEDS[Deed.KEEP_INCIDENTS], today_private.incidents),
    Subject(DEEDS[Deed.DESIGNATE], today_files.orphans),
    Subject(DIRECTION, today_files.silent_departments),
    Subject(DEEDS[Deed.SEE_REMOTE], today_machine.of_the_table),
    Subject(DEEDS[Deed.SEE_COPIES], today_machine.of_the_nights),
    Subject(DEEDS[Deed.CHANGE_SETTINGS], yearly_closings.waiting),
    Subject(DEEDS[Deed.KEEP_ACCOUNTS], today_people.account_requests),
    Subject(DEEDS[Deed.NOTE_IN_FIELD], today_people.own_reports),
    Subject(frozenset({Role.COUNCIL}), today_people.council_lists),
    Subject(frozenset({Role.EXPERIENCE}), today_people.comments_received),
    Subject(EVERYBODY, today_people.thanks_received),
)


@dataclass(frozen=True)
class Today:
    """What waits, the most pressing first; how the table goes, for who may see it; the mail's trouble."""

    waiting: tuple[Waiting, ...]
    table: Health | None
    mail_trouble: str  # French, without anybody's name; empty when mails leave, or are not theirs to know
    sees_mails: bool


def today(visit: Visit) -> Today:
    """All that this person has to do, as far as it is known here, in one transaction."""
    with visit.reading() as counter:
        person = counter.person
        found = [
            each
            for subject in SUBJECTS
            if person.is_one_of(*subject.roles)
            for each in subject.told(counter)
            if each.count
        ]
        table = synchronisation.health(counter) if may(person, Deed.SEE_REMOTE) else None
        trouble = today_machine.mail_trouble(counter) if person.is_one_of(*MAIL_KEEPERS) else ""
    ordered = tuple(sorted(found, key=lambda each: each.pressure))
    return Today(ordered, table, trouble, may(person, Deed.SEE_MAILS))
