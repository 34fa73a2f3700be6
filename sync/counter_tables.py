"""What happens at the counter besides the files: what employees note in the field, and its photographs."""

from policy.counter_words import ReportState
from policy.words import Nature, Sight
from sync.fields import Field, Kind, Table

FIELD_REPORTS = Table(
    "field_reports",
    "Signalements du terrain",
    (
        Field("token", "Jeton de saisie", required=True, unique=True, longest=80, sight=Sight.SECRET),
        Field("author", "Noté par", Kind.REF, ref="accounts", required=True),
        Field("sent_at", "Reçu au service aux citoyens le", Kind.MOMENT, required=True),
        Field("state", "État", Kind.CHOICE, ReportState, required=True),
        # P §4.3, item by item; each may be missing
        Field("name", "Nom et prénom", sight=Sight.IDENTITY),
        Field("home_civic", "Numéro civique", longest=20, sight=Sight.IDENTITY),
        Field("home_street", "Rue", sight=Sight.IDENTITY),
        Field("home_city", "Municipalité", sight=Sight.IDENTITY),
        Field("home_postal_code", "Code postal", longest=10, sight=Sight.IDENTITY),
        Field("phone", "Téléphone", longest=40, sight=Sight.IDENTITY),
        Field("email", "Courriel", longest=254, sight=Sight.IDENTITY),
        Field("received_on", "Date de réception", Kind.DATE),
        Field("nature", "Nature", Kind.CHOICE, Nature),
        Field("department", "Service concerné", Kind.REF, ref="departments"),
        Field("facts", "Exposé des faits", Kind.LONG, longest=20_000),
        Field("civic", "Numéro civique du lieu", longest=20),
        Field("street", "Rue ou lieu"),
        Field("place_note", "Précision du lieu", Kind.LONG, longest=2_000),
        # what became of it
        Field("file", "Dossier", Kind.REF, ref="files", indexed=True),
        Field("reason", "Motif", Kind.LONG, longest=2_000),
        Field("judged_at", "Réglé le", Kind.MOMENT),
        Field("judged_by", "Réglé par", Kind.REF, ref="accounts"),
    ),
    private=True,
    indexes=(("state", "sent_at"), ("author", "sent_at")),
)

REPORT_PHOTOS = Table(  # of a report being typed, or sent and not yet a file; by the token of its form
    "report_photos",
    "Photos d'un signalement",
    (
        Field("token", "Jeton de saisie", required=True, longest=80, indexed=True, sight=Sight.SECRET),
        Field("added_by", "Prise par", Kind.REF, ref="accounts", required=True),
        Field("added_at", "Ajoutée le", Kind.MOMENT, required=True),
        Field("name", "Nom", required=True),
        Field("media_type", "Type", required=True, longest=120),
        Field("size", "Taille (octets)", Kind.INTEGER, required=True),
        Field("once", "Empreinte", required=True, unique=True, longest=160, sight=Sight.SECRET),
        Field("content", "Contenu", Kind.BYTES, required=True),
    ),
    private=True,
    logged=False,
)

COUNTER_TABLES = (FIELD_REPORTS, REPORT_PHOTOS)
