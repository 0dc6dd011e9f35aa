"""How sure the findings of a report are: evidence and agreement, contradictions, what analysts judged of each."""

from collections.abc import Callable, Sequence

from maillage import numbers
from maillage.blocks import Block, Cell, Number, Paragraph, Table, Text
from maillage.certainty import GRADED
from maillage.estimate import statement_of
from maillage.evidence import COMPONENTS
from maillage.publish import explain, wording
from maillage.publish.explain import Behind
from maillage.publish.report_tables import table
from maillage.publish.view import Row, View, capital, words

MOST_NAMED = 6
FOUND = (*GRADED, "published")  # what has findings


def findings(keys: Sequence[str], seen: View, known: Behind) -> list[Block]:
    """Of each key finding: evidence, agreement, kinds that agree, who is for and against, what would change it."""
    rows: list[Sequence[Cell]] = []
    for row in _rows(keys, known):
        found = known.findings[_statement(row)]
        rows.append([
            _named(row, known),
            words(capital(seen.labels.code("evidence", found["evidence"])) if found["evidence"] else ""),
            words(capital(seen.labels.code("agreement", found["agreement"])) if found["agreement"] else ""),
            words(seen.labels.phrase(f"triangulated_{found['triangulated']}") if found["triangulated"] else ""),
            words(_sides(found, seen)),
            words(seen.code("confidence", found["confidence"])),
            words(str(found["fragility"]) if found["fragility"] else ""),
            words(capital(explain.helps(known, row["id"]))),
        ])  # fmt: skip
    heads = ("finding", "evidence", "agreement", "triangulated", "sides", "confidence", "fragility", "helps")
    made = table("findings", heads, rows, seen, note=True)
    return [*([made] if made else []), *_untold(keys, seen, known)]


def _untold(keys: Sequence[str], seen: View, known: Behind) -> list[Block]:
    """Key numbers on which too few people spoke for this audience, whether or not they contradict each other, and those
    of which that alone is not told."""
    rows = [known.estimates[ident] for ident in dict.fromkeys(keys) if ident in known.estimates]
    silent = [row for row in rows if row["measure"] in FOUND and _statement(row) not in known.findings]
    torn = [row for row in _rows(keys, known) if known.findings[_statement(row)]["contradiction"] is None]
    if seen.release.audience == "team":
        return []
    return [*_listed("findings_untold", silent, seen, known), *_listed("findings_torn_untold", torn, seen, known)]


def _listed(phrase: str, rows: Sequence[Row], seen: View, known: Behind) -> list[Block]:
    """A sentence that ends with these numbers; nothing where there is none."""
    named = [span for row in rows for span in (Text(numbers.between(seen.lang)), *_named(row, known))][1:]
    return [Paragraph([Text(seen.labels.phrase(phrase)), *named, Text(".")])] if rows else []


def contradictions(keys: Sequence[str], seen: View, known: Behind) -> list[Block]:
    """The records of contradictions on key findings: who is on which side, whether a review settled it and why."""
    records = seen.release.beside.contradictions.sort("id").to_dicts()
    about = {_statement(known.estimates[ident]) for ident in keys if ident in known.estimates}
    told = [item for item in records if item["id"] in about and item["id"] in known.estimates]
    rows = [
        [
            _named(known.estimates[item["id"]], known),
            words(seen.labels.phrase(f"contradiction_{item['kind']}")),
            words(_sides(known.findings[item["id"]], seen)),
            words(_statements(item, seen)),
            words(seen.labels.phrase(f"contradiction_is_{item['status']}")),
            words(": ".join(part for part in (item["by"], item["reason"]) if part)),
        ]
        for item in told
    ]
    heads = ("finding", "what", "sides", "statements", "settled", "because")
    made = table("contradictions", heads, rows, seen, note=True)
    others = len(records) - len(told)
    more = [Paragraph([Text(seen.labels.phrase("contradictions_more", count=others))])] if others else []
    return [*([made] if made else []), *more]


def cerqual(keys: Sequence[str], seen: View, known: Behind) -> list[Block]:
    """What analysts judged of each key finding, one row a component; that nobody judged, where nobody did."""
    panels = seen.release.settings.cerqual
    told = _rows(keys, known)
    rows = [
        [
            _named(row, known) if order == 0 else words(""),
            words(capital(seen.labels.phrase(f"cerqual_{name}"))),
            words(capital(seen.labels.phrase(f"concern_{panels[row['id']][name].level}"))),
            words(panels[row["id"]][name].why[seen.lang]),
        ]
        for row in told if row["id"] in panels
        for order, name in enumerate(COMPONENTS)
    ]  # fmt: skip
    made = table("cerqual", ("finding", "component", "concern", "because"), rows, seen, note=True)
    bare = [row["id"] for row in told if row["id"] not in panels]
    none = [Paragraph([Text(seen.labels.phrase("cerqual_none" if not made else "cerqual_some", count=len(bare)))])]
    return [*([made] if made else []), *(none if bare else [])]


def unprinted(blocks: Sequence[Block], disputed: frozenset[str]) -> list[str]:
    """Which of these findings with an open contradiction no table of contradictions among the blocks names."""
    tables = [block for block in blocks if isinstance(block, Table) and block.id == "table-contradictions"]
    cells = (span for made in tables for row in made.rows for cell in row for span in cell)
    return sorted(disputed - {span.estimate for span in cells if isinstance(span, Number)})


def _rows(keys: Sequence[str], known: Behind) -> list[Row]:
    """The numbers that have a finding, each statement once."""
    every = [known.estimates[ident] for ident in keys if ident in known.estimates]
    once = {_statement(row): row for row in reversed(every) if _statement(row) in known.findings}
    return [row for row in every if once.get(_statement(row)) is row]


def _statement(row: Row) -> str:
    return statement_of(row) if row["measure"] == "published" else row["id"]


def _named(row: Row, known: Behind) -> Cell:
    """What the number is about, as a number that opens."""
    value = row["value"] if row["status"] == "ok" and not row["band"] else None
    return (Number(row["id"], capital(wording.label(row, known.labels)), value),)


def _sides(found: Row, seen: View) -> str:
    """How many independent sources are for, against, mixed, and said neither; blank where that is not told."""
    told = [(name, found[name]) for name in ("for", "against", "mixed", "silent") if found[name]]
    return ", ".join(seen.labels.phrase(f"side_{name}", count=count) for name, count in told)


def _statements(item: Row, seen: View) -> str:
    """The statements on both sides; only the team's records have them."""
    if "said" not in item:
        return ""
    sides = (("for", item["said"] or []), ("against", item["denied"] or []))
    parts = [(name, ids[:MOST_NAMED] + (["…"] if len(ids) > MOST_NAMED else [])) for name, ids in sides if ids]
    told = [f"{seen.labels.phrase(f'explain_{name}')} {', '.join(ids)}" for name, ids in parts]
    return numbers.between(seen.lang).join(told)


FINDINGS: dict[str, Callable[[Sequence[str], View, Behind], list[Block]]] = {
    "findings": findings, "contradictions": contradictions, "cerqual": cerqual,
}  # fmt: skip
