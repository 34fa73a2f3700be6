"""What the town hears of its service: thanks (P §4.8), answers to its survey, the social networks (P §4.1)."""

from policy.watch import Done, Network
from policy.words import Sight
from sync.fields import Field, Kind, Table

THANKS = Table(  # what makes a comment a thanks; the department thanked is the file's
    "thanks",
    "Remerciements",
    (
        Field("file", "Dossier", Kind.REF, ref="files", required=True, unique=True),
        Field("employee", "Employé remercié", Kind.REF, ref="accounts", indexed=True),
        Field("employee_name", "Personne remerciée"),  # somebody without an account
        Field("words", "Mot à transmettre", Kind.LONG, longest=1_000),
    ),
    private=True,
)

SURVEY_ANSWERS = Table(  # of the town's own form, as its director brings them in
    "survey_answers",
    "Réponses au sondage",
    (
        Field("file", "Dossier", Kind.REF, ref="files", required=True, indexed=True),
        Field("received_on", "Reçue le", Kind.DATE, required=True),
        Field("satisfaction", "Satisfaction (1 à 5)", Kind.INTEGER, required=True),
        Field("words", "Commentaire", Kind.LONG, longest=4_000),
        Field("brought_by", "Inscrite par", Kind.REF, ref="accounts"),
    ),
    private=True,
    indexes=(("received_on",),),
)

WATCH = Table(  # what was seen on social networks
    "watch",
    "Veille des réseaux sociaux",
    (
        Field("seen_on", "Vu le", Kind.DATE, required=True),
        Field("network", "Réseau", Kind.CHOICE, Network, required=True),
        Field("address", "Adresse de la publication", longest=500),
        Field("words", "Ce qui y est dit", Kind.LONG, longest=4_000),
        Field("done", "Suite donnée", Kind.CHOICE, Done, required=True),
        Field("file", "Dossier", Kind.REF, ref="files", indexed=True),
        Field("noted_by", "Noté par", Kind.REF, ref="accounts"),
        Field("token", "Jeton de saisie", required=True, unique=True, longest=80, sight=Sight.SECRET),
    ),
    private=True,
    indexes=(("seen_on",),),
)

LISTENING_TABLES = (THANKS, SURVEY_ANSWERS, WATCH)
