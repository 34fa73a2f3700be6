"""What is typed while the town is put in place, before it is the town's."""

from sync.fields import Field, Kind, Table

SETTLING = Table(
    "settling",
    "Mise en place",
    (
        Field("field", "Champ", required=True, unique=True, longest=200),
        Field("value", "Valeur", Kind.JSON),
        Field("who", "Par", required=True),
    ),
    private=True,
    logged=False,
)

SETTLING_TABLES = (SETTLING,)
