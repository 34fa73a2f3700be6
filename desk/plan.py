"""The town as it is going to be: a preset, and what was typed over it before it is put in place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from desk.offers import Offer, Preset
from desk.setup import Start, proposed_closings
from policy.acknowledgement import acknowledgement_due
from policy.calendar import OfficeCalendar
from policy.hours import Hours, parse_hours
from policy.monthly import month_days
from policy.months import Month
from policy.reasons import Deadline, Ground, Refused, refused
from policy.rules import CHOSEN, LABELS, RuleName, check_rule, rules_on
from policy.towntime import from_town
from policy.wording import WEEKDAYS
from policy.words import Circuit, Closer

# Those that are the very town's of the preset: to another town that follows its policy they are not proposed.
CONTACT = (
    RuleName.TOWN_ADDRESS,
    RuleName.TOWN_PHONE,
    RuleName.DESK_EMAIL,
    RuleName.DESK_PHONE,
)
CHOICES = (RuleName.SENDING_HOUR, RuleName.ACK_READING, RuleName.RNC_READING, RuleName.COUNCIL_LISTS)
NAMES = (RuleName.TOWN_NAME, RuleName.DESK_NAME)
LATER = frozenset(name.value for name in (*CHOICES, RuleName.START_DATE))  # typed after the departments
WORDS = {  # the values of readings, as people say them
    "oui": "Oui",
    "non": "Non",
    "jour_ouvrable": "La même heure, le jour ouvré suivant",
    "heures_ouverture": "24 heures comptées pendant l’ouverture",
    "aucun": "Pas d’accusé de réception",
    "semaine_complete": "Le premier jour ouvré de la dernière semaine complète",
    "derniere_semaine": "Le premier jour ouvré de la semaine qui finit le mois",
    "aucune": "Pas de liste",
    "cites_et_villes": "Loi sur les cités et villes, 15 jours",
    "code_municipal": "Code municipal, 60 jours",
    "nom_ecrit": "Le nom écrit au bas",
    "a_la_main": "Une signature à la main, ou son image",
}
WEEK = tuple(enumerate(WEEKDAYS[:5]))


@dataclass(frozen=True)
class Service:
    """A department to be. ``key`` is its field in the plan; ``was`` its name in the preset, if it had one."""

    key: str
    was: str
    name: str
    circuit: Circuit
    closer: Closer
    active: bool


@dataclass(frozen=True)
class Closing:
    """A day proposed, or added, as closed; ``open``: the town works all the same."""

    day: date
    label: str
    open: bool
    added: bool


@dataclass(frozen=True)
class Told:
    """One value as it will be, with its article."""

    label: str
    value: str
    article: str


@dataclass(frozen=True)
class Plan:
    """``kept`` is what was typed, by field; ``offer`` the preset chosen, None before."""

    offer: Offer | None
    kept: Mapping[str, Any]
    today: date

    # what a field says now: typed, else the preset's

    def text(self, name: RuleName) -> str:
        """The value of a rule."""
        if name.value in self.kept:
            return str(self.kept[name.value] or "")
        return self._proposed(name)

    def value(self, field: str) -> str:
        """What the field of a form shows."""
        kind, _, rest = field.partition(".")
        if kind == "hours":
            return self.hours(int(rest))
        if field == RuleName.START_DATE.value:
            return self.starts_on
        return self.preset if field == "preset" else self.text(RuleName(field))

    def hours(self, weekday: int) -> str:
        """The opening hours of that weekday, « 08:30-12:00, 13:00-16:30 »; empty when closed."""
        field = f"hours.{weekday}"
        if field in self.kept:
            return str(self.kept[field] or "")
        written = self._of_preset(RuleName.OPENING_HOURS)
        openings = parse_hours(written).on(weekday) if written else ()
        return ", ".join(f"{each.opens:%H:%M}-{each.closes:%H:%M}" for each in openings)

    @property
    def starts_on(self) -> str:
        """R-24: the day of the start, as typed; today when nothing was."""
        return str(self.kept.get(RuleName.START_DATE.value) or self.today.isoformat())

    @property
    def preset(self) -> str:
        """The name of the preset chosen."""
        return str(self.kept.get("preset") or "")

    @property
    def services(self) -> tuple[Service, ...]:
        """The departments, the preset's first, then those added, in order."""
        if self.offer is None:
            return ()
        begin = f"service.{self.preset}."
        given: dict[str, Mapping[str, Any]] = {
            f"{begin}{rank}": {**row, "was": row["name"]}
            for rank, row in enumerate(self.offer.rows["departments"])
        }
        added = sorted(key for key in self.kept if key.startswith(begin) and key not in given)
        found = {**given, **{key: {} for key in added}}
        return tuple(_service(key, {**row, **(self.kept.get(key) or {})}) for key, row in found.items())

    def source_of(self, service: Service) -> str:
        """Where the circuit of a department and who closes come from, while they are the preset's."""
        told = self.offer.articles["departments"].get(service.was, {}) if self.offer else {}
        if not told or service.key in self.kept:
            return CHOSEN
        return f"Circuit : {told['circuit']}. Qui ferme : {told['closer']}."

    @property
    def closings(self) -> tuple[Closing, ...]:
        """R-70: the closings from today to the end of next year, proposed and added."""
        yearly = self.offer.rows.get("closings", ()) if self.offer else ()
        days = proposed_closings(range(self.today.year, self.today.year + 2), yearly)
        found = [
            Closing(day, label, bool((self.kept.get(_of(day)) or {}).get("open")), False)
            for day, label in days.items()
            if day >= self.today and day.weekday() < 5
        ]
        for field, value in self.kept.items():
            if field.startswith("closing.") and (value or {}).get("label"):
                day = date.fromisoformat(field.partition(".")[2])
                if day not in days:
                    found.append(Closing(day, value["label"], False, True))
        return tuple(sorted(found, key=lambda each: each.day))

    # what follows of it

    def problems(self) -> tuple[Ground, ...]:
        """Everything that keeps the town from being put in place, each with its field."""
        return tuple(self._problems())

    def _problems(self) -> Iterator[Ground]:
        if self.offer is None:
            yield Ground("Choisissez la politique de départ.", "R-71", "preset")
            return
        for name in (*NAMES, *CONTACT, *CHOICES):
            text = self.text(name).strip()
            if text or name in NAMES:
                yield from _refusals(name, text)
        yield from _refusals(RuleName.START_DATE, self.starts_on)
        for weekday, _ in WEEK:
            yield from self.hours_problems(weekday)
        if not any(self.hours(weekday).strip() for weekday, _ in WEEK):
            yield Ground("Inscrivez les heures d'ouverture d'au moins un jour.", "R-5", "hours.0")
        yield from self._service_problems()

    def hours_problems(self, weekday: int) -> tuple[Ground, ...]:
        """R-5: what does not read in the hours of that weekday."""
        try:
            if self.hours(weekday).strip():
                parse_hours(f"{WEEKDAYS[weekday]} {self.hours(weekday)}")
        except Refused as no:
            return tuple(Ground(each.message, each.article, f"hours.{weekday}") for each in no.grounds)
        return ()

    def _service_problems(self) -> Iterator[Ground]:
        active = [each for each in self.services if each.active]
        if not active:
            yield Ground("Gardez au moins un service.", "P §4.1", "services")
        names = [each.name.strip().casefold() for each in active]
        for each in active:
            if not each.name.strip():
                yield Ground("Un service n'a pas de nom : nommez-le ou retirez-le.", "P §4.1", each.key)
            elif names.count(each.name.strip().casefold()) > 1:
                yield Ground(f"Deux services s'appellent « {each.name.strip()} ».", "P §4.1", each.key)

    def composed(self) -> tuple[Preset, Start]:
        """What ``desk.setup.write`` writes; only for a plan without problems."""
        if self.offer is None:
            raise LookupError("no preset was chosen")
        rows = self.offer.rows
        named = {each.was: each for each in self.services if each.was}
        active = {was: each.name.strip() for was, each in named.items() if each.active}
        preset: Preset = {
            **rows,
            "departments": [
                {"name": each.name.strip(), "circuit": each.circuit, "closer": each.closer, "email": "",
                 "rank": rank * 10, "active": True}
                for rank, each in enumerate((one for one in self.services if one.active), start=1)
            ],
            "categories": [
                {**row, "department": active.get(row.get("department") or "")} for row in rows["categories"]
            ],
            "rules": list(self._rules()),
        }  # fmt: skip
        start = Start(
            date.fromisoformat(self.starts_on),
            frozenset(each.day for each in self.closings if each.open),
            {each.day: each.label for each in self.closings if each.added},
        )
        return preset, start

    def told(self) -> tuple[Told, ...]:
        """R-71: every rule as it will be, with where it comes from."""
        labels = {name.value: label for name, label in LABELS.items()}
        return tuple(
            Told(labels[row["name"]], WORDS.get(row["value"], row["value"]), row["article"])
            for row in self._rules()
        )

    def calendar(self) -> OfficeCalendar:
        """R-70: the working days and hours that follow. Raises ``Refused`` for hours that do not read."""
        closed = {each.day: each.label for each in self.closings if not each.open}
        return OfficeCalendar(closed, self._hours())

    def promise(self) -> tuple[datetime, Deadline | None]:
        """R-5: a demand of the next Friday morning, and when it will be acknowledged. Raises ``Refused``."""
        friday = self.today + timedelta(days=(4 - self.today.weekday()) % 7 or 7)
        received = from_town(datetime.combine(friday, time(10)))
        reading = check_rule(RuleName.ACK_READING, self.text(RuleName.ACK_READING))
        source = self._article(RuleName.ACK_READING, self.text(RuleName.ACK_READING))
        return received, acknowledgement_due(received, self.calendar(), reading, source)

    def first_list(self) -> Deadline | None:
        """R-20: the first RNC that will leave, of this month or the two after. Raises ``Refused``."""
        rows = [*({**row, "valid_from": self.today} for row in self._rules()), self._start()]
        rules, month = rules_on(rows, self.today), Month.of(self.today)
        for each in (month, month.next, month.next.next):
            day = month_days(each, self.calendar(), rules).rnc
            if day.day is not None and day.day >= max(self.today, rules.start_date):
                return day.deadline
        return None

    def _hours(self) -> Hours:
        week = (f"{name} {self.hours(day)}" for day, name in WEEK if self.hours(day).strip())
        return parse_hours("; ".join(week))

    def _start(self) -> Mapping[str, Any]:
        return {
            "name": RuleName.START_DATE.value,
            "value": self.starts_on,
            "valid_from": self.today,
            "article": "R-24",
        }

    def _rules(self) -> Iterator[Mapping[str, Any]]:
        """The rules of the preset, with what was typed instead; what is left empty has no row."""
        typed = {name: self.text(name).strip() for name in (*NAMES, *CONTACT, *CHOICES)}
        values = {**typed, RuleName.OPENING_HOURS: str(self._hours())}
        others = {
            RuleName(row["name"]): row["value"]
            for row in (self.offer.rows["rules"] if self.offer else ())
            if RuleName(row["name"]) not in values
        }
        for name, value in {**values, **others}.items():
            if value:
                yield {"name": name.value, "value": value, "article": self._article(name, value)}

    def _article(self, name: RuleName, value: str) -> str:
        """The preset's article while the value is the preset's."""
        proposed = self._of_preset(name)
        if name is RuleName.OPENING_HOURS and proposed:
            proposed = str(parse_hours(proposed))
        if not proposed or value != proposed or self.offer is None:
            return CHOSEN
        return next(str(row["article"]) for row in self.offer.rows["rules"] if row["name"] == name.value)

    def _proposed(self, name: RuleName) -> str:
        """What the preset says; of what is the town's own, only to that very town."""
        if name is RuleName.TOWN_NAME or (name in CONTACT and not self._is_that_town()):
            return ""
        return self._of_preset(name)

    def _is_that_town(self) -> bool:
        theirs = self._of_preset(RuleName.TOWN_NAME).casefold()
        mine = str(self.kept.get(RuleName.TOWN_NAME.value) or "").strip().casefold()
        return bool(mine) and theirs.removeprefix("ville de ") == mine.removeprefix("ville de ")

    def _of_preset(self, name: RuleName) -> str:
        rows = self.offer.rows["rules"] if self.offer else ()
        return next((str(row["value"]) for row in rows if row["name"] == name.value), "")


