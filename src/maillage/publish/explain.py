"""What opens behind a number: statements by kind of source, interval, confidence and why, what would change it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from maillage import numbers
from maillage.blocks import Explanation, Statement
from maillage.estimate import statement_of
from maillage.labels import Labels, phrases
from maillage.publish import citing, swing_words, wording
from maillage.publish.gate import Release
from maillage.publish.view import estimates_of
from maillage.tables import codes

Row = Mapping[str, Any]
PUBLIC_DATA = {"events", "indicators", "spread"}
MANY_COUNTS, FEW_COUNTS = 12, 4
WORDS = ("very_high", "high", "medium", "low", "very_low")
MOST_NAMED = 3  # titles of documents behind a number; beyond, their numbers
# reasons that say by themselves of how many kinds of evidence a word is made
SAYS_KINDS = ("one_desk", "one_interview", "one_judicial", "one_event", "one_final", "documents_weak", "documents_only",
              "one_kind", "few_clusters", "robust")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Behind:
    """A release in one language, its rows by id."""

    release: Release
    labels: Labels
    estimates: Mapping[str, Row] = field(repr=False)
    findings: Mapping[str, Row] = field(repr=False)
    counts: Mapping[str, list[tuple[str, int, int]]] = field(repr=False)
    named: Mapping[str, tuple[list[str], list[str]]] = field(repr=False)  # public documents: those that agree, others


def behind(release: Release, labels: Labels) -> Behind:
    """The tables of a release by estimate id."""
    counts: dict[str, list[tuple[str, int, int]]] = {}
    for ident, kind, pro, con in release.counts.select("id", "kind", "for", "against").iter_rows():
        counts.setdefault(ident, []).append((_kind(kind, labels), pro, con))
    titles = citing.numbered(release, labels.lang)
    order = list(titles)
    named: dict[str, tuple[list[str], list[str]]] = {}
    for ident, source, agrees in sorted(release.supports.iter_rows(), key=lambda row: (row[0], order.index(row[1]))):
        named.setdefault(ident, ([], []))[0 if agrees else 1].append(titles[source])
    return Behind(
        release,
        labels,
        estimates_of(release),
        {row["id"]: row for row in release.findings.iter_rows(named=True)},
        counts,
        named,
    )


def explanations(known: Behind, idents: Iterable[str]) -> dict[str, Explanation]:
    """One explanation for each of these ids that the release has."""
    told = _statements(known.release)
    return {ident: _explanation(known, ident, told) for ident in idents if ident in known.estimates}


def confidence(known: Behind, ident: str) -> tuple[str | None, str]:
    """The confidence word (code) of a number and the sentence that says why; blank where there is nothing to weigh."""
    row = known.estimates.get(ident)
    found = _finding(known, row) if row else None
    if row is None or row["status"] == "withheld":
        return None, ""
    if found is None:
        public = known.labels.phrase("because_public_data") if row["kind"] in PUBLIC_DATA else ""
        return row["confidence"], public
    if is_figure(row) and found["because"] == "one_desk" and not found["moved_by"]:
        return found["confidence"], known.labels.phrase("because_one_figure")
    return found["confidence"], because(found, known.labels)


def lead(idents: Sequence[str], known: Behind) -> str:
    """The number of a finding whose confidence is weakest; of equals, one that is no figure taken from others."""
    told = [(confidence(known, ident)[0], -at, ident) for at, ident in enumerate(idents)]
    weighed = [(WORDS.index(word), not is_figure(known.estimates[ident]), at, ident)
               for word, at, ident in told if word in WORDS]  # fmt: skip
    return max(weighed)[-1] if weighed else next(iter(idents), "")


def because(found: Row, labels: Labels) -> str:
    """Why a finding has its word."""
    sides = {name: found[name] or 0 for name in ("for", "against", "mixed", "silent")}
    facts: dict[str, object] = {**sides, "of": sum(sides.values()), "clusters": found["clusters"]}
    key = f"because_{found['because']}"
    text = labels.phrase(key, **facts) if key in phrases() else ""
    if found["moved_by"]:
        moved = labels.phrase("moved_word", moved_by=found["moved_by"], reason=found["reason"] or "")
        text = numbers.between(labels.lang).join(part for part in (text, moved) if part)
    return text


def change(known: Behind, ident: str, key: str = "explain_would_help") -> str:
    """How fragile the word is, and the one further source that would help most, in the words of `key`."""
    source = helps(known, ident)
    wanted = known.labels.phrase(key, source=source) if source else ""
    lost = "fragility_loss" if key == "explain_above_all" else "fragility_hangs"
    return " ".join(part for part in (fragility(known, ident, lost), wanted) if part)


def tag(known: Behind, ident: str) -> str:
    """Whether several kinds of evidence agree, classes of people only, or neither; blank where the reason says it."""
    row = known.estimates.get(ident)
    found = _finding(known, row) if row else None
    if found is None or found["because"] in SAYS_KINDS or not found["triangulated"]:
        return ""
    return capital(known.labels.phrase(f"triangulated_{found['triangulated']}"))


def torn(known: Behind, idents: Iterable[str], lead: str) -> list[str]:
    """The sentence on contradictions, where sources contradict each other on another number than the leading one."""
    rows = [known.estimates[ident] for ident in idents if ident in known.estimates]
    found = {ident: each for row in rows if (each := _finding(known, row)) for ident in [row["id"]]}
    others = [ident for ident, each in found.items() if each["contradiction"] and ident != lead]
    if not others or (lead in found and found[lead]["contradiction"]):
        return []
    return [known.labels.phrase("explain_contradiction")]


def fragility(known: Behind, ident: str, key: str = "fragility_hangs") -> str:
    """How many sources would have to fall for another word (`key`), and whether they contradict each other."""
    row = known.estimates.get(ident)
    found = _finding(known, row) if row else None
    if found is None:
        return ""
    parts = list[str]()
    if found["fragility"] is not None:
        parts.append(known.labels.phrase(key, n=found["fragility"]))
    if found["contradiction"]:
        parts.append(known.labels.phrase("explain_contradiction"))
    return " ".join(parts)


def helps(known: Behind, ident: str) -> str:
    """The one further source that would help most."""
    row = known.estimates.get(ident)
    found = _finding(known, row) if row else None
    kind = found["would_help"] if found else None
    if not kind or f"would_help_{kind}" not in phrases():
        return ""
    return known.labels.phrase("would_help_report" if is_figure(row) else f"would_help_{kind}")


def is_figure(row: Row | None) -> bool:
    """Whether a number is a figure that an institution published: its own record would tell more than an interview."""
    return row is not None and row["kind"] == "figures"


def _finding(known: Behind, row: Row) -> Row | None:
    """The finding of a number; a published share has that of its statement."""
    return known.findings.get(statement_of(row) if row["measure"] == "published" else row["id"])


def _explanation(known: Behind, ident: str, told: Mapping[str, Row]) -> Explanation:
    row, labels = known.estimates[ident], known.labels
    word, why = confidence(known, ident)
    said = wording.say(row, labels)
    status = "" if row["status"] == "ok" else labels.code("status", row["status"])
    return Explanation(
        id=ident,
        label=capital(wording.label(row, labels)),
        value=capital(said),
        status="" if said.startswith(status) else status,
        interval=" ".join(_interval(row, labels, team=known.release.audience == "team", left=_left(known, row))),
        method=labels.phrase(
            "explain_method_name", measure=labels.measure(row["measure"]), version=row["method"] or "-"
        ),
        method_anchor=f"#method-{row['measure']}",
        confidence=word,
        because=why,
        change=change(known, ident, "explain_above_all"),  # it stands after "What would change it"
        counts=known.counts.get(ident, ()),
        support=tuple(_support(known, ident)),
        statements=tuple(_team_statements(row, told, labels)),
    )


def _support(known: Behind, ident: str) -> Iterable[str]:
    """Public documents by number and title, beyond a few by number alone; of other kinds how many statements."""
    phrase, (pro, con) = known.labels.phrase, known.named.get(ident, ([], []))
    for key, found in (("explain_documents", pro), ("explain_documents_against", con)):
        if found:
            short = ", ".join(name.split(" ")[0] for name in found)
            titles = numbers.between(known.labels.lang).join(found) if len(found) <= MOST_NAMED else short
            yield phrase(key, n=len(found), titles=titles)
    named = _kind("document", known.labels) if pro or con else ""
    for kind, yes, no in known.counts.get(ident, ()):
        if kind != named:
            yield phrase("explain_one_kind" if no else "explain_kind_for", kind=kind, pro=yes, con=no)


def _left(known: Behind, row: Row) -> str:
    """What a count is without the interviews of one interviewer; only the team's release has it."""
    told = swing_words.left_out(known.release).get(row["id"], {})
    return swing_words.without("interviewer", told, known.labels)


