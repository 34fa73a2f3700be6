"""P §4.6: requests for access to documents: their dates, how they stand, the recourse told with an answer."""

from dataclasses import dataclass
from datetime import date, timedelta

from policy.calendar import OfficeCalendar
from policy.private_words import AccessState, Decision, Light
from policy.reasons import Deadline
from policy.wording import day_words

ARTICLE = "P §4.6"
DELAY = timedelta(days=20)  # LAI 47
LONGEST_EXTENSION = 10  # days, LAI 47
OBSERVATIONS = timedelta(days=20)  # LAI 49
AFTER_OBSERVATIONS = timedelta(days=15)  # LAI 49
ENFORCEABLE = timedelta(days=15)  # LAI 49
RECOURSE = timedelta(days=30)  # LAI 135
EXTENSION_GROUND = "nuire au déroulement normal des activités"  # of the town; P §4.6 and LAI 47 say it alike


@dataclass(frozen=True)
class ThirdParty:
    """LAI 49: somebody else whom the document concerns, the day their notice was mailed, their answer."""

    told_on: date
    observations_on: date | None = None

    @property
    def observations_due(self) -> date:
        """The last day of their observations; silent past it, they are taken to have consented."""
        return self.told_on + OBSERVATIONS

    @property
    def decision_due(self) -> date:
        """The last day of the decision: 15 days after the observations, or after their time ran out."""
        heard = min(self.observations_on or self.observations_due, self.observations_due)
        return heard + AFTER_OBSERVATIONS


@dataclass(frozen=True)
class Standing:
    """Where a request stands: all that the moves, the clock and the letters need of it.

    ``received_on`` is the day it first arrived, ``written_on`` the day its writing did, ``None`` while it is
    only oral. The days are those in town; ``extension_days`` is 0 when it was not extended.
    """

    state: AccessState
    received_on: date
    written_on: date | None = None
    noticed_on: date | None = None
    extended_on: date | None = None
    extension_days: int = 0
    third_party: ThirdParty | None = None
    decision: Decision | None = None
    decided_on: date | None = None
    answered_on: date | None = None
    reason: str = ""
    provisions: str = ""
    other_body: str = ""

    @property
    def ended(self) -> bool:
        """Whether nothing is awaited of the town any more: answered, or withdrawn."""
        return self.answered_on is not None or self.decision is Decision.WITHDRAWN


def twentieth_day(received_on: date) -> date:
    """LAI 47: the last of the 20 calendar days; the day the writing arrived does not count."""
    return received_on + DELAY


def answer_due(
    received_on: date,
    office: OfficeCalendar,
    extension_days: int = 0,
    third_party: ThirdParty | None = None,
) -> Deadline:
    """P §4.6, LAI 47, LAI 49 (R-51): when the answer is due to a request whose writing arrived that day.

    Calendar days from the actual arrival, which does not count; the clock never stops. ``legal`` is the last
    day of the Law, ``due`` the working day on or before it (docs/readings.md, no. 24). The extension is
    counted from the 20th day. A third party told within the 20 days carries the last day to that of the
    decision about them when it is later (no. 35).
    """
    first = legal = twentieth_day(received_on)
    steps = [
        f"Demande écrite reçue le {day_words(received_on)}.",
        f"Vingtième jour : {day_words(first)}.",
    ]
    articles = [ARTICLE, "LAI 47"]
    if extension_days:
        legal += timedelta(days=extension_days)
        steps.append(
            f"Prolongation de {days_words(extension_days)}, comptés du vingtième : {day_words(legal)}."
        )
    if third_party is not None:
        articles.append("LAI 49")
        steps += _third_party_steps(third_party, first, legal)
        legal = _with_third_party(third_party, first, legal)
    due = office.on_or_before(legal)
    if due <= received_on:  # a town closed for three weeks: no working day is left to bring it forward to
        due = legal
    return Deadline(
        due=due,
        articles=tuple(articles),
        reading="Jours civils, le jour de la réception non compté ; la cible est le dernier jour ouvré qui "
        "ne dépasse pas le dernier jour de la Loi.",
        steps=tuple(steps),
        skipped=office.skipped(due + timedelta(days=1), legal),
        legal=legal,
    )


