"""The tables of the private half: each kind of private file in tables of its own, its texts sealed (R-33).

A sealed field is encrypted at rest with a key of its row (``sync.vault``). None of these tables leaves the
house, is searched with the others, or is exported.
"""

from policy.private_words import (
    AccessState,
    ClaimDecision,
    ComplaintState,
    Damage,
    Decision,
    DocumentKind,
    Finding,
    Measure,
    Part,
    PrivateKind,
    StepKind,
)
from policy.words import Channel
from sync.fields import Field, Kind, Table


def _sealed(
    name: str, label: str, kind: Kind = Kind.TEXT, choices: type | None = None, longest: int = 200,
    required: bool = False,
) -> Field:  # fmt: skip
    return Field(name, label, kind, choices, longest=longest, required=required, sealed=True)


_WHO = (
    _sealed("name", "Nom et prénom"),
    _sealed("phone", "Téléphone", longest=40),
    _sealed("email", "Courriel", longest=254),
    _sealed("civic", "Numéro civique", longest=20),
    _sealed("street", "Rue"),
    _sealed("city", "Municipalité"),
    _sealed("postal_code", "Code postal", longest=10),
)

COMPLAINTS = Table(
    "complaints",
    "Plaintes",
    (
        Field("number", "Numéro", required=True, unique=True, longest=12),
        Field("state", "État", Kind.CHOICE, ComplaintState, required=True),
        Field("received_at", "Reçue le", Kind.MOMENT, required=True),
        Field("channel", "Provenance", Kind.CHOICE, Channel, required=True),
        Field("intake_token", "Jeton de saisie", unique=True, longest=80, edited=False),
        Field("deposited_by", "Déposée par", Kind.REF, ref="accounts"),
        Field("investigator", "Chargé de l'enquête", Kind.REF, ref="accounts", indexed=True),
        Field("concluded_at", "Conclue le", Kind.MOMENT),
        Field("answered_on", "Réponse écrite le", Kind.DATE),
        *_WHO,
        _sealed("anonymous", "Anonyme", Kind.BOOL, required=True),
        _sealed("written", "Par écrit", Kind.BOOL, required=True),
        _sealed("signed", "Signée", Kind.BOOL, required=True),
        _sealed("facts_on", "Date des faits", Kind.DATE),
        _sealed("place", "Lieu des faits"),
        _sealed("facts", "Exposé des faits", Kind.LONG, longest=20_000, required=True),
        _sealed("department", "Service visé"),
        _sealed("municipal", "Vise un service de la Ville", Kind.BOOL, required=True),
        _sealed("private_dispute", "Litige privé", Kind.BOOL, required=True),
        _sealed("danger", "Danger pour des biens ou des personnes", Kind.BOOL, required=True),
        _sealed("danger_words", "En quoi il y a danger", Kind.LONG, longest=2_000),
        _sealed("grounds", "Motifs d'irrecevabilité", Kind.JSON),  # the grounds found, each with its article
        _sealed("derogation", "Motif de la dérogation", Kind.LONG, longest=2_000),
        _sealed("answer", "Réponse au citoyen", Kind.LONG, longest=20_000),
        _sealed("withdrawal", "Motif du retrait", Kind.LONG, longest=2_000),
    ),
    private=True,
)

COMPLAINT_PEOPLE = Table(
    "complaint_people",
    "Personnes d'une enquête",
    (
        Field("complaint", "Plainte", Kind.REF, ref="complaints", required=True, indexed=True),
        Field("part", "À quel titre", Kind.CHOICE, Part, required=True),
        _sealed("name", "Nom et prénom", required=True),
        _sealed("post", "Fonction"),
        _sealed("account", "Compte", longest=40),  # when the person has one: a conflict of interest shows
        _sealed("heard_on", "Rencontrée le", Kind.DATE),
        _sealed("finding", "Conclusion", Kind.CHOICE, Finding),
        _sealed("finding_words", "Motifs de la conclusion", Kind.LONG, longest=20_000),
        _sealed("measure", "Mesure", Kind.CHOICE, Measure),
        _sealed("measure_words", "Précision sur la mesure", Kind.LONG, longest=2_000),
        Field("concluded_at", "Conclue le", Kind.MOMENT),
    ),
    private=True,
)

COMPLAINT_STEPS = Table(
    "complaint_steps",
    "Étapes d'une enquête",
    (
        Field("complaint", "Plainte", Kind.REF, ref="complaints", required=True, indexed=True),
        Field("person", "Personne", Kind.REF, ref="complaint_people"),
        Field("kind", "Sorte", Kind.CHOICE, StepKind, required=True),
        Field("noted_by", "Notée par", Kind.REF, ref="accounts"),
        Field("noted_at", "Notée le", Kind.MOMENT, required=True),
        _sealed("held_on", "Date", Kind.DATE),
        _sealed("words", "Contenu", Kind.LONG, longest=20_000, required=True),
    ),
    private=True,
)