def _interval(row: Row, labels: Labels, *, team: bool, left: str = "") -> Iterable[str]:
    """What the bounds are called and what they are; of counts, what one answer more or less does."""
    if row["status"] != "ok" or row["band"] or row["kind"] == "index":  # the words of an index hold its bounds
        return
    lang = labels.lang
    if row["feasible"]:
        pairs = [pair.split("/") for pair in row["feasible"].split(";")]
        shown = ", ".join(numbers.share(int(k), int(n), lang) for k, n in pairs[:MANY_COUNTS])
        key = "interval_feasible_many" if len(pairs) > MANY_COUNTS else "interval_feasible"
        low, high = _share(row["low"], lang), _share(row["high"], lang)
        span = "" if low == high else labels.phrase("interval_span", low=low, high=high)
        yield labels.phrase(key, shares=shown, count=len(pairs), span=span)
        yield from _about(row, labels)
    elif row["kind"] == "shares" and row["k"] is not None and row["n"]:
        yield from _swing(row, labels)
        yield from [labels.phrase("interval_interviewer", range=left)] if left else []
        if team and row["low"] is not None:
            yield labels.phrase("interval_wilson95", low=_share(row["low"], lang), high=_share(row["high"], lang))
    elif row["low"] is not None and row["low"] == row["high"] and not (row["open_low"] or row["open_high"]):
        return  # a figure alone: its bounds would say it again
    elif row["value"] is None and row["high"] is None and row["open_high"]:
        yield labels.phrase("interval_floor")
    elif row["low"] is not None or row["high"] is not None:
        key = f"interval_{row['interval']}" if f"interval_{row['interval']}" in phrases() else "interval_named"
        text = wording.say(row, labels, "range")
        yield labels.phrase(key, range=text, name=row["interval"] or "-", low=text, high="")