def due_of(standing: Standing, office: OfficeCalendar) -> Deadline | None:
    """R-51: when the answer to this request is due; ``None`` while it is only oral: no clock runs."""
    if standing.written_on is None:
        return None
    return answer_due(standing.written_on, office, standing.extension_days, standing.third_party)


def light(standing: Standing, target_on: date | None, legal_on: date | None, today: date) -> Light:
    """LAI 52 (R-52): how a request with these two days stands today; silence past the last is a refusal."""
    if standing.decision is Decision.WITHDRAWN:
        return Light.WITHDRAWN
    if standing.answered_on is not None:
        on_time = legal_on is None or standing.answered_on <= legal_on
        return Light.ANSWERED if on_time else Light.LATE
    if legal_on is None or target_on is None:
        return Light.NONE
    if today > legal_on:
        return Light.SILENT
    return Light.PRESSING if today > target_on else Light.RUNNING


def recourse_until(standing: Standing, legal_on: date | None, today: date) -> date | None:
    """LAI 135: the last day a review can be asked, counted from the decision or from the silence.

    ``None`` when there is nothing to review yet, or when the request was never in writing (LAI 45).
    """
    if standing.written_on is None or standing.decision is Decision.WITHDRAWN:
        return None
    if standing.answered_on is not None:
        return (standing.decided_on or standing.answered_on) + RECOURSE
    if legal_on is not None and today > legal_on:
        return legal_on + RECOURSE
    return None


def recourse() -> tuple[str, ...]:
    """LAI 46, LAI 135 (R-53): the recourse, paragraph by paragraph, as every notice and answer tells it."""
    return (
        "Vous pouvez demander à la Commission d'accès à l'information de réviser la décision du responsable "
        "de l'accès aux documents, en tout ou en partie, ainsi que toute décision sur le délai de traitement "
        "de la demande, sur le mode d'accès à un document ou à un renseignement ou sur les frais exigibles.",
        "La demande de révision se fait par écrit, dans les trente (30) jours qui suivent la date de la "
        "décision ou l'expiration du délai accordé par la Loi pour répondre; elle peut exposer brièvement "
        "les raisons pour lesquelles la décision devrait être révisée. La Commission peut, pour un motif "
        "raisonnable, relever la personne du défaut de respecter ce délai (Loi sur l'accès, article 135).",
    )


def silence(legal_on: date) -> str:
    """LAI 46, LAI 52: what the Law makes of no answer by the last day, as the notice of receipt tells it."""
    return (
        f"Si aucune réponse ne vous est donnée au plus tard le {day_words(legal_on)}, l'accès au document "
        "est réputé refusé et vous pouvez en demander la révision comme s'il s'agissait d'un refus (Loi "
        "sur l'accès, article 52)."
    )


def to_write() -> str:
    """LAI 45 (R-50): what a person who asks orally is told."""
    return (
        "Dites à la personne qu'elle peut faire sa demande par écrit, et que seule une décision sur une "
        "demande écrite peut être révisée par la Commission d'accès à l'information."
    )


def days_words(count: int) -> str:
    """« 1 jour », « 10 jours »."""
    return f"{count} jour" if count == 1 else f"{count} jours"


def _with_third_party(third_party: ThirdParty, first: date, legal: date) -> date:
    return max(legal, third_party.decision_due) if third_party.told_on <= first else legal


def _third_party_steps(third_party: ThirdParty, first: date, legal: date) -> list[str]:
    told = f"Tiers avisé le {day_words(third_party.told_on)}"
    if third_party.told_on > first:
        return [f"{told}, après le vingtième jour : le délai n'en est pas déplacé."]
    until = f"ses observations sont attendues jusqu'au {day_words(third_party.observations_due)}"
    if third_party.observations_on is not None:
        until = f"ses observations sont arrivées le {day_words(third_party.observations_on)}"
    steps = [f"{told} ; {until}.", f"Décision, 15 jours plus tard : {day_words(third_party.decision_due)}."]
    if third_party.decision_due <= legal:
        steps.append("Ce jour ne vient pas après celui de l'article 47, qui demeure.")
    return steps
