"""Where the people who work here are, and the forms that they signed (P annexes B and C)."""

from policy.words import Presence
from sync.fields import Field, Kind, Table

PRESENCES = Table(  # R-61, one row a person; what is past its hour says nothing any more
    "presences",
    "Disponibilité",
    (
        Field("account", "Compte", Kind.REF, ref="accounts", required=True, unique=True),
        Field("presence", "Disponibilité", Kind.CHOICE, Presence, required=True),
        Field("until", "De retour à", Kind.MOMENT),
        Field("said_at", "Dit à", Kind.MOMENT, required=True),
    ),
    private=True,
    logged=False,
)

SIGNED_FORMS = Table(  # P annexe C, scanned back
    "signed_forms",
    "Formulaires signés",
    (
        Field("designation", "Désignation", Kind.REF, ref="designations", required=True, indexed=True),
        Field("name", "Nom", required=True),
        Field("media_type", "Type", required=True, longest=120),
        Field("size", "Taille (octets)", Kind.INTEGER, required=True),
        Field("added_by", "Numérisé par", Kind.REF, ref="accounts"),
        Field("added_at", "Numérisé le", Kind.MOMENT, required=True),
        Field(
            "before", "Signatures d'avant", Kind.JSON
        ),  # of the designation; none: this scan changed nothing
        Field("removed_at", "Retiré le", Kind.MOMENT),
        Field("removed_by", "Retiré par", Kind.REF, ref="accounts"),
        Field("removed_why", "Motif du retrait", Kind.LONG, longest=2_000),
    ),
    private=True,
)

SIGNED_FORM_CONTENTS = Table(
    "signed_form_contents",
    "Contenu des formulaires signés",
    (
        Field("form", "Formulaire", Kind.REF, ref="signed_forms", required=True, unique=True),
        Field("content", "Contenu", Kind.BYTES, required=True),
    ),
    private=True,
    logged=False,
)

PEOPLE_TABLES = (PRESENCES, SIGNED_FORMS, SIGNED_FORM_CONTENTS)
