"""What is done with a request for access: each act judged by the policy, its letter kept when it leaves."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from desk import access, access_letters, private_forms
from desk.access_letters import Paper
from desk.acts import Outcome
from desk.visits import Visit
from policy.access_moves import Given, judge
from policy.private_words import AccessMove, Decision
from policy.wording import day_words
from sync.private_tables import ACCESS_REQUESTS

DECIDED = ("reason", "provisions", "other_body")


def written(visit: Visit, number: str, arrived_on: date | None) -> Outcome:
    """LAI 45, LAI 47 (R-50): the writing of an oral request has arrived; its clock starts."""
    changes = {"written_on": arrived_on}
    return _act(
        visit, number, AccessMove.WRITE, Given(day=arrived_on), changes,
        "inscrire l'arrivée de l'écrit", "L'écrit est arrivé : le délai court.",
    )  # fmt: skip


def noticed(visit: Visit, number: str, sent_on: date | None) -> Outcome:
    """LAI 46 (R-50): the notice of receipt left; its letter is kept on the file."""
    return _act(
        visit, number, AccessMove.NOTICE, Given(day=sent_on), {"noticed_on": sent_on},
        "transmettre l'avis de réception", "L'avis de réception est au dossier.", Paper.NOTICE,
    )  # fmt: skip


def prepare_extension(visit: Visit, number: str, days: int, ground: str, mailed_on: date | None) -> Outcome:
    """P §4.6, LAI 47 (R-51): what the notice of extension will say, to be looked at; the delay does not move.

    Refused on the same grounds as the extension itself.
    """
    with visit.writing() as counter:
        row = access.held(counter, number)
        given = Given(day=mailed_on, days=days, ground=ground)
        judge(AccessMove.EXTEND, access.standing_of(row), counter.person, given, counter.today)
        changes = _read({"extension_days": days, "extension_ground": ground})
        after = access.write(counter, row, changes, "préparer la prolongation")
        return Outcome(row["id"], "L'avis est prêt à relire ; rien n'est encore prolongé.", after["version"])


def extend(visit: Visit, number: str, days: int, ground: str, mailed_on: date | None) -> Outcome:
    """P §4.6, LAI 47 (R-51): the clerk extends, once, by a notice mailed within the 20 days."""
    changes = {"extension_days": days, "extension_ground": ground, "extended_on": mailed_on}
    return _act(
        visit, number, AccessMove.EXTEND, Given(day=mailed_on, days=days, ground=ground), changes,
        "prolonger le délai", "Le délai est prolongé.", Paper.EXTENSION, by="extended_by",
    )  # fmt: skip


def third_party(visit: Visit, number: str, who: str, told_on: date | None) -> Outcome:
    """LAI 49 (R-53): the notice to a third party left."""
    changes = {"third_party": who, "third_party_told_on": told_on}
    return _act(
        visit, number, AccessMove.THIRD_PARTY, Given(day=told_on, third_party=who), changes,
        "aviser un tiers", "Le tiers est avisé : ses délais sont comptés.",
    )  # fmt: skip


def heard(visit: Visit, number: str, received_on: date | None, words: str) -> Outcome:
    """LAI 49 (R-53): the third party's observations have arrived."""
    changes = {"third_party_answer_on": received_on, "third_party_words": words}
    return _act(
        visit, number, AccessMove.HEAR, Given(day=received_on), changes,
        "inscrire les observations du tiers", "Les observations du tiers sont au dossier.",
    )  # fmt: skip


def decide(
    visit: Visit,
    number: str,
    decision: Decision | None,
    typed: Mapping[str, str],
    decided_on: date | None,
) -> Outcome:
    """LAI 47 to 50 (R-52, R-53): the decision, with what it may not be without; changed until it leaves.

    ``typed``: ``reason``, ``provisions``, ``other_body``; those the decision has no use for are put away.
    """
    kept = {name: typed.get(name, "") if name in _uses(decision) else "" for name in DECIDED}
    given = Given(
        day=decided_on, decision=decision, reason=kept["reason"], provisions=kept["provisions"],
        other_body=kept["other_body"],
    )  # fmt: skip
    message = f"Décision : {decision}." if decision else ""
    changes = {"decision": decision, "decided_on": decided_on, **kept}
    return _act(visit, number, AccessMove.DECIDE, given, changes, "décider de la demande d'accès", message)


def answered(visit: Visit, number: str, sent_on: date | None) -> Outcome:
    """LAI 47, LAI 50 (R-52): the answer left; a refusal without its provision cannot.

    The letter is kept on the file, exactly as its preview showed it.
    """
    message = f"Réponse transmise le {day_words(sent_on)}." if sent_on else ""
    return _act(
        visit, number, AccessMove.ANSWER, Given(day=sent_on), {"answered_on": sent_on},
        "transmettre la réponse", message, Paper.ANSWER,
    )  # fmt: skip


def _act(
    visit: Visit,
    number: str,
    move: AccessMove,
    given: Given,
    typed: Mapping[str, Any],
    act: str,
    message: str,
    paper: Paper | None = None,
    by: str = "",
) -> Outcome:
    """One act: found, locked, judged, written, its letter kept. What is so already is not done twice."""
    with visit.writing() as counter:
        row = access.held(counter, number)
        changes = _read(typed)
        if all(value is not None and row[name] == value for name, value in changes.items()):
            return Outcome(row["id"], message, row["version"])
        judge(move, access.standing_of(row), counter.person, given, counter.today)
        if by:
            changes[by] = counter.person.id
        after = access.write(counter, row, changes, act)
        if paper is not None:
            access_letters.keep(counter, after, paper)
        return Outcome(row["id"], message, after["version"])


def _read(typed: Mapping[str, Any]) -> dict[str, Any]:
    return private_forms.read(ACCESS_REQUESTS, typed, tuple(typed))


def _uses(decision: Decision | None) -> frozenset[str]:
    """What each decision says besides itself."""
    return _USES.get(decision, frozenset({"reason"})) if decision else frozenset(DECIDED)


_USES: Mapping[Decision, frozenset[str]] = {
    Decision.PARTIAL: frozenset({"reason", "provisions"}),
    Decision.REFUSED: frozenset({"reason", "provisions"}),
    Decision.TRANSFERRED: frozenset({"reason", "other_body"}),
}
