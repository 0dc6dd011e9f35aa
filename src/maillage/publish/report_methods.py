"""How it was done: how sure a word is, what is held back, and how each number of a release was made."""

from maillage import numbers, tables
from maillage.blocks import Block, Heading, Items, Link, Literal, Paragraph, Text
from maillage.labels import Labels
from maillage.publish import answers, glossary
from maillage.publish.view import View, capital

MEASURES = "method-measures"  # id of the heading over what each number is


def dated(seen: View) -> Paragraph | None:
    """What the period of the study means where a title names it; None where it has none."""
    period = seen.release.settings.period
    told = seen.labels.phrase("report_period", period=numbers.date(period, seen.lang)) if period else ""
    return Paragraph([Text(told)]) if told else None


def zoned(seen: View) -> Paragraph | None:
    """What the zones of the study take in; None where it has none."""
    told = answers.zoned({f"zone:{zone.removeprefix('zone:')}" for zone in seen.release.zones["zone"]}, seen)
    return Paragraph([Text(told)]) if told else None


def explained(seen: View) -> Paragraph:
    """Where the words and abbreviations of the report are explained."""
    title = seen.labels.phrase("method_words_title")
    return Paragraph([Text(seen.labels.phrase("report_explained")), Link(title, f"#{glossary.WORDS}"), Text(".")])


def ruled_out(seen: View) -> Paragraph | None:
    """Where actions that can cost lives are ruled out, and why; None where no group is told of."""
    told = answers.ruled_out(seen) if seen.release.priorities.height else ""
    return Paragraph([Text(told)]) if told else None


def methods(seen: View) -> list[Block]:
    """How each number of this release was made, one paragraph a measure, and how confidence is found."""
    labels, release = seen.labels, seen.release
    blocks: list[Block] = [
        Heading(3, "method-confidence", [Text(labels.phrase("method_confidence_title"))]),
        Paragraph([Text(labels.phrase("method_confidence"))]),
        Paragraph([Text(labels.phrase("method_confidence_words", words=_words(labels)))]),
        Heading(3, "method-gate", [Text(labels.phrase("method_gate_title"))]),
        Paragraph([Text(labels.phrase(f"method_gate_{release.audience}"))]),
        *_let_out(seen),
        *_kept(seen),
        Heading(3, MEASURES, [Text(labels.phrase("method_measures_title"))]),
        Paragraph([Text(labels.phrase("method_measures"))]),
    ]
    used = release.estimates.select("measure", "method").unique().sort("measure", "method").iter_rows()
    for measure, method in dict(used).items():
        about = labels.about(measure)
        blocks.append(Heading(4, f"method-{measure}", [Text(capital(labels.measure(measure)))]))
        told = (method or "").replace(": ", labels.phrase("report_colon"))
        blocks.append(Paragraph([Text(f"{about} ({told})" if told else about)]))
    return blocks


def _words(labels: Labels) -> str:
    """The words of confidence, the least first."""
    return ", ".join(entry[labels.lang] for entry in tables.codes()["confidence"].values())


def _let_out(seen: View) -> list[Block]:
    """How many numbers the gate held back or made coarser, and how many the lead let through."""
    release = seen.release
    if release.audience == "team":
        return []
    facts = {name: seen.number(count, 0) for name, count in (
        ("withheld", release.withheld.height), ("coarsened", release.coarsened), ("exceptions", release.exceptions)
    )}  # fmt: skip
    counts = seen.labels.phrase("method_gate_counts", **facts)
    signed = seen.labels.phrase("method_gate_exceptions", **facts)
    return [Paragraph([Text(f"{counts} {signed}")])] if release.withheld.height or release.exceptions else []


def _kept(seen: View) -> list[Block]:
    """How long things are kept; for the team."""
    release, phrase = seen.release, seen.labels.phrase
    kept = dict(release.settings.care.retention)
    kept |= {card.name: card.keep_until for card in release.cards if card.keep_until}
    if release.audience != "team" or not kept:
        return []
    lines = [[Literal(phrase("retention_item", what=what, until=numbers.date(until, seen.lang)), "study.yml")]
             for what, until in sorted(kept.items())]  # fmt: skip
    return [Heading(3, "method-retention", [Text(phrase("retention_title"))]), Items(lines)]