COMPLAINT_READERS = Table(
    "complaint_readers",
    "Personnes admises à une plainte",
    (
        Field("complaint", "Plainte", Kind.REF, ref="complaints", required=True),
        Field("account", "Compte", Kind.REF, ref="accounts", required=True, indexed=True),
        Field("named_by", "Admise par", Kind.REF, ref="accounts"),
        Field("since", "Depuis", Kind.MOMENT, required=True),
        Field("until", "Jusqu'à", Kind.MOMENT),
        _sealed("reason", "Motif", Kind.LONG, longest=2_000),
    ),
    private=True,
    indexes=(("complaint", "account"),),
)

INVESTIGATORS = Table(  # whom the direction générale designates, for one complaint or for an absence
    "investigators",
    "Enquêteurs désignés",
    (
        Field("complaint", "Plainte", Kind.REF, ref="complaints", indexed=True),  # none: every new one
        Field("account", "Compte", Kind.REF, ref="accounts", required=True),
        Field("named_by", "Désigné par", Kind.REF, ref="accounts"),
        Field("starts_on", "Depuis le", Kind.DATE, required=True),
        Field("ends_on", "Jusqu'au", Kind.DATE),
        _sealed("reason", "Motif", Kind.LONG, longest=2_000),
    ),
    private=True,
)

PERSONNEL = Table(  # what a founded complaint enters in an employee's file
    "personnel",
    "Dossier des employés",
    (
        Field("complaint", "Plainte", Kind.REF, ref="complaints", indexed=True),
        Field("person", "Personne de l'enquête", Kind.REF, ref="complaint_people", unique=True),
        Field("entered_at", "Consignée le", Kind.MOMENT, required=True),
        Field("entered_by", "Consignée par", Kind.REF, ref="accounts"),
        _sealed("name", "Employé", required=True),
        _sealed("post", "Fonction"),
        _sealed("incident", "Incident", Kind.LONG, longest=20_000, required=True),
        _sealed("measure", "Mesure", Kind.CHOICE, Measure, required=True),
        _sealed("measure_words", "Précision sur la mesure", Kind.LONG, longest=2_000),
    ),
    private=True,
)

ACCESS_REQUESTS = Table(
    "access_requests",
    "Demandes d'accès",
    (
        Field("number", "Numéro", required=True, unique=True, longest=12),
        Field("state", "État", Kind.CHOICE, AccessState, required=True),
        Field("received_at", "Reçue le", Kind.MOMENT, required=True),
        Field("channel", "Provenance", Kind.CHOICE, Channel, required=True),
        Field("intake_token", "Jeton de saisie", unique=True, longest=80, edited=False),
        Field("received_by", "Reçue par", Kind.REF, ref="accounts"),
        Field("written_on", "Écrit reçu le", Kind.DATE),  # the clock starts here; none while only oral
        Field("target_on", "Cible", Kind.DATE, edited=False),
        Field("legal_on", "Dernier jour", Kind.DATE, edited=False),  # why, is counted when it is read
        Field("noticed_on", "Avis de réception le", Kind.DATE),
        Field("extended_on", "Avis de prolongation le", Kind.DATE),
        Field("extension_days", "Prolongation (jours)", Kind.INTEGER),
        Field("extended_by", "Prolongée par", Kind.REF, ref="accounts"),
        Field("decision", "Décision", Kind.CHOICE, Decision),
        Field("decided_on", "Décidée le", Kind.DATE),
        Field("answered_on", "Réponse transmise le", Kind.DATE),
        *_WHO,
        _sealed("organisation", "Organisme"),
        _sealed("words", "Documents demandés", Kind.LONG, longest=20_000, required=True),
        _sealed("extension_ground", "Motif de la prolongation", Kind.LONG, longest=2_000),
        _sealed("reason", "Motifs de la décision", Kind.LONG, longest=20_000),
        _sealed("provisions", "Dispositions de la loi", Kind.LONG, longest=2_000),
        _sealed("other_body", "Autre organisme"),
        _sealed("third_party", "Tiers"),
        _sealed("third_party_told_on", "Tiers avisé le", Kind.DATE),
        _sealed("third_party_answer_on", "Observations du tiers le", Kind.DATE),
        _sealed("third_party_words", "Observations du tiers", Kind.LONG, longest=20_000),
        _sealed("note", "Note interne", Kind.LONG, longest=20_000),
    ),
    private=True,
    indexes=(("state", "target_on"),),
)

CLAIMS = Table(  # the damage; the file itself is handled and numbered as a request
    "claims",
    "Réclamations",
    (
        Field("file", "Dossier", Kind.REF, ref="files", required=True, unique=True),
        Field("repairs", "Requête qui répare la cause", Kind.REF, ref="files", indexed=True),
        Field("decision", "Décision", Kind.CHOICE, ClaimDecision),
        Field("decided_on", "Décidée le", Kind.DATE),
        _sealed("damage", "Nature du dommage", Kind.CHOICE, Damage),
        _sealed("damage_words", "Description du dommage", Kind.LONG, longest=20_000),
        _sealed("event_on", "Date de l'événement", Kind.DATE),
        _sealed("event_place", "Lieu de l'événement"),
        _sealed("amount_cents", "Montant réclamé (cents)", Kind.INTEGER),
        _sealed("notice_on", "Avis écrit reçu le", Kind.DATE),
        _sealed("clerk_on", "Transmise au greffier le", Kind.DATE),
        _sealed("insurer_on", "Transmise à l'assureur le", Kind.DATE),
        _sealed("insurer", "Assureur"),
        _sealed("insurer_number", "Numéro de l'assureur", longest=80),
        _sealed("decision_words", "Motifs de la décision", Kind.LONG, longest=20_000),
        _sealed("paid_cents", "Montant payé (cents)", Kind.INTEGER),
    ),
    private=True,
)

