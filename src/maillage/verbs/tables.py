"""`maillage add` of a data set: copied unchanged into tables/ with its card, once the study reads clean with it.

Events are pulled again and again, and their publishers correct, add and remove rows. A new pull of a table that stands
already keeps its card, is compared with it row by row, and replaces it only when that is confirmed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from maillage import plain_yaml
from maillage.errors import Finding, MaillageError, finding, has_errors
from maillage.evidence import Card
from maillage.intake import cards
from maillage.intake.event_changes import Changes, changes, findings
from maillage.intake.events import published_as, read_events
from maillage.intake.indicators import read_indicators
from maillage.intake.layers import LAYERS, packed
from maillage.intake.load import Loaded, load_tables
from maillage.study.disk import make_folder, replace, replace_by
from maillage.study.folder import Study
from maillage.verbs.entering import Outcome

TABLES = (".csv", ".txt", ".tsv", ".parquet", *LAYERS)
AGAIN = 0.5  # of the events of a new table that another one has already: then it is likely a new pull of that
FROM_FILE = ("file", "sha256", "pulled", "earlier")  # keys of a card that belong to one pull


@dataclass(frozen=True, slots=True)
class Terms:
    """What the user says of a data set: with a card or not, differences confirmed, day of the pull, table replaced."""

    carded: bool = False
    confirmed: bool = False
    pulled: str | None = None
    replace: str | None = None


@dataclass(frozen=True, slots=True)
class Kept(Outcome):
    """A data set that was kept, with the day it was pulled where that is known."""

    pulled: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """The table that a file is a new version of, as its card says."""

    raw: Mapping[str, Any]
    card: Card


def add_table(study: Study, file: Path, raw: Mapping[str, Any], wish: Terms) -> Outcome:
    """Keep a data set. With any error, or with changed events that nobody confirmed, nothing is written.

    Raises MaillageError `table_unknown` for a table to replace that the study does not have.
    """
    kind = raw["kind"]
    if file.suffix.lower() not in TABLES:
        return Outcome(file.name, kind, findings=(finding("table_format", file=file.name),))
    kept_name, content = packed(file)
    name = wish.replace or _table_name(study.path, kept_name)
    known = _standing(study.path, name) if kind == "events" else None
    if wish.replace and known is None:
        raise MaillageError("table_unknown", exit_code=2, value=wish.replace, tables=", ".join(_events(study.path)))
    digest = cards.digest(content) if content is not None else cards.sha256(file)
    if known is not None and known.card.sha256 == digest and not (wish.carded or wish.pulled):
        return Outcome(file.name, kind, same=1)
    full = _card(file, raw, wish, known) | {"file": f"tables/{kept_name}", "sha256": digest}
    if wrong := cards.check_card(full, f"{name}.yml"):
        return Outcome(file.name, kind, findings=tuple(wrong))
    kept, card_file = study.path / "tables" / kept_name, study.path / "tables" / f"{name}.yml"
    if _stands(kept, digest, card_file, cards.card_text(full)):
        return Outcome(file.name, kind, same=1)
    card = cards.make_card(name, full)
    found, pull = _read(study, file, card, known, wish)
    if has_errors(found):
        return Outcome(file.name, kind, findings=found)
    if known is not None and known.card.sha256 != digest:
        full["earlier"] = [*known.raw.get("earlier", ()), _pull(known, pull)]
    make_folder(kept.parent)
    if content is None:
        replace_by(kept, file)
    else:
        replace(kept, content)
    replace(card_file, cards.card_text(full).encode())
    return Kept(file.name, kind, entered=1, findings=found, pulled=card.pulled or "")


def _stands(kept: Path, digest: str, card_file: Path, text: str) -> bool:
    """Whether the same bytes are kept already, with the same card."""
    both = kept.is_file() and card_file.is_file()
    return both and card_file.read_text("utf-8") == text and cards.sha256(kept) == digest


def _card(file: Path, raw: Mapping[str, Any], wish: Terms, known: Standing | None) -> dict[str, Any]:
    """The card of a file: what the user says; of a new pull without a card, what the card of the earlier one says."""
    full: dict[str, Any] = {"title": file.stem, **raw}
    if known is not None:
        before = known.raw if not wish.carded else {}
        full = {**{key: value for key, value in before.items() if key not in FROM_FILE}, **raw}
        full |= {"title": full.get("title", file.stem)}
        full |= {"earlier": known.raw["earlier"]} if known.raw.get("earlier") else {}
    if raw["kind"] == "events":
        day = datetime.fromtimestamp(file.stat().st_mtime, UTC).date().isoformat()
        full["pulled"] = wish.pulled or full.get("pulled") or day  # a download has the day of its download
    return full


def _pull(known: Standing, found: Changes | None) -> dict[str, Any]:
    """The pull that is replaced, as the card of the next one tells of it."""
    said: dict[str, Any] = {"pulled": known.card.pulled, "sha256": known.card.sha256}
    if found is not None:
        counts = {"added": len(found.added), "changed": len(found.changed), "deleted": len(found.deleted)}
        said |= counts
    return {key: value for key, value in said.items() if value is not None}


def _read(
    study: Study, file: Path, card: Card, known: Standing | None, wish: Terms
) -> tuple[tuple[Finding, ...], Changes | None]:
    """Everything wrong with a data set that was not wrong before, and of events what changed since the last pull."""
    if card.kind not in ("events", "indicators"):
        before = load_tables(study.path, study.settings, study.pack.lookups, light=True)
        after = load_tables(study.path, study.settings, study.pack.lookups, light=True, candidate=(file, card))
        return tuple(item for item in after.findings if item not in before.findings), None
    loaded = load_tables(study.path, study.settings, study.pack.lookups, light=True)
    if card.kind == "indicators":
        return tuple(read_indicators(file, card, loaded.gazetteer, study.pack.indicators)[1]), None
    frame, found = _events_of(file, card, loaded)
    if has_errors(found):
        return tuple(found), None
    if known is None:
        again = [] if wish.confirmed else _again(study.path, file, card, frame, loaded)
        return (*found, *again), None
    before = _events_of(study.path / known.card.file, known.card, loaded)[0]
    pull = changes(before, frame)
    told = [*findings(pull, file.name), *_beyond(frame, card)]
    if pull.count and not wish.confirmed:
        told.append(finding("events_confirm", file=file.name, value=pull.count, table=card.name))
    return (*found, *told), pull


def _events_of(path: Path, card: Card, loaded: Loaded) -> tuple[pl.DataFrame, list[Finding]]:
    return read_events(path, card, outlines=loaded.outlines, places=loaded.places, gazetteer=loaded.gazetteer)


def _beyond(frame: pl.DataFrame, card: Card) -> list[Finding]:
    """Events outside the dates that the card says are covered: likely the card is that of the earlier pull."""
    if card.coverage is None or frame.is_empty():
        return []
    first, last = card.coverage
    odd = frame.filter((pl.col("date") < first) | ((pl.col("date") > last) & ~pl.col("date").str.starts_with(last)))
    if odd.is_empty():
        return []
    ends: dict[str, Any] = {"first": str(odd["date"].min()), "last": str(odd["date"].max())}
    return [finding("events_beyond", file=f"{card.name}.yml", field="coverage", value=odd.height,
                    covers=f"{first} – {last}", **ends)]  # fmt: skip


def _again(study: Path, file: Path, card: Card, frame: pl.DataFrame, loaded: Loaded) -> list[Finding]:
    """Whether most events of a published format stand in another table already: then each would be counted twice."""
    form = published_as(file)
    for name, other in _events(study).items() if form else ():
        path = study / other.file
        if name == card.name or not path.is_file() or published_as(path) != form:
            continue
        here = _events_of(path, other, loaded)[0]
        alike = frame.join(here, on="id", how="semi").height
        if alike > AGAIN * frame.height:
            return [finding("events_again", file=file.name, value=alike, table=name)]
    return []


def _events(study: Path) -> dict[str, Card]:
    """The event tables of a study by name."""
    return {card.name: card for card in cards.read_cards(study)[0] if card.kind == "events"}


def _standing(study: Path, name: str) -> Standing | None:
    """The events that stand under a name; None where there are none, or their file is gone."""
    path = study / "tables" / f"{name}.yml"
    card = cards.read_card(path)[0] if path.is_file() else None
    if card is None or card.kind != "events" or not cards.inside(study, study / card.file):
        return None
    return Standing(plain_yaml.read_file(path), card) if (study / card.file).is_file() else None


def _table_name(study: Path, kept_name: str) -> str:
    """The name of the table: the file's own; where another file has it, with the ending, so that no card is lost."""
    stem, suffix = Path(kept_name).stem, Path(kept_name).suffix
    card = study / "tables" / f"{stem}.yml"
    if not card.is_file():
        return stem
    known, _ = cards.read_card(card)
    same = known is not None and Path(known.file).name == kept_name
    return stem if same else f"{stem}-{suffix.removeprefix('.')}"
