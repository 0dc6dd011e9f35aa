"""`maillage merge` on the command line."""

from pathlib import Path
from typing import Any

import click

from maillage.app.commands.devices import question
from maillage.app.options import Session, common
from maillage.errors import has_errors
from maillage.study.observations import Tally
from maillage.verbs.devices import Ask
from maillage.verbs.merge import Union, merge

WORDS = {
    "en": {
        "before": "before", "after": "after", "entries": "entries", "sources": "sources",
        "observations": "statements", "closed": "closed entries", "fork": "Fork of {file}: both branches count; the "
        "other one is kept as {branch}.",
        "none": "Nothing new.", "new": "new", "longer": "grown", "fork_file": "fork", "kept_both": "both kept",
        "refused": "not taken", "updated": "newer", "colon": ": ",
    },
    "fr": {
        "before": "avant", "after": "après", "entries": "entrées", "sources": "sources",
        "observations": "énoncés", "closed": "entrées scellées", "fork": "Bifurcation de {file} : les deux branches "
        "comptent ; l'autre est gardée sous le nom {branch}.",
        "none": "Rien de nouveau.", "new": "nouveau", "longer": "prolongé", "fork_file": "bifurcation",
        "kept_both": "les deux gardés", "refused": "non repris", "updated": "plus récent", "colon": " : ",
    },
}  # fmt: skip

NAMES = ("entries", "sources", "observations", "closed")


@click.command("merge")
@click.argument("other", type=click.Path(path_type=Path))
@click.option("--coder", help="who merges; the first coder otherwise / qui fusionne ; sinon le premier codeur")
@click.option("--confirm-device", "confirm", is_flag=True, help="new computers are their coders' / ordinateurs connus")
@common
def command(session: Session, other: Path, coder: str | None, *, confirm: bool) -> int:
    """Take what another copy of the study has / reprendre ce qu'a une autre copie de l'étude."""
    return show(session, merge(session.study, other, coder=coder, ask=asking(session, confirm=confirm)))


def asking(session: Session, *, confirm: bool) -> Ask:
    """How new computers are asked about: answered beforehand, or on the screen."""
    return lambda one: confirm or question(one, session)


def show(session: Session, union: Union, **more: Any) -> int:
    """The counts before and after, what became of each file, forks and findings; the exit code."""
    if session.json:
        session.data({**record(union, session.lang), **more})
        return 1 if has_errors(union.findings) else 0
    words = WORDS[session.lang]
    for item in union.merged.taken:
        if item.action != "same":
            what = words["fork_file" if item.action == "fork" else item.action]
            click.echo(f"{item.file}{words['colon']}{what}" + (f" (+{item.entries})" if item.entries else ""))
    for fork in union.merged.forks:
        click.echo(words["fork"].format(**fork))
    for line in _lines(union.before, union.after, session.lang):
        click.echo(line)
    return session.findings(union.findings)


def _lines(before: Tally, after: Tally, lang: str) -> list[str]:
    words = WORDS[lang]
    if before == after:
        return [words["none"]]
    rows = [(words[name], getattr(before, name), getattr(after, name)) for name in NAMES]
    rows += [(coder, before.by_coder.get(coder, 0), count) for coder, count in after.by_coder.items()]
    wide = max(len(name) for name, _, _ in rows)
    head = f"{'':{wide}}  {words['before']:>8}  {words['after']:>8}"
    return [head, *(f"{name:{wide}}  {old:>8}  {new:>8}" for name, old, new in rows)]


def record(union: Union, lang: str) -> dict[str, object]:
    """A merge as --json prints it."""
    return {
        "before": _counts(union.before),
        "after": _counts(union.after),
        "files": [{"file": item.file, "action": item.action, "entries": item.entries} for item in union.merged.taken],
        "forks": [dict(fork) for fork in union.merged.forks],
        "findings": [item.record(lang) for item in union.findings],
    }


def _counts(counts: Tally) -> dict[str, object]:
    told: dict[str, object] = {name: getattr(counts, name) for name in NAMES}
    return {**told, "by_coder": dict(counts.by_coder)}
