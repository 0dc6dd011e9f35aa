"""`maillage network`: ties between actors, who stands where among them, and by what ways; for the team.

Each question gives one table; the number of words it takes stands beside it.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

from maillage.errors import MaillageError
from maillage.evidence import Evidence
from maillage.measure.brokerage import rank_stability
from maillage.measure.changed import changes
from maillage.measure.network import balance, bridges, brokers
from maillage.measure.respondents import areas
from maillage.measure.tied import edges, links, ties
from maillage.measure.typology import crosswalk, typology
from maillage.measure.ways import LONGEST, ego, paths
from maillage.run import run
from maillage.verbs.opening import unlocked


class Asked(NamedTuple):
    """What is asked for: words after the question, steps (None: the question's own), and which ties to read."""

    words: Sequence[str] = ()
    steps: int | None = None
    market: str | None = None
    place: str | None = None


Answer = Callable[[Evidence, pl.DataFrame, Asked], pl.DataFrame]


def network(path: Path, question: str, asked: Asked) -> pl.DataFrame:
    """The answer to a question on the ties of the study at `path`, as a table.

    Raises MaillageError `network_question`, `network_words`, and those of the functions of `measure` behind it.
    """
    if question not in QUESTIONS:
        raise MaillageError("network_question", exit_code=2, value=question, known=", ".join(QUESTIONS))
    count, answer = QUESTIONS[question]
    if len(asked.words) != count:
        raise MaillageError("network_words", exit_code=2, value=question, count=count, given=len(asked.words))
    evidence = run(unlocked(path)).evidence
    return answer(evidence, _read(evidence, asked), asked)


def _read(evidence: Evidence, asked: Asked) -> pl.DataFrame:
    """The ties of a market and of an area with all that lies in it."""
    table, where = ties(evidence), areas(evidence)
    if asked.market:
        table = table.filter(market=asked.market)
    if asked.place:
        table = table.filter(pl.Series([asked.place in where.of(place) for place in table["place"]], dtype=pl.Boolean))
    return table


def _brokers(evidence: Evidence, table: pl.DataFrame, asked: Asked) -> pl.DataFrame:
    """Brokers with the range of their rank: without any one source, and with a fifth of the ties untold."""
    read = links(table)
    ranks = rank_stability(read, seed=evidence.study.seed)
    return brokers(read).join(ranks, on="actor", maintain_order="left")


def _balance(evidence: Evidence, table: pl.DataFrame, asked: Asked) -> pl.DataFrame:
    good, bad, least = balance(links(table))
    return pl.DataFrame({"balanced": [good], "unbalanced": [bad], "frustration": [least]})


QUESTIONS: Mapping[str, tuple[int, Answer]] = {
    "ties": (0, lambda _, table, asked: edges(table)),
    "ego": (1, lambda _, table, asked: ego(table, asked.words[0], steps=1 if asked.steps is None else asked.steps)),
    "paths": (2, lambda _, table, asked: paths(
        table, asked.words[0], asked.words[1], longest=LONGEST if asked.steps is None else asked.steps)),
    "brokers": (0, _brokers),
    "bridges": (0, lambda _, table, asked: pl.DataFrame(bridges(table), schema=["actor", "other"], orient="row")),
    "balance": (0, _balance),
    "types": (0, lambda evidence, table, asked: typology(evidence)),
    "crosswalk": (0, lambda evidence, table, asked: crosswalk(evidence.pack)),
    "changes": (2, lambda _, table, asked: changes(table, asked.words[0], asked.words[1])),
}  # fmt: skip


def lines(table: pl.DataFrame) -> list[str]:
    """A table for people: its columns, then a line a row; blank cells are a dash."""
    return [" | ".join(table.columns), *(" | ".join(map(_cell, row)) for row in table.iter_rows())]


def _cell(value: object) -> str:
    if value is None or value == []:
        return "-"
    if isinstance(value, list):
        return ";".join(map(str, value))  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    return f"{value:.3g}" if isinstance(value, float) else str(value)
