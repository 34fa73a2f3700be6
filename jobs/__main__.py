"""``python -m jobs``: the clock. ``tick``: once what is due now. ``calendar``: the days of the lists."""

import argparse
import json
import logging
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from config import letters, settings
from config.commandline import DONE, REFUSED, WRONG, Parser, complain, say
from config.settings import Settings
from desk import exchanges, health, lists, private_base
from desk.house import House, Unreachable, opened
from desk.letters import many
from desk.outbox import Carrier
from desk.visits import Visit
from jobs import schedule
from jobs.clock import Report, tick
from jobs.errands import errands
from jobs.exchange import exchanging
from jobs.folder import Folder
from jobs.importing import importing
from jobs.nights import Watchman
from jobs.smtp import TIME_OUT, Server
from policy.monthly import MonthDays
from policy.months import Month
from policy.reasons import Refused
from policy.roles import System
from policy.towntime import from_town
from sync import copies, process
from sync.history import Whence
from sync.remote import RemoteError
from sync.states import RunOutcome

LONGEST = 600  # months: fifty years
TRIAL_TIME_OUT = 10.0  # seconds for each answer: somebody waits in front of a screen
YEARS = range(1970, 3000)  # past them a moment, or the months that follow, may not exist
COLUMNS = ("rnc", "rnc_other_reading", "answers_due", "council")


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what was asked; the exit code (``config.commandline``)."""
    asked = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    chosen = settings.read()
    try:
        with opened(chosen, letters.environment()) as house:
            if asked.act == "tick":
                return _tick(house, chosen, asked.now)
            if asked.act == "calendar":
                return _calendar(house, asked)
            if asked.act == "health":
                return _health(house)
            return _run(house, chosen)
    except Refused as refusal:
        complain(str(refusal))
        return REFUSED
    except (Unreachable, RemoteError) as failure:
        complain(str(failure))
        return WRONG


def _parser() -> Parser:
    parser = Parser(prog="python -m jobs", description="Guichet : l'horloge, sans fin ou une fois.")
    acts = parser.add_subparsers(dest="act", metavar="ACTE", title="actes")
    once = acts.add_parser("tick", help="fait une fois ce qui est dû, puis s'arrête",
                           description="Fait une fois ce qui est dû à ce moment, puis s'arrête.")  # fmt: skip
    once.add_argument("--now", metavar="MOMENT", type=_moment,
                      help="un moment de l'heure de la ville, comme 2026-11-23T08:05 ; à venir, "
                           "seulement avec le dossier de courriels")  # fmt: skip
    acts.add_parser("health", help="dit si tout marche, pour une surveillance",
                    description="Dit si tout marche ; finit par 1 sinon.")  # fmt: skip
    days = acts.add_parser("calendar", help="les jours des listes mensuelles",
                           description="Les jours des listes mensuelles, mois par mois.")  # fmt: skip
    days.add_argument(
        "--from", dest="first", metavar="MOIS", type=_month, help="comme 2026-11 ; ce mois-ci sinon"
    )
    days.add_argument(
        "--months", metavar="NOMBRE", type=_months, default=12, help="combien de mois ; 12 sinon"
    )
    days.add_argument("--json", action="store_true", help="en JSON")
    return parser


def _run(house: House, chosen: Settings) -> int:
    carrier, me = _carrier(chosen), process.name_of_this_one()
    watch = _watchman(house, chosen, me)

    def look() -> tuple[str, ...]:
        ahead = chosen.mail_folder is not None
        troubles = tick(house, carrier, lambda: datetime.now(UTC), me, process.is_gone, ahead).troubles
        health.beat(house, datetime.now(UTC), troubles)
        return troubles

    where = f"par {chosen.smtp_host}" if chosen.smtp_host else f"dans {chosen.mail_folder}"
    say(f"L'horloge marche ; les courriels partent {where}.")
    sys.stdout.flush()
    table = exchanges.post(house, chosen, lambda: datetime.now(UTC), me)
    # trials speak beside the exchange and the mails: with a connection and a name of their own
    tried = exchanges.post(house, chosen, lambda: datetime.now(UTC), f"{me} (essai)")
    trial = _carrier(chosen, TRIAL_TIME_OUT)

    def asked() -> tuple[str, ...]:
        return errands(house, trial, tried, lambda: datetime.now(UTC))

    brought = importing(house, lambda: datetime.now(UTC), me, process.is_gone)
    apart = private_base.post(house, chosen, lambda: datetime.now(UTC), me)
    schedule.run(
        look, watch.work, exchanging(table) if table else None, asked, brought,
        exchanging(apart) if apart else None,
    )  # fmt: skip
    return DONE


def _tick(house: House, chosen: Settings, now: datetime | None) -> int:
    real = datetime.now(UTC)
    if now is not None and now > real + timedelta(minutes=1) and chosen.mail_folder is None:
        complain(
            "Un moment à venir ne se joue qu'avec le dossier de courriels : un serveur est nommé "
            "(GUICHET_SMTP_HOST), et de vrais courriels partiraient trop tôt."
        )
        return WRONG
    moment, ahead = now or real, now is None and chosen.mail_folder is not None
    me = process.name_of_this_one()
    report = tick(house, _carrier(chosen), lambda: moment, me, process.is_gone, ahead)
    say(_told(report))
    # what is played at another moment seals and copies nothing: nights are of the real clock
    night = _watchman(house, chosen, me).work() if now is None else ()
    troubles = (*report.troubles, *importing(house, lambda: moment, me, process.is_gone)(), *night)
    for trouble in troubles:
        complain(trouble)
    return REFUSED if troubles else DONE


def _watchman(house: House, chosen: Settings, me: str) -> Watchman:
    key = chosen.seal_key.get_secret_value().encode() if chosen.seal_key else None
    kept = (chosen.backup_daily, chosen.backup_weekly, chosen.backup_monthly)
    folder = copies.Folder(chosen.backup_dir, *kept) if chosen.backup_dir else None
    return Watchman(
        house,
        key,
        folder,
        chosen.backup_hour,
        chosen.data_dir,
        lambda: datetime.now(UTC),
        me,
        process.is_gone,
    )


def _health(house: House) -> int:
    found = health.signs(house, datetime.now(UTC))
    say([sign.line for sign in found])
    return DONE if all(sign.well for sign in found) else REFUSED


def _told(report: Report) -> list[str]:
    lines = []
    for run in report.drawn:
        said = run.note if run.outcome is RunOutcome.SKIPPED else f"dressée. {run.note}"
        lines.append(f"{run.list}, {run.month.words} : {said}".rstrip())
    if report.gathered:
        lines.append(f"{many(report.gathered, 'dossier acheminé annoncé', 'dossiers acheminés annoncés')}.")
    done = report.round
    sent = many(done.sent, "courriel envoyé", "courriels envoyés")
    refused = many(done.refused, "refusé", "refusés")
    lines.append(f"{sent}, {done.put_off} à réessayer, {refused}.")
    return lines


def _calendar(house: House, asked: argparse.Namespace) -> int:
    visit = Visit(house, datetime.now(UTC), system=System.CLOCK, whence=Whence.COMMAND)
    found = lists.days(visit, asked.first, asked.months)
    if asked.json:
        say(json.dumps([each.as_row() for each in found], ensure_ascii=False, indent=2))
    else:
        say(_table(found))
    unknown = lists.years_without_closings(visit, {each.month.year for each in found})
    if unknown:
        years = ", ".join(str(year) for year in unknown)
        complain(f"Aucun jour de fermeture n'est encore inscrit pour {years} : les fériés manquent.")
    return DONE


def _table(found: Sequence[MonthDays]) -> list[str]:
    lines = [f"{'Mois':9}{'RNC':12}{'Autre':12}{'Réponses':12}{'Conseil':12}Fermé"]
    for each in found:
        row = each.as_row()
        days = "".join(f"{row[name] or '—':12}" for name in COLUMNS)
        closed = ", ".join(f"{skipped.day:%d}" for skipped in each.closed)
        lines.append(f"{row['month']:9}{days}{closed}".rstrip())
    return lines


def _carrier(chosen: Settings, time_out: float = TIME_OUT) -> Carrier:
    """The mail server named by the settings, or the folder that stands for it."""
    if chosen.smtp_host is None or chosen.smtp_port is None:
        if chosen.mail_dir is None:
            raise LookupError("neither a mail server nor a folder")
        return Folder(chosen.mail_dir)
    return Server(
        host=chosen.smtp_host,
        port=chosen.smtp_port,
        security=chosen.smtp_security,
        user=chosen.smtp_user or "",
        password=chosen.smtp_password.get_secret_value() if chosen.smtp_password else "",
        time_out=time_out,
    )


def _moment(text: str) -> datetime:
    wall = datetime.fromisoformat(text)
    if wall.tzinfo is not None or "T" not in text or wall.year not in YEARS:
        raise ValueError
    try:
        return from_town(wall)
    except Refused as refusal:
        raise argparse.ArgumentTypeError(str(refusal)) from None


def _month(text: str) -> Month:
    try:
        month = Month.parse(text)
    except Refused as refusal:
        raise argparse.ArgumentTypeError(str(refusal)) from None
    if month.year not in YEARS:
        raise ValueError
    return month


def _months(text: str) -> int:
    count = int(text)
    if not 1 <= count <= LONGEST:
        raise ValueError
    return count


if __name__ == "__main__":
    sys.exit(main())
