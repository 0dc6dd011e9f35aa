"""Table cells of numbers whose unit the head of their column says, each leading to its estimate."""

from maillage import numbers
from maillage.blocks import Cell, Number, Text
from maillage.labels import Labels, phrases
from maillage.publish import wording
from maillage.publish.wording import Row


def bare(row: Row | None, labels: Labels) -> Cell:
    """A table cell of a number without its unit, which the head of its column says; why there is none, in short."""
    if row is None:
        return (Text(""),)
    if row["status"] != "ok":
        return (Number(row["id"], labels.code("status", row["status"]), None),)
    return (Number(row["id"], wording.quantity(row["value"], row, labels, bare=True), row["value"]),)


def whole(row: Row, labels: Labels) -> Cell:
    """A table cell of a number in full words."""
    return (Number(row["id"], wording.say(row, labels), row["value"] if row["status"] == "ok" else None),)


def counted_of(row: Row, labels: Labels) -> Cell:
    """A table cell of a count of all: `891 of 891`."""
    return (Number(row["id"], numbers.share(row["k"], row["n"], labels.lang), row["value"]),)


def event_kind(kind: str, labels: Labels) -> str:
    """A kind of event in words: those of UCDP in both languages, any other as its data set names it."""
    key = f"event_kind_{kind}"
    return labels.phrase(key) if key in phrases() else kind.replace("_", " ")
