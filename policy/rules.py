"""R-71: the values a town gives itself (table « Règles de la ville »), each with its date and its article."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import Any

from policy import readers, surveys
from policy.calendar import Hours, parse_hours
from policy.reasons import Ground, Refused, refuse_all, refused

GENERAL_DIRECTION = "direction générale"  # P §4.6: who is in charge of access, unless a town names somebody
CHOSEN = "choisi par la ville"  # what the column « Article » says of a value no adopted text gives


class RncReading(StrEnum):
    """R-20: what « la dernière semaine » of P §4.1 and « semaine complète » of P §4.2.3 mean."""

    FULL_WEEK = "semaine_complete"
    LAST_WEEK = "derniere_semaine"
    NONE = "aucune"  # the town sends no RNC

    @property
    def other(self) -> "RncReading":
        """The reading it is compared with; a town that sends no RNC compares nothing."""
        others = {RncReading.FULL_WEEK: RncReading.LAST_WEEK, RncReading.LAST_WEEK: RncReading.FULL_WEEK}
        return others.get(self, RncReading.NONE)


class AckReading(StrEnum):
    """R-5: what « 24 heures ouvrables » means."""

    WORKING_DAY = "jour_ouvrable"
    OPEN_HOURS = "heures_ouverture"
    NONE = "aucun"  # the town promises no acknowledgement


class SignatureReading(StrEnum):
    """R-30: what stands for the signature of a complaint sent by e-mail or by the Web form."""

    TYPED_NAME = "nom_ecrit"  # the name typed at the bottom
    BY_HAND = "a_la_main"  # only a signature by hand, or an image of it


class ClaimNotice(StrEnum):
    """R-40: the law that gives the delay to send the town the written notice of a damage."""

    CITIES = "cites_et_villes"
    MUNICIPAL_CODE = "code_municipal"


class RuleName(StrEnum):
    """The names of the rules; the value is what the table holds."""

    TOWN_NAME = "town_name"
    TOWN_ADDRESS = "town_address"
    TOWN_PHONE = "town_phone"
    DESK_NAME = "desk_name"
    DESK_EMAIL = "desk_email"
    DESK_PHONE = "desk_phone"
    START_DATE = "start_date"
    OPENING_HOURS = "opening_hours"
    SENDING_HOUR = "sending_hour"
    ACK_READING = "ack_reading"
    RNC_READING = "rnc_reading"
    RNC_MIN_DAYS = "rnc_min_days"
    COUNCIL_LISTS = "council_lists"
    DONE_CODE = "done_code"
    SURVEY_URL = "survey_url"
    CLAIM_NOTICE = "claim_notice"
    COMPLAINT_SIGNATURE = "complaint_signature"
    ACCESS_OFFICER = "access_officer"
    PRIVACY_ASSESSMENT = "privacy_assessment"
    PRIVATE_BASE_ASSESSMENT = "private_base_assessment"
    REMOTE_MONTHS = "remote_months"
    REMOTE_RHYTHM = "remote_rhythm"
    REMOTE_QUOTA = "remote_quota"
    REMOTE_HOURS = "remote_hours"


# Any text was taken for these, once: what does not read is as if the town had none.
FREE_BEFORE = frozenset({RuleName.SURVEY_URL})
REQUIRED = (RuleName.TOWN_NAME, RuleName.OPENING_HOURS, RuleName.START_DATE)


LABELS: Mapping[RuleName, str] = {
    RuleName.TOWN_NAME: "Nom de la ville",
    RuleName.TOWN_ADDRESS: "Adresse de l'hôtel de ville (au pied des lettres)",
    RuleName.TOWN_PHONE: "Téléphone de l'hôtel de ville (au pied des lettres)",
    RuleName.DESK_NAME: "Nom du service aux citoyens",
    RuleName.DESK_EMAIL: "Courriel du service aux citoyens",
    RuleName.DESK_PHONE: "Téléphone du service aux citoyens",
    RuleName.START_DATE: "Début de l'usage (rien de ce qui était dû avant n'est envoyé)",
    RuleName.OPENING_HOURS: "Heures d'ouverture",
    RuleName.SENDING_HOUR: "Heure d'envoi des listes",
    RuleName.ACK_READING: "Accusé de réception : sens de « 24 heures ouvrables »",
    RuleName.RNC_READING: "Liste RNC : semaine d'envoi",
    RuleName.RNC_MIN_DAYS: "Liste RNC : jours ouvrés laissés pour répondre",
    RuleName.COUNCIL_LISTS: "Listes mensuelles au conseil",
    RuleName.DONE_CODE: "Code d'intervention « Demande complétée »",
    RuleName.SURVEY_URL: "Adresse du sondage de satisfaction ({numero} : celui du dossier)",
    RuleName.CLAIM_NOTICE: "Réclamation : loi qui fixe le délai de l'avis écrit",
    RuleName.COMPLAINT_SIGNATURE: "Plainte par courriel ou formulaire : ce qui vaut signature",
    RuleName.ACCESS_OFFICER: "Responsable de l'accès aux documents : nom et fonction",
    RuleName.PRIVACY_ASSESSMENT: "Date de l'évaluation de la vie privée (avant, aucune identité ne sort)",
    RuleName.PRIVATE_BASE_ASSESSMENT: "Base privée : date de son évaluation (avant, aucune plainte ne sort)",
    RuleName.REMOTE_MONTHS: "Table du directeur : mois qu'y restent les dossiers fermés",
    RuleName.REMOTE_RHYTHM: "Table du directeur : secondes entre deux lectures",
    RuleName.REMOTE_QUOTA: "Table du directeur : appels accordés par mois (0 : sans limite)",
    RuleName.REMOTE_HOURS: "Table du directeur : heures d'activité",
}


@dataclass(frozen=True)
class Rules:
    """The town's values in force on a day. ``sources`` gives for each rule the article its row names."""

    town_name: str
    opening_hours: Hours
    start_date: date
    town_address: str = ""
    town_phone: str = ""
    desk_name: str = "Service aux citoyens"
    desk_email: str = ""
    desk_phone: str = ""
    sending_hour: time = time(8)
    ack_reading: AckReading = AckReading.WORKING_DAY
    rnc_reading: RncReading = RncReading.FULL_WEEK
    rnc_min_days: int = 0
    council_lists: bool = True
    done_code: str = "238"
    survey_url: str = ""
    claim_notice: ClaimNotice = ClaimNotice.CITIES
    complaint_signature: SignatureReading = SignatureReading.TYPED_NAME
    access_officer: str = GENERAL_DIRECTION  # name and post; R-54: a dated row designates, the next replaces
    privacy_assessment: date | None = None  # none until the town dates it
    private_base_assessment: date | None = None  # none until the town dates it, knowingly
    remote_months: int = 12
    remote_rhythm: int = 30  # seconds
    remote_quota: int = 0  # requests a month; 0: any number
    remote_hours: tuple[time, time] | None = None  # none: day and night
    sources: Mapping[RuleName, str] | None = None

    def source(self, name: RuleName) -> str:
        """The article given for that rule's value (« choisi par la ville »); empty when it is the default."""
        return (self.sources or {}).get(name, "")