def _about(row: Row, labels: Labels) -> Iterable[str]:
    """What more a published per cent may stand for had it been rounded further; a list apart."""
    pairs = [pair.split("/") for pair in (row["feasible_about"] or "").split(";") if "/" in pair]
    if pairs:
        to = "tens" if round(row["value"] * 100) % 10 == 0 else "fives"
        shown = ", ".join(numbers.share(int(k), int(n), labels.lang) for k, n in pairs[:FEW_COUNTS])
        yield labels.phrase(f"interval_about_{to}", count=len(pairs), shares=shown)


def _swing(row: Row, labels: Labels) -> Iterable[str]:
    """One answer turned round, and everybody who did not answer saying so or not."""
    k, n, silent, lang = row["k"], row["n"], row["missing"] or 0, labels.lang
    low, high = max(0, k - 1), min(n, k + 1)
    yield labels.phrase("interval_swing", low=numbers.share(low, n, lang), high=numbers.share(high, n, lang))
    if silent:
        low_all, high_all = numbers.share(k, n + silent, lang), numbers.share(k + silent, n + silent, lang)
        yield labels.phrase("interval_missing", missing=silent, low=low_all, high=high_all)


def _share(value: float | None, lang: str) -> str:
    return "-" if value is None else numbers.percent(value, lang)


def _kind(kind: str, labels: Labels) -> str:
    return (
        labels.code("source_kinds", kind)
        if kind in codes()["source_kinds"]
        else labels.phrase(f"explain_kind_{kind}" if f"explain_kind_{kind}" in phrases() else "explain_kind_other")
    )


def _statements(release: Release) -> Mapping[str, Row]:
    if release.statements is None:
        return {}
    return {row["id"]: row for row in release.statements.iter_rows(named=True)}


def _team_statements(row: Row, told: Mapping[str, Row], labels: Labels) -> Iterable[Statement]:
    """The statements behind a number; only a release for the team has them."""
    counted = set(row.get("counted") or ())
    for ident in row.get("trace") or ():
        item = told.get(ident)
        if item is None:
            continue
        said = [
            labels.code("questions", item["question"]),
            _answer(item, labels),
            labels.code("polarity", item["polarity"] or "present"),
        ]
        counts = labels.phrase("explain_for" if ident in counted else "explain_base")
        yield Statement(ident, item["source"], item["locator"] or "", ", ".join(part for part in said if part), counts)


def _answer(item: Row, labels: Labels) -> str:
    asked = labels.pack.questions.get(item["question"])
    if item["answer"] in codes()["status_answers"]:
        return labels.code("status_answers", item["answer"])
    return labels.code(asked.answers, item["answer"]) if asked and asked.answers else item["answer"] or ""


def withheld(release: Release) -> set[str]:
    """Ids that the release holds back."""
    return set(release.estimates.filter(pl.col("status") == "withheld")["id"].to_list())


def capital(text: str) -> str:
    """Text with its first letter as a capital."""
    return text[:1].upper() + text[1:]
