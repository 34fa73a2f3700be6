"""The act of ``python -m sync adopt``: what is proposed is shown, confirmed or changed, then done."""

import argparse
import json
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from config.commandline import DONE, REFUSED, Parser, complain, say, why_unreadable
from desk import adoption
from desk.adoption import Draft
from desk.exchanges import Post
from desk.letters import many
from policy.reasons import Refused, refused
from sync.adopt import ADOPTABLE, Report
from sync.adopt_plan import Plan, folded, shown
from sync.tables import TABLES

SAMPLES = 3  # values shown of a column
HOW = (
    "Entrée pour accepter ; « Colonne = Champ » pour changer, « Colonne = » pour ne rien y lire ; "
    "« Colonne : mot = notre mot » pour dire ce qu'un mot veut dire ; « non » pour arrêter.\n> "
)


def add_arguments(parser: Parser) -> None:
    """What the act is asked."""
    parser.add_argument("source", metavar="TITRE", nargs="?", help="la table ou l'onglet de la ville")
    parser.add_argument("--table", metavar="TABLE", default="files",
                        help="ce qu'elle devient : Dossiers sinon, Services, Conseil…")  # fmt: skip
    parser.add_argument("--map", metavar="FICHIER", type=Path,
                        help="un .toml ou un .json : [colonnes] « en-tête = champ », "
                             "[mots.en-tête] « mot = notre mot »")  # fmt: skip
    parser.add_argument("--yes", action="store_true", help="sans demander")


def adopt(post: Post, asked: argparse.Namespace) -> int:
    """Adopt a table of the town's; 1 when a row was left aside, or when nobody agreed."""
    if asked.source is None:
        return _list(post)
    draft = adoption.draft(post, asked.source, _named(asked.table))
    choice = _Choice.of(draft, draft.proposal())
    if asked.map is not None:
        choice.read(_held(asked.map))
    say(_proposal(draft, choice.plan))
    plan = choice.plan if asked.yes else _confirmed(choice)
    if plan is None:
        complain("Rien n'a été fait.")
        return REFUSED
    done, report = adoption.carry_out(post, plan)
    say([*done, *_told(draft, report)])
    return REFUSED if report.asides else DONE


@dataclass
class _Choice:
    """What a person chose so far."""

    draft: Draft
    columns: dict[str, str]
    meanings: dict[str, dict[str, str | None]] = field(default_factory=dict)

    @classmethod
    def of(cls, draft: Draft, plan: Plan) -> "_Choice":
        """The choice that a plan proposes."""
        return cls(
            draft,
            {match.header: match.column.name for match in plan.matches},
            {match.header: dict(match.meanings) for match in plan.matches},
        )

    @property
    def plan(self) -> Plan:
        """The plan as it now stands."""
        return self.draft.plan(self.columns, self.meanings)

    def read(self, told: Mapping[str, Any]) -> None:
        """Take what a file says. Raises ``Refused``."""
        unknown = told.keys() - {"colonnes", "mots"}
        if unknown:
            raise refused(f"« {', '.join(sorted(unknown))} » : il n'y a que « colonnes » et « mots ».")
        if "colonnes" in told:
            self.columns = {}
        for header, label in _table_of(told, "colonnes").items():
            self.assign(header, label)
        for header, words in _table_of(told, "mots").items():
            for word, ours in _table_of({header: words}, header).items():
                self.mean(header, word, ours)

    def hear(self, line: str) -> None:
        """Take one line typed by a person. Raises ``Refused``."""
        left, equals, right = line.partition("=")
        left, right = left.strip(), right.strip()
        if not equals:
            raise refused("Il manque un « = ».")
        header, colon, word = left.rpartition(" : ")
        if colon and not self._is_header(left):
            self.mean(header.strip(), word.strip(), right)
        else:
            self.assign(left, right)

    def assign(self, header: str, label: str) -> None:
        """That column is that field, or nothing. Raises ``Refused``."""
        header = self._header(header)
        if not label:
            self.columns.pop(header, None)
            return
        name = next(
            (
                each.name
                for each in self.draft.columns
                if folded(label) in (folded(each.label), folded(each.name))
            ),
            None,
        )
        if name is None:
            labels = ", ".join(each.label for each in self.draft.columns)
            raise refused(f"« {label} » n'est pas un champ de cette table : {labels}.")
        self.columns = {each: known for each, known in self.columns.items() if known != name}
        self.columns[header] = name

    def mean(self, header: str, word: str, ours: str) -> None:
        """That word of that column means ours, or nothing. Raises ``Refused``."""
        header = self._header(header)
        listed = self.draft.words.get(self.columns.get(header, ""), ())
        found = next((each for each in listed if folded(each) == folded(ours)), "" if not ours else None)
        if found is None:
            raise refused(f"« {ours} » ne se dit pas là : {', '.join(listed) or 'rien n’y est à traduire'}.")
        self.meanings.setdefault(header, {})[word] = found

    def _header(self, header: str) -> str:
        for column in self.draft.source.columns:
            if folded(column.header) == folded(header):
                return column.header
        headers = ", ".join(column.header for column in self.draft.source.columns)
        raise refused(f"« {header} » n'est pas une colonne de « {self.draft.source.title} » : {headers}.")

    def _is_header(self, text: str) -> bool:
        return any(column.header == text for column in self.draft.source.columns)


