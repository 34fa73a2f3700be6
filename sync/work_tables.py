"""Long work that is left and found again: where it stands, and what whoever asked is answered."""

from sync.fields import Field, Kind, Table
from sync.states import Trial

RECOUNTS = Table(
    "recounts",
    "Recalculs des dates",
    (
        Field("stamp", "Réglages comptés", required=True, unique=True, longest=60),
        Field("reached", "Dernier dossier compté", longest=40),
        Field("total", "Dossiers ouverts", Kind.INTEGER, required=True),
        Field("done", "Dossiers comptés", Kind.INTEGER, required=True),
        Field("moved", "Dossiers déplacés", Kind.INTEGER, required=True),
        Field("started_at", "Commencé le", Kind.MOMENT, required=True),
        Field("ended_at", "Terminé le", Kind.MOMENT),
    ),
    private=True,
    logged=False,
)

TRIALS = Table(
    "trials",
    "Essais de connexion",
    (
        Field("kind", "Essai", Kind.CHOICE, Trial, required=True),
        Field("account", "Demandé par", Kind.REF, ref="accounts", required=True),
        Field("asked_at", "Demandé le", Kind.MOMENT, required=True),
        Field("taken_at", "Commencé le", Kind.MOMENT),
        Field("ended_at", "Terminé le", Kind.MOMENT),
        Field("went_well", "Réussi", Kind.BOOL),
        Field("words", "Réponse", Kind.LONG, longest=2_000),
    ),
    private=True,
    logged=False,
    indexes=(("ended_at", "asked_at"),),
)

WORK_TABLES = (RECOUNTS, TRIALS)
