"""What a screen offers to choose from: the town's tables in use today, by id."""

from collections.abc import Mapping
from dataclasses import dataclass

from desk.town import town
from desk.visits import Visit


@dataclass(frozen=True)
class Choices:
    """Names by id, each in the town's own order; what is no longer in use is not offered."""

    categories: Mapping[str, str]
    departments: Mapping[str, str]
    council: Mapping[str, str]


def choices(visit: Visit) -> Choices:
    """The categories, departments and members of council in force on the day of the visit."""
    with visit.reading() as counter:
        now = town(counter.tx, counter.today)
        members = counter.tx.find("council", order_by=("name",))
        return Choices(
            categories={row.id: row.name for row in now.categories.values() if row.active},
            departments={row.id: row.name for row in now.departments.values() if row.active},
            council={
                member["id"]: member["name"]
                for member in members
                if (member["starts_on"] is None or member["starts_on"] <= counter.today)
                and (member["ends_on"] is None or counter.today <= member["ends_on"])
            },
        )
