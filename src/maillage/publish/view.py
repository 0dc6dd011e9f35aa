"""A Release as charts read it: rows of a measure, words for values, spans that lead back to their estimate."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from maillage import numbers
from maillage.blocks import Cell, Figure, Number, Span, Table, Text
from maillage.labels import Labels
from maillage.publish.gate import Release
from maillage.publish.svg import NARROW, Canvas

Row: TypeAlias = Mapping[str, Any]
REGIONS = ("admin1", "admin2")
DASH = "\u2013"


@dataclass(frozen=True)
class View:
    """One release in one language."""

    release: Release
    lang: str
    labels: Labels
    levels: Mapping[str, str]

    def rows(self, measure: str, **equal: object) -> list[Row]:
        """The estimates of a measure in the order of their ids; `equal`: columns and the value they must have."""
        found = _of_measures(self.release).get(measure, [])
        return [row for row in found if all(row[key] == value for key, value in equal.items())] if equal else found

    def say(self, key: str, **facts: object) -> str:
        """A sentence of `phrases/charts.yml`."""
        return self.labels.phrase(f"chart_{key}", **facts)

    def is_told(self, row: Row) -> bool:
        """Whether a page prints a row: one that is withheld of every place alike stands in withheld.csv alone."""
        return row["status"] != "withheld" or row["reason"] == "reported"

    def code(self, name: str, code: str | None) -> str:
        """The label of a code with a capital first letter."""
        return capital(self.labels.code(name, code))

    def place(self, code: str | None) -> str:
        """The name of a place; `unstated` has its own words."""
        if code in (None, "unstated"):
            return self.say("place_unstated")
        return self.labels.place(code)

    def places(self, codes: Iterable[str]) -> str:
        """Names of places as a list in words, in the order of their names."""
        return numbers.listed((self.place(code) for code in codes), self.lang)

    def number(self, value: float, decimals: int | None = None) -> str:
        """A number as the language writes it."""
        return numbers.number(value, self.lang, decimals)

    def confidence(self, ident: str) -> str | None:
        """The confidence word (code) of a finding, None where there is none."""
        found = self.findings.get(ident)
        return found["confidence"] if found else None

    @property
    def findings(self) -> Mapping[str, Row]:
        """Findings by id."""
        return {row["id"]: row for row in _table(self.release, "findings")}

    @property
    def priorities(self) -> Mapping[str, Sequence[Row]]:
        """Rows of the table `priorities` by action."""
        found: dict[str, list[Row]] = {}
        for row in _table(self.release, "priorities"):
            found.setdefault(row["action"], []).append(row)
        return found

    def card(self, kind: str, mark: str = "") -> Mapping[str, Any] | None:
        """Source line, title and coverage of the first card of a kind whose name holds `mark`."""
        for card in self.release.cards:
            if card.kind == kind and mark in card.name:
                return {"source": card.owner(self.lang), "licence": card.terms(self.lang),
                        "coverage": card.coverage, "name": card.name}  # fmt: skip
        return None

    def source(self, kind: str, mark: str = "") -> str:
        """The source line of a data set of the study; statements coded by the study where no card fits."""
        card = self.card(kind, mark)
        return self.say("source_data", source=card["source"], licence=card["licence"]) if card else self.coded

    @property
    def coded(self) -> str:
        """The source line of what the study's own coding gives."""
        return self.say("source_coded", day=numbers.date(self.release.date, self.lang) if self.release.date else "")


@lru_cache(maxsize=2)
def estimates_of(release: Release) -> Mapping[str, Row]:
    """The estimates of a release by id; the languages of a report share them."""
    return {row["id"]: row for row in release.estimates.iter_rows(named=True)}


@lru_cache(maxsize=4)
def _table(release: Release, name: str) -> list[Row]:
    return list(getattr(release, name).iter_rows(named=True))