SERVICE_REFUSALS = Table(
    "service_refusals",
    "Refus de service",
    (
        Field("citizen", "Citoyen", Kind.REF, ref="citizens", required=True, indexed=True),
        Field("starts_on", "Depuis le", Kind.DATE, required=True),
        Field("ends_on", "Jusqu'au", Kind.DATE, required=True),
        Field("lifted_at", "Levé le", Kind.MOMENT),
        _sealed("reason", "Motif", Kind.LONG, longest=2_000, required=True),
    ),
    private=True,
)

INCIDENTS = Table(  # R-82, LAI 63.8 to 63.11
    "incidents",
    "Registre des incidents de confidentialité",
    (
        Field("found_on", "Constaté le", Kind.DATE, required=True),
        Field("closed_on", "Fermé le", Kind.DATE),
        Field("intake_token", "Jeton de saisie", unique=True, longest=80, edited=False),
        _sealed("occurred", "Quand il est survenu", longest=200),
        _sealed("what", "Circonstances", Kind.LONG, longest=20_000, required=True),
        _sealed("information", "Renseignements visés", Kind.LONG, longest=20_000, required=True),
        _sealed("people", "Nombre de personnes concernées", Kind.INTEGER),
        _sealed("sensitivity", "Sensibilité des renseignements", Kind.LONG, longest=20_000),
        _sealed("consequences", "Conséquences appréhendées", Kind.LONG, longest=20_000),
        _sealed("likelihood", "Probabilité d'une utilisation préjudiciable", Kind.LONG, longest=20_000),
        _sealed("serious", "Risque de préjudice sérieux", Kind.BOOL),
        _sealed("commission_on", "Commission d'accès avisée le", Kind.DATE),
        _sealed("persons_on", "Personnes avisées le", Kind.DATE),
        _sealed("no_notice", "Pourquoi les personnes ne sont pas avisées", Kind.LONG, longest=2_000),
        _sealed("measures", "Mesures prises", Kind.LONG, longest=20_000),
    ),
    private=True,
)

PRIVATE_DOCUMENTS = Table(
    "private_documents",
    "Documents des dossiers privés",
    (
        Field("kind_of_file", "Sorte de dossier", Kind.CHOICE, PrivateKind, required=True),
        Field("record", "Dossier", required=True, longest=40),
        Field("kind", "Sorte de document", Kind.CHOICE, DocumentKind, required=True),
        Field("size", "Taille (octets)", Kind.INTEGER, required=True),
        Field("added_by", "Ajouté par", Kind.REF, ref="accounts"),
        Field("added_at", "Ajouté le", Kind.MOMENT, required=True),
        Field("sent_on", "Transmis le", Kind.DATE),
        Field("removed_at", "Retiré le", Kind.MOMENT),
        Field("removed_by", "Retiré par", Kind.REF, ref="accounts"),
        _sealed("name", "Nom du document", required=True),
        _sealed("media_type", "Type", longest=120, required=True),
        _sealed("digest", "Empreinte", longest=64, required=True),
        _sealed("removed_why", "Motif du retrait", Kind.LONG, longest=2_000),
    ),
    private=True,
    indexes=(("kind_of_file", "record"),),
)

PRIVATE_CONTENTS = Table(
    "private_contents",
    "Contenu des documents privés",
    (
        Field("document", "Document", Kind.REF, ref="private_documents", required=True, unique=True),
        Field("content", "Contenu", Kind.BYTES, required=True, sealed=True),
    ),
    private=True,
    logged=False,
)

READINGS = Table(  # reading is itself recorded
    "readings",
    "Journal des lectures",
    (
        Field("kind_of_file", "Sorte de dossier", Kind.CHOICE, PrivateKind, required=True),
        Field("record", "Dossier", required=True, longest=40),
        Field("account", "Compte", Kind.REF, ref="accounts"),
        Field("who", "Nom", required=True),
        Field("what", "Ce qui a été lu", required=True),
        Field("read_at", "Lu le", Kind.MOMENT, required=True),
    ),
    private=True,
    logged=False,
    indexes=(("kind_of_file", "record", "read_at"),),
)

PRIVATE_TABLES = (
    COMPLAINTS, COMPLAINT_PEOPLE, COMPLAINT_STEPS, COMPLAINT_READERS, INVESTIGATORS, PERSONNEL,
    ACCESS_REQUESTS, CLAIMS, SERVICE_REFUSALS, INCIDENTS,
    PRIVATE_DOCUMENTS, PRIVATE_CONTENTS, READINGS,
)  # fmt: skip
