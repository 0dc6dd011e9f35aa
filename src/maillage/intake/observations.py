"""Coded observations from a table: what each kind needs, and what cannot be true."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from maillage import tables
from maillage.errors import Finding, finding
from maillage.intake.records import Reader, Record
from maillage.intake.rows import read_csv

Where = Mapping[str, Any]
QUANTITY = ("low", "central", "high")


def read_observations(
    path: Path, reader: Reader, sources: pl.DataFrame, standing: pl.DataFrame
) -> tuple[list[Record], list[Finding]]:
    """Observations of a CSV file and everything wrong with it; `sources` and `standing` statements are the study's."""
    records, problems = reader.read(read_csv(path), "observations")
    clusters = {row["id"]: row["cluster"] or row["id"] for row in sources.select("id", "cluster").to_dicts()}
    problems += examine(records, problems, path.name, reader=reader, clusters=clusters, standing=standing)
    return records, problems


def examine(
    records: Sequence[Record],
    told: Sequence[Finding],
    file: str,
    *,
    reader: Reader,
    clusters: Mapping[str, str],
    standing: pl.DataFrame,
) -> list[Finding]:
    """What cannot be true of records whose cells were read, beside what was `told` of the cells already.

    clusters: source -> cluster, of all sources they may rest on. `role` rows get their second column filled in.
    """
    problems: list[Finding] = []
    unread: dict[int | None, set[str]] = {}
    for item in told:
        unread.setdefault(item.row, set()).add(item.field or "")
    seen: set[str] = set()
    for record in records:
        where: Where = {"file": file, "line": record.line, "row": record.number}
        name = record.data.get("id")
        if name is not None and name in seen:
            problems.append(finding("id_twice", **where, field="id", value=name))
        seen.add(name or "")
        source = record.data.get("source")
        if source is not None and source not in clusters:
            problems.append(finding("source_missing", **where, field="source", value=source))
        known = unread.get(record.number, set())
        problems += [item for item in _check(record.data, where, reader) if not _told(item, known)]
    problems += _confirmed(records, standing, file, clusters)
    return problems


def _told(item: Finding, told: set[str]) -> bool:
    """Whether a cell is a finding already, so that it is not called missing or wrong once more."""
    return item.field in told or (
        item.code == "value_missing" and item.field in QUANTITY and bool(told & set(QUANTITY))
    )


def _check(data: dict[str, Any], where: Where, reader: Reader) -> Iterator[Finding]:
    kind, question = data.get("kind"), data.get("question")
    questions = [name for name, entry in reader.pack.questions.items() if entry.kind == kind]
    known = question in reader.pack.questions
    if kind != "share" and questions and known and question not in questions:
        yield finding("question_of_kind", **where, field="question", value=question, kind=kind,
                      questions=", ".join(questions))  # fmt: skip
        return
    if question is None and questions:
        yield finding("question_blank", **where, field="question", kind=kind, questions=", ".join(questions))
    if kind == "role":
        yield from _role(data, where)
    yield from _answer(data, where, reader)
    yield from _bounds(data, where)
    if kind in EXTRA:
        yield from EXTRA[kind](data, where)


def _role(data: dict[str, Any], where: Where) -> Iterator[Finding]:
    """The role stands in `role` and again in `answer`; one of them may be blank."""
    role, answer = data.get("role"), data.get("answer")
    if role is None and answer is not None and answer not in tables.codes()["status_answers"]:
        data["role"] = answer
    elif answer is None and role is not None:
        data["answer"] = role
    elif role is not None and answer not in (role, None) and answer not in tables.codes()["status_answers"]:
        yield finding("role_differs", **where, field="answer", value=answer, role=role)


def _answer(data: dict[str, Any], where: Where, reader: Reader) -> Iterator[Finding]:
    """The answer must be one of the question's, or say why there is none."""
    question, answer = data.get("question"), data.get("answer")
    if question is None or answer in tables.codes()["status_answers"]:
        return
    known = reader.pack.questions.get(question)
    if known is None:
        return
    if answer is None:
        if data.get("kind") not in ("flow", "share") and not (data.get("kind") == "levy" and _amount(data)):
            status = ", ".join(tables.codes()["status_answers"])
            yield finding("answer_missing", **where, field="answer", question=question, status=status)
        return
    allowed = list(reader.codes(known.answers)) if known.answers else []
    if data.get("kind") == "share":
        return
    if known.answers is None:
        yield finding("answer_of_flow", **where, field="answer", value=answer)
    elif answer not in allowed:
        near = ", ".join(reader.nearest(known.answers, answer))
        yield finding("code_unknown", **where, field="answer", value=answer, list=known.answers, nearest=near)