@lru_cache(maxsize=2)
def _of_measures(release: Release) -> Mapping[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in estimates_of(release).values():
        found.setdefault(row["measure"], []).append(row)
    return found


@lru_cache(maxsize=4)
def view(release: Release, lang: str) -> View:
    """A release in one language; the charts of a report share one."""
    labels = Labels(lang, release.pack, release.places, release.settings.zone_labels, release.settings.named_rounds)
    levels = dict(release.places.select("code", "level").iter_rows())
    return View(release, lang, labels, levels)


def capital(text: str) -> str:
    """Text with its first letter as a capital."""
    return text[:1].upper() + text[1:]


def worded(row: Row, seen: View) -> str:
    """The value of an estimate in words: k of n, a range with its open ends, a band, or why there is none."""
    if row["band"]:
        band = seen.labels.code("bands", row["band"])
        return seen.say("band_of", band=band, n=seen.number(row["n"])) if row["n"] is not None else band
    if row["status"] != "ok":
        return seen.labels.code("status", row["status"])
    if row["k"] is not None and row["n"] is not None and row["unit"] == "share" and row["measure"] != "published":
        return numbers.share(row["k"], row["n"], seen.lang)
    if row["unit"] == "share" and row["value"] is not None:
        return numbers.percent(row["value"], seen.lang)
    if row["value"] is not None and not (row["open_low"] or row["open_high"]):
        return amount(row["value"], row, seen)
    if row["meaning"] == "floor" and row["value"] is not None:
        return amount(row["value"], row, seen)
    return span_of(row, seen)


def amount(value: float, row: Row, seen: View) -> str:
    """One amount with its currency or unit."""
    if row["currency"]:
        return numbers.money(value, row["currency"], seen.lang)
    whole = value >= 100 or value == int(value)
    return numbers.large(value, seen.lang) if value >= 1e7 else seen.number(value, 0 if whole else None)


def span_of(row: Row, seen: View) -> str:
    """A range in words; an open end is said, never filled in."""
    low, high = row["low"], row["high"]
    if low is not None and row["open_high"]:
        return seen.say("at_least", amount=amount(low, row, seen))
    if high is not None and row["open_low"]:
        return seen.say("at_most", amount=amount(high, row, seen))
    if low is None or high is None:
        return seen.labels.code("status", "not_computable")
    if low == high:
        return amount(low, row, seen)
    return seen.say("from_to", low=amount(low, {**row, "currency": None}, seen), high=amount(high, row, seen))


def cell(row: Row | None, seen: View, text: str = "") -> Cell:
    """A table cell that leads to its estimate; without estimate, the words for no data."""
    if row is None:
        return (Text(seen.say("no_data")),)
    value = row["value"] if row["status"] == "ok" and not row["band"] else None
    return (Number(row["id"], text or worded(row, seen), value),)


def words(text: str) -> Cell:
    """A table cell of plain words."""
    return (Text(text),)


@dataclass(frozen=True, slots=True)
class Caption:
    """What stands around a drawing: the finding, the measure, the text alternative, the source."""

    title: str
    subtitle: str
    alt: str
    source: str


def figure(
    name: str, canvas: Canvas, caption: Caption, *, columns: Sequence[str], rows: Sequence[Sequence[Cell]]
) -> Figure:
    """A finished figure; the first column of its table is a name, columns of numbers stand right."""
    align = ["left", *("right" if _numeric(rows, at) else "left" for at in range(1, len(columns)))]
    table = Table(f"{name}-table", caption.title, columns, rows, source=caption.source, align=align)
    return Figure(
        id=name,
        title=caption.title,
        subtitle=caption.subtitle,
        svg=canvas.render(caption.title, caption.alt),
        alt=caption.alt,
        source=caption.source,
        table=table,
        wide=canvas.wide > NARROW,
    )


def _numeric(rows: Sequence[Sequence[Cell]], at: int) -> bool:
    spans: list[Span] = [span for row in rows for span in row[at]]
    return any(isinstance(span, Number) and span.value is not None for span in spans)


def canvas(name: str, high: float, wide: float = 720) -> Canvas:
    """A drawing whose ids start with the figure's."""
    return Canvas(name.replace("_", "-"), wide, high)
