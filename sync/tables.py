"""The one definition of every table (architecture 3): SQL, widgets, workbooks and remotes come from it.

Every table also has ``id`` (ours: sortable, unique across machines), ``version``, ``created_at`` and
``updated_at``; ``sync.schema`` adds them.
"""

from sync.counter_tables import COUNTER_TABLES
from sync.entry_tables import ENTRY_TABLES
from sync.file_tables import FILE_TABLES
from sync.import_tables import IMPORT_TABLES
from sync.keeping_tables import KEEPING_TABLES
from sync.listening_tables import LISTENING_TABLES
from sync.mail_tables import MAIL_TABLES
from sync.people_tables import PEOPLE_TABLES
from sync.private_tables import PRIVATE_TABLES
from sync.settling_tables import SETTLING_TABLES
from sync.town_tables import TOWN_TABLES
from sync.work_tables import WORK_TABLES

TABLES = {
    table.name: table
    for table in (
        *TOWN_TABLES,
        *FILE_TABLES,
        *ENTRY_TABLES,
        *MAIL_TABLES,
        *WORK_TABLES,
        *PEOPLE_TABLES,
        *PRIVATE_TABLES,
        *KEEPING_TABLES,
        *COUNTER_TABLES,
        *LISTENING_TABLES,
        *IMPORT_TABLES,
        *SETTLING_TABLES,
    )
}