def cited(articles: tuple[str, ...], source: str) -> tuple[str, ...]:
    """The articles of a date, with « choisi par la ville » when ``source``, a rule's article, says so."""
    return (*articles, CHOSEN) if source.startswith(CHOSEN) else articles


def rules_on(rows: Iterable[Mapping[str, Any]], day: date) -> Rules:
    """R-71: the values in force on ``day``, from rows with name, value, valid_from and article.

    Of each rule the latest value dated on or before ``day``; before its first date, the first one (a rule has
    no time before); without any row, the default. Raises ``Refused`` with every value that does not read and
    every rule that is missing. Names unknown here are passed over: they belong to a later version.
    """
    in_force = _in_force(rows, day)
    values: dict[str, Any] = {}
    grounds: list[Ground] = []
    for name, row in in_force.items():
        try:
            values[name.value] = check_rule(name, row["value"])
        except Refused as no:
            if name not in FREE_BEFORE:
                grounds += no.grounds
    grounds += [
        Ground(f"Il manque une règle de la ville : {LABELS[name]}.", "R-71", name.value)
        for name in REQUIRED
        if name not in in_force
    ]
    refuse_all(grounds)
    return Rules(**values, sources={name: row["article"] or "" for name, row in in_force.items()})


def identity_may_leave(rows: Iterable[Mapping[str, Any]], day: date) -> bool:
    """R-83 (LAI 63.5, LAI 70.1): whether what identifies a citizen may go to Airtable or Google.

    From the day of the privacy assessment on. Unlike other rules, this one has a time before: neither a
    date to come nor a value not in force yet opens anything, and « non » closes it again.
    """
    return _is_assessed(rows, RuleName.PRIVACY_ASSESSMENT, day)


