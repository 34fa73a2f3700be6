"""The tables of who may enter: accounts, their identities, sessions, attempts, refusals."""

from policy.words import Sight
from sync.fields import Field, Kind, Table

ACCOUNTS = Table(
    "accounts",
    "Comptes",
    (
        Field("name", "Nom", required=True),
        Field("email", "Courriel", required=True, unique=True, longest=254),
        Field("extension", "Numéro de poste", longest=20),
        Field("roles", "Rôles", Kind.JSON, required=True),  # list of Role values
        Field("departments", "Services", Kind.JSON, required=True),  # list of department ids
        Field("password", "Mot de passe", longest=300, sight=Sight.SECRET),  # argon2
        Field("active", "Actif", Kind.BOOL, required=True),
    ),
    private=True,
)

SESSIONS = Table(
    "sessions",
    "Sessions",
    (
        Field("token_hash", "Jeton", required=True, unique=True, longest=64, sight=Sight.SECRET),
        Field("account", "Compte", Kind.REF, ref="accounts", required=True, indexed=True),
        Field("expires_at", "Expire le", Kind.MOMENT, required=True),
        Field("ended_at", "Terminée le", Kind.MOMENT),
        Field("seen_at", "Dernier geste le", Kind.MOMENT),  # the idle time-out counts from here
    ),
    private=True,
    logged=False,
)

SIGN_INS = Table(
    "sign_ins",
    "Essais de connexion",
    (
        Field("email", "Courriel", required=True, longest=254, indexed=True),
        Field("address", "Adresse", longest=64, indexed=True),
        Field("succeeded", "Réussi", Kind.BOOL, required=True),
        Field("tried_at", "Moment", Kind.MOMENT, required=True, indexed=True),
    ),
    private=True,
    logged=False,
)

IDENTITIES = Table(  # who signs in at the town's provider (OpenID Connect)
    "identities",
    "Identités",
    (
        Field("account", "Compte", Kind.REF, ref="accounts", required=True, indexed=True),
        Field("issuer", "Fournisseur", required=True, longest=300),
        Field("subject", "Identifiant", required=True, longest=300),
    ),
    private=True,
    unique=(("issuer", "subject"),),
)

ACCOUNT_REQUESTS = Table(
    "account_requests",
    "Demandes de compte",
    (
        Field("name", "Nom"),
        Field("email", "Courriel", required=True, longest=254),
        Field("issuer", "Fournisseur", required=True, longest=300),
        Field("subject", "Identifiant", required=True, longest=300),
        Field("words", "Message", Kind.LONG, longest=2_000),
        Field("asked_at", "Demandé le", Kind.MOMENT, required=True),
        Field("settled_at", "Réglée le", Kind.MOMENT),
        Field("settled_by", "Réglée par", Kind.REF, ref="accounts"),
        Field("granted", "Accordée", Kind.BOOL),
    ),
    private=True,
    unique=(("issuer", "subject"),),
)

RESETS = Table(  # a link mailed once, to choose a new password
    "resets",
    "Mots de passe à choisir",
    (
        Field("token_hash", "Jeton", required=True, unique=True, longest=64, sight=Sight.SECRET),
        Field("account", "Compte", Kind.REF, ref="accounts", required=True, indexed=True),
        Field("asked_at", "Demandé le", Kind.MOMENT, required=True),
        Field("expires_at", "Expire le", Kind.MOMENT, required=True),
        Field("used_at", "Utilisé le", Kind.MOMENT),
    ),
    private=True,
    logged=False,
)

REFUSALS = Table(  # who was refused what, when; never what was typed
    "refusals",
    "Refus",
    (
        Field("account", "Compte", Kind.REF, ref="accounts"),
        Field("who", "Nom"),
        Field("act", "Geste", required=True),
        Field("articles", "Articles", longest=500),
        Field("refused_at", "Moment", Kind.MOMENT, required=True, indexed=True),
    ),
    private=True,
    logged=False,
)

ENTRY_TABLES = (ACCOUNTS, SESSIONS, SIGN_INS, IDENTITIES, ACCOUNT_REQUESTS, RESETS, REFUSALS)