def label(field: str) -> str:
    """What people call a field of the plan."""
    kind, _, rest = field.partition(".")
    if kind == "hours":
        return WEEKDAYS[int(rest)].capitalize()
    if kind in ("service", "closing"):
        return "Un service" if kind == "service" else f"Le {rest}"
    return "Politique de départ" if field == "preset" else LABELS[RuleName(field)]


def step_of(field: str) -> str:
    """At which step a field is typed."""
    kind = field.partition(".")[0]
    found = {
        "hours": "heures",
        "service": "services",
        "services": "services",
        "closing": "jours",
        "key": "verifier",
    }
    return found.get(kind, "jours" if field in LATER else "ville")


def refuse_unreadable(field: str, value: Any) -> None:
    """Raise ``Refused`` for what no form of ours sends: it would stay in everybody's way."""
    kind, _, rest = field.partition(".")
    try:
        if kind == "service":
            _service(field, {} if value is None else dict(value))
        elif kind == "closing":
            date.fromisoformat(rest)
            dict(value or {})
        elif not isinstance(value, str | None):
            raise ValueError
    except (TypeError, ValueError):
        raise refused("Cette valeur ne se lit pas.", field=field) from None


def _service(key: str, row: Mapping[str, Any]) -> Service:
    return Service(
        key=key,
        was=str(row.get("was") or ""),
        name=str(row.get("name") or ""),
        circuit=Circuit(row.get("circuit") or Circuit.C),
        closer=Closer(row.get("closer") or Closer.DESK),
        active=bool(row.get("active", True)),
    )


def _of(day: date) -> str:
    return f"closing.{day.isoformat()}"


def _refusals(name: RuleName, value: str) -> Iterator[Ground]:
    try:
        check_rule(name.value, value)
    except Refused as no:
        yield from no.grounds