def _amount(data: Mapping[str, Any]) -> bool:
    return any(data.get(name) is not None for name in QUANTITY)


def _bounds(data: Mapping[str, Any], where: Where) -> Iterator[Finding]:
    amounts = {name: Decimal(data[name]) for name in QUANTITY if data.get(name) is not None}
    ordered = [amounts[name] for name in QUANTITY if name in amounts]
    if ordered != sorted(ordered):
        field = (
            "low" if amounts.get("low", Decimal("-Infinity")) > amounts.get("high", Decimal("Infinity")) else "central"
        )
        yield finding("bounds_order", **where, field=field, value=data.get(field))
    if "percent" in data and not 0 <= Decimal(data["percent"]) <= 100:
        yield finding("percent_range", **where, field="percent", value=data["percent"])
    if "of_n" in data and data["of_n"] < 1:
        yield finding("count_range", **where, field="of_n", value=data["of_n"])
    start, end = data.get("start"), data.get("end")
    if start is not None and end is not None and not 0 <= start < end:
        yield finding("passage_order", **where, field="start", value=start)


def _levy(data: Mapping[str, Any], where: Where) -> Iterator[Finding]:
    for name in QUANTITY:
        if name in data and Decimal(data[name]) < 0:
            yield finding("amount_negative", **where, field=name, value=data[name])
    if _amount(data) and not (data.get("currency") or data.get("unit")):
        yield finding("unit_missing", **where, field="currency")


def _flow(data: Mapping[str, Any], where: Where) -> Iterator[Finding]:
    if data.get("answer") in tables.codes()["status_answers"]:
        return
    if not data.get("good"):
        yield finding("value_missing", **where, field="good")
    if not data.get("from_place") and not data.get("to_place"):
        yield finding("flow_ends", **where, field="to_place")


def _share(data: Mapping[str, Any], where: Where) -> Iterator[Finding]:
    if data.get("percent") is None and data.get("answer") not in tables.codes()["status_answers"]:
        yield finding("value_missing", **where, field="percent")


def _figure(data: Mapping[str, Any], where: Where) -> Iterator[Finding]:
    if data.get("answer") in tables.codes()["status_answers"]:
        return
    if not _amount(data):
        yield finding("value_missing", **where, field="central")
    elif not (data.get("currency") or data.get("unit")):
        yield finding("unit_missing", **where, field="unit")


def _review(data: Mapping[str, Any], where: Where) -> Iterator[Finding]:
    """A contest moves a confidence word only with its reason (`measure.confidence`)."""
    if data.get("answer") == "contest" and not data.get("reason"):
        yield finding("review_reason", **where, field="reason", value=data.get("finding"))


EXTRA: dict[str, Callable[[Mapping[str, Any], Where], Iterator[Finding]]] = {
    "levy": _levy, "flow": _flow, "share": _share, "figure": _figure, "review": _review,
}  # fmt: skip


def _confirmed(
    records: Sequence[Record], standing: pl.DataFrame, file: str, clusters: Mapping[str, str]
) -> Iterator[Finding]:
    """Credibility 1 means confirmed: another cluster must say the same."""
    key = ("question", "answer", "place", "market", "actor", "other")
    said: dict[tuple[Any, ...], set[str]] = {}
    for data in (*standing.to_dicts(), *(record.data for record in records)):
        source = data.get("source") or ""
        said.setdefault(tuple(data.get(name) for name in key), set()).add(clusters.get(source, source))
    for record in records:
        if record.data.get("credibility") == "1" and len(said[tuple(record.data.get(name) for name in key)]) < 2:
            where: Where = {"file": file, "line": record.line, "row": record.number}
            yield finding("confirmed_alone", **where, field="credibility", value="1")
