"""What is kept and how long: the work of each night, the calendar of conservation, holds (R-80, R-81)."""

from policy.keeping import KeptKind
from sync.fields import Field, Kind, Table
from sync.states import KeepingState, NightState, NightWork

NIGHTS = Table(  # architecture 6: what a night does, once, whichever clock comes first
    "nights",
    "Travaux de nuit",
    (
        Field("work", "Travail", Kind.CHOICE, NightWork, required=True),
        Field("day", "Nuit du", Kind.DATE, required=True),
        Field("state", "Issue", Kind.CHOICE, NightState, required=True),
        Field("claimed_by", "Pris par", longest=80),
        Field("claimed_until", "Pris jusqu'à", Kind.MOMENT),
        Field("done_at", "Fait le", Kind.MOMENT),
        Field("next_try_at", "Prochain essai", Kind.MOMENT),
        Field("words", "Remarque", longest=1_000),
    ),
    private=True,
    logged=False,
    unique=(("work", "day"),),
)

KEEPING_TERMS = Table(  # R-81, dated as the other values of the town
    "keeping_terms",
    "Calendrier de conservation",
    (
        Field("kind", "Sorte de dossier", Kind.CHOICE, KeptKind, required=True),
        Field("valid_from", "En vigueur le", Kind.DATE, required=True),
        Field("months", "Durée après la fermeture (mois)", Kind.INTEGER),  # none: kept for ever
        Field("schedule", "Numéro de la règle", longest=60),
        Field("article", "Source", required=True),
    ),
    private=True,
    unique=(("kind", "valid_from"),),
)

KEEPINGS = Table(  # one line for each record due: found by the clock, agreed by a person, done by the clock
    "keepings",
    "Dossiers au terme de leur conservation",
    (
        Field("kind", "Sorte de dossier", Kind.CHOICE, KeptKind, required=True),
        Field("record", "Fiche", required=True, longest=40),
        Field("number", "Numéro", required=True, longest=40),
        Field("closed_on", "Fermé le", Kind.DATE, required=True),
        Field("rule", "Règle", required=True, longest=300),
        Field("state", "État", Kind.CHOICE, KeepingState, required=True),
        Field("found_on", "Au terme le", Kind.DATE, required=True),
        Field("agreed_at", "Accepté le", Kind.MOMENT),
        Field("agreed_by", "Accepté par", Kind.REF, ref="accounts"),
        Field("done_at", "Fait le", Kind.MOMENT),
        Field("why_not", "Ce qui l'empêche", longest=500),
    ),
    private=True,
    unique=(("kind", "record"),),
    indexes=(("state", "kind", "id"),),
)

LEGAL_HOLDS = Table(  # nothing of it is forgotten while a hold is on
    "legal_holds",
    "Suspensions de la conservation",
    (
        Field("of", "Table", required=True, longest=40),
        Field("record", "Fiche", required=True, longest=40, indexed=True),
        Field("number", "Dossier nommé", longest=40),
        Field("placed_at", "Depuis le", Kind.MOMENT, required=True),
        Field("placed_by", "Placée par", Kind.REF, ref="accounts"),
        Field("lifted_at", "Levée le", Kind.MOMENT),
        Field("lifted_by", "Levée par", Kind.REF, ref="accounts"),
        Field("reason", "Motif", Kind.LONG, longest=2_000, required=True, sealed=True),
        Field("lifted_why", "Motif de la levée", Kind.LONG, longest=2_000, sealed=True),
    ),
    private=True,
)

KEEPING_TABLES = (NIGHTS, KEEPING_TERMS, KEEPINGS, LEGAL_HOLDS)