def complaints_may_leave(rows: Iterable[Mapping[str, Any]], day: date) -> bool:
    """R-33, R-83: whether complaints may go to the private base of the town.

    Never by default: from the day of an assessment of that base alone, dated like the other one.
    """
    return _is_assessed(rows, RuleName.PRIVATE_BASE_ASSESSMENT, day)


def _is_assessed(rows: Iterable[Mapping[str, Any]], name: RuleName, day: date) -> bool:
    dated = [row for row in rows if row["name"] == name and row["valid_from"] <= day]
    if not dated:
        return False
    latest = max(dated, key=lambda row: row["valid_from"])
    assessed = check_rule(latest["name"], latest["value"])
    return assessed is not None and assessed <= day


def check_rule(name: str, value: str) -> Any:
    """The typed value of a rule (text, date, time, number, ``Hours``, a reading).

    Raises ``Refused``, naming the rule as its field, when the rule is unknown or the value does not read.
    """
    try:
        rule = RuleName(name)
    except ValueError:
        raise refused(f"« {name} » n'est pas une règle de la ville.", "R-71", name) from None
    try:
        return READERS[rule](value.strip())
    except Refused as no:
        raise Refused(
            tuple(Ground(f"{LABELS[rule]} : {ground.message}", ground.article, name) for ground in no.grounds)
        ) from None


def shape_of(name: RuleName) -> readers.Shape:
    """What a value of that rule looks like, for whoever asks for one."""
    return readers.shape(READERS[name])


def _in_force(rows: Iterable[Mapping[str, Any]], day: date) -> dict[RuleName, Mapping[str, Any]]:
    known = {name.value for name in RuleName}
    chosen: dict[RuleName, Mapping[str, Any]] = {}
    for row in sorted((row for row in rows if row["name"] in known), key=lambda row: row["valid_from"]):
        name = RuleName(row["name"])
        if row["valid_from"] <= day or name not in chosen:
            chosen[name] = row
    return chosen


READERS: Mapping[RuleName, Callable[[str], Any]] = {
    RuleName.TOWN_NAME: readers.text,
    RuleName.TOWN_ADDRESS: str,
    RuleName.TOWN_PHONE: str,
    RuleName.DESK_NAME: readers.text,
    RuleName.DESK_EMAIL: readers.email,
    RuleName.DESK_PHONE: str,
    RuleName.START_DATE: readers.day,
    RuleName.OPENING_HOURS: parse_hours,
    RuleName.SENDING_HOUR: readers.hour,
    RuleName.ACK_READING: readers.one_of(AckReading),
    RuleName.RNC_READING: readers.one_of(RncReading),
    RuleName.RNC_MIN_DAYS: readers.from_to(0, 20, "de jours"),
    RuleName.COUNCIL_LISTS: readers.yes_no,
    RuleName.DONE_CODE: readers.text,
    RuleName.SURVEY_URL: surveys.form_address,
    RuleName.CLAIM_NOTICE: readers.one_of(ClaimNotice),
    RuleName.COMPLAINT_SIGNATURE: readers.one_of(SignatureReading),
    RuleName.ACCESS_OFFICER: readers.text,
    RuleName.PRIVACY_ASSESSMENT: readers.day_or_no,
    RuleName.PRIVATE_BASE_ASSESSMENT: readers.day_or_no,
    RuleName.REMOTE_MONTHS: readers.from_to(0, 120, "de mois"),
    RuleName.REMOTE_RHYTHM: readers.from_to(5, 86_400, "de secondes"),
    RuleName.REMOTE_QUOTA: readers.from_to(0, 10_000_000, "d'appels"),
    RuleName.REMOTE_HOURS: readers.between_hours,
}