def _list(post: Post) -> int:
    there = [each for each in adoption.tables(post) if not each.ours]
    say(
        [f"« {each.title} » : {', '.join(column.header for column in each.columns)}" for each in there]
        or f"Aucune table de la ville dans {post.remote.label}."
    )
    return DONE


def _named(text: str) -> str:
    for name in ADOPTABLE:
        if folded(text) in (folded(name), folded(TABLES[name].label)):
            return name
    labels = ", ".join(TABLES[name].label for name in ADOPTABLE)
    raise refused(f"« {text} » ne s'adopte pas : {labels}.")


def _held(path: Path) -> Mapping[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
        found = json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
    except (OSError, UnicodeError) as failure:
        raise refused(f"{path} ne se lit pas : {why_unreadable(failure)}.") from None
    except ValueError:
        raise refused(f"{path} n'est ni du TOML ni du JSON.") from None
    return _table_of({str(path): found}, str(path))


def _table_of(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = told.get(name, {})
    if not isinstance(found, dict):
        raise refused(f"« {name} » doit être une suite de « … = … ».")
    return found


def _confirmed(choice: _Choice) -> Plan | None:
    """The plan once a person agreed; ``None`` when nobody did."""
    while True:
        try:
            line = input(HOW).strip()
        except EOFError:
            return None
        if folded(line) in ("non", "n"):
            return None
        if not line:
            return choice.plan
        try:
            choice.hear(line)
        except Refused as refusal:
            complain(str(refusal))
            continue
        say(_proposal(choice.draft, choice.plan))
        sys.stdout.flush()


def _proposal(draft: Draft, plan: Plan) -> Sequence[str]:
    """What each column would become, and what would be added."""
    label, title = TABLES[plan.table].label, plan.source.title
    lines = [f"« {title} » ({len(draft.rows)} lignes) devient « {label} » :"]
    matched = {match.header: match for match in plan.matches}
    for column in plan.source.columns:
        match = matched.get(column.header)
        if column.header not in matched and (draft.before.get("done") or column.key in plan.made.values()):
            continue  # ours
        samples = dict.fromkeys(shown(row[column.header]) for row in draft.rows if column.header in row)
        such = f" ({', '.join(list(samples)[:SAMPLES])}…)" if samples else ""
        if match is None:
            lines.append(f"  {column.header}{such} : reste à la ville ; montrée dans la fiche, jamais écrite")
            continue
        how = "tenue des deux côtés" if match.shared else "lue une fois, puis elle reste à la ville"
        lines.append(f"  {column.header}{such} = {match.column.label} : {how}")
        lines += [f"      {word} = {ours or '?'}" for word, ours in match.meanings.items()]
    lacking = [name for name in draft.goes_out if name not in plan.columns]
    if not draft.before.get("done"):
        lines.append(f"Colonnes ajoutées à « {title} » : {len(lacking)}, plus « ID » et « Synchronisation ».")
    unknown = sum(len(match.unknown) for match in plan.matches)
    if unknown:
        lines.append(f"Mots sans sens connu : {unknown} ; les lignes qui les disent ne seront pas reprises.")
    return lines


def _told(draft: Draft, report: Report) -> Sequence[str]:
    left = len({each.link for each in report.asides})
    lines = [
        f"« {draft.source.title} » : {many(report.read, 'ligne lue', 'lignes lues')}, "
        f"{many(report.made, 'reprise', 'reprises')}, {many(report.known, 'reconnue', 'reconnues')}, "
        f"{many(left, 'laissée telle quelle', 'laissées telles quelles')}."
    ]
    for each in report.asides:
        where = f", « {each.header} »" if each.header else ""
        lines.append(f"  {each.row}{where} : {each.why}")
    if not draft.before.get("done"):
        lines.append("Aucun courriel n'est parti. « python -m sync setup » finit la mise en place.")
    return lines
