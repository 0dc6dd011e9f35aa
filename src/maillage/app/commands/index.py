"""`maillage index` on the command line."""

from pathlib import Path

import click
import polars as pl

from maillage.app.options import Session, common, in_words
from maillage.verbs.index import compared, index

HEADS = {
    "en": {"unit": "unit", "node": "node", "score": "score", "rank": "rank", "mean": "mean rank", "q05": "5 %",
           "q95": "95 %", "p_rank_first": "first in", "version": "version", "before": "before", "after": "after",
           "change": "change"},
    "fr": {"unit": "unité", "node": "nœud", "score": "score", "rank": "rang", "mean": "rang moyen", "q05": "5 %",
           "q95": "95 %", "p_rank_first": "premier dans", "version": "version", "before": "avant", "after": "après",
           "change": "écart"},
}  # fmt: skip
NOTE = {
    "en": "Ranks over {draws} draws of the choices that the definition leaves open; shares of choices, not chances.",
    "fr": "Rangs sur {draws} tirages des choix laissés ouverts par la définition ; parts de choix, et non chances.",
}
WRITTEN = {"en": "Written: {out}, rows: {count}.", "fr": "Écrit : {out}, lignes : {count}."}
FIRST, WIDE = ("unit", "node"), 24


@click.command("index")
@click.argument("definition", type=click.Path(path_type=Path))
@click.argument("data", type=click.Path(path_type=Path))
@click.option("--draws", type=click.IntRange(min=0), default=0, help="random choices / choix aléatoires")
@click.option("--seed", type=int, default=0, show_default=True, help="of the draws / des tirages")
@click.option("--compare", type=click.Path(path_type=Path), help="earlier scores / scores antérieurs")
@click.option("--back-cast", type=click.Path(path_type=Path), help="earlier data / données antérieures")
@click.option("--out", type=click.Path(path_type=Path), help="write a CSV file / écrire un fichier CSV")
@common
def command(
    session: Session, definition: Path, data: Path, draws: int, seed: int, compare: Path | None,
    back_cast: Path | None, out: Path | None,
) -> int:  # fmt: skip
    """Scores and ranks of any table by a definition / scores et rangs d'un tableau selon une définition."""
    if compare is not None or back_cast is not None:
        found, warnings = compared(definition, data, compare or data, cast=back_cast), []
    else:
        found, warnings = index(definition, data, draws=draws, seed=seed)
    for item in warnings:
        click.echo(in_words(item, session.lang), err=True)
    if out is not None:
        found.write_csv(out)
        if not session.json:
            session.say(WRITTEN[session.lang].format(out=out, count=found.height))
    if session.json:
        session.data(found.to_dicts())
    elif out is None:
        _show(session, found)
        if draws:
            click.echo(NOTE[session.lang].format(draws=draws), err=True)
    return 0


def _show(session: Session, found: pl.DataFrame) -> None:
    heads = HEADS[session.lang]
    names = found.columns
    session.say("  ".join(_cell(heads[name], name) for name in names).rstrip())
    for row in found.iter_rows(named=True):
        session.say("  ".join(_cell(_text(row[name]), name) for name in names).rstrip())


def _text(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _cell(text: str, name: str) -> str:
    return f"{text:<{WIDE}}" if name in FIRST else f"{text:>10}"
