"""Ties as FollowTheMoney entities, one JSON object a line, for tools of that family; what the model cannot hold is
listed.

The profile: a kind of actor is a LegalEntity, a named group an Organization and a named person a Person, with who
designates it and since when in `notes`; a place is an Address; a link is an UnknownLink whose `role` is the code of its
type, since no schema has a sign; a role in a market is an UnknownLink to those who make up the market; a levy is a
Payment, without `amount` where only a range is known (the range stands in words in its description); a leg of a flow is
a Trip. `recordId` is the id of the statement, for the team; `proof` the public document behind it. Ids are made with
the key of the study's releases from the state of the study, so that the same actor has another id in another release,
and nobody can try names until one fits.
"""

import csv
import hashlib
import hmac
import io
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from maillage import numbers
from maillage.labels import Labels
from maillage.numbers import decimal_text
from maillage.publish import wording
from maillage.publish.ties import AMOUNT, Lost, Row, Ties, legs

ENTITIES, LOSSES = "ftm.jsonl", "ftm.losses.csv"
COUNTRIES = {"admin0", "country"}


def files(ties: Ties, key: bytes) -> dict[str, bytes]:
    """ftm.jsonl and ftm.losses.csv. key: secret of the release, for its ids."""
    return _Writer(ties, key).files()


def writer(ties: Ties, key: bytes) -> "_Writer":
    """What puts dates, amounts and words of ties, for other forms of the same ties."""
    return _Writer(ties, key)


class _Writer:
    """The entities while they are written: id -> entity, in the order in which they are first named."""

    def __init__(self, ties: Ties, key: bytes) -> None:
        release = ties.release
        self.ties, self.key = ties, key
        self.labels = [Labels(lang, release.pack, release.places, release.settings.zone_labels)
                       for lang in release.langs]  # fmt: skip
        self.places = {row["code"]: row for row in release.places.iter_rows(named=True)}
        self.sources = {row["id"]: row for row in release.public_sources.iter_rows(named=True)}
        self.made: dict[str, dict[str, Any]] = {}
        self.losses = list(ties.losses)

    def files(self) -> dict[str, bytes]:
        """Entities and losses."""
        for order, row in enumerate(self.ties.rows):
            {"link": self.link, "role": self.role, "levy": self.levy, "flow": self.flow}[row["kind"]](row, order)
        lines = [json.dumps(entity, ensure_ascii=False, sort_keys=True) for entity in self.made.values()]
        lost = losses(list(dict.fromkeys(self.losses)))
        return {ENTITIES: ("\n".join(lines) + "\n").encode() if lines else b"", LOSSES: lost}

    def entity(self, schema: str, name: tuple[str, ...], properties: Mapping[str, list[str]]) -> str:
        """An entity, once; its id."""
        message = "\0".join((schema, *name)).encode()
        ident = hmac.new(self.key, message, hashlib.sha256).hexdigest()[:40]
        plain = {key: [value.replace("\u202f", "\u00a0") for value in values] for key, values in properties.items()}
        told = {key: list(dict.fromkeys(filter(None, values))) for key, values in plain.items()}
        self.made.setdefault(ident, {
            "id": ident, "schema": schema, "datasets": [self.ties.release.settings.id],
            "properties": {key: values for key, values in told.items() if values},
        })  # fmt: skip
        return ident

    def actor(self, code: str) -> str:
        """A kind of actor or a named group."""
        facts = self.ties.release.pack.lists["actors"][code].attributes
        schema = "LegalEntity"
        if facts.get("named"):
            schema = "Person" if facts.get("person") == "yes" else "Organization"
        called = designation(facts)
        names = [label.code("actors", code) for label in self.labels]
        notes = [label.phrase("tie_designation", by=called) for label in self.labels] if called else []
        return self.entity(schema, (code,), {"name": names, "notes": notes})

    def place(self, code: str) -> str:
        """A place as an address."""
        row, above = self.places.get(code), code
        while above in self.places and self.places[above]["level"] not in COUNTRIES:
            above = self.places[above]["parent"]
        country = [above.lower()] if above in self.places and _is_country(above) else []
        if above in self.places and not country:
            self.losses.append(Lost("", "country", above, "no_country"))
        point = {name: [str(row[column])] for name, column in (("latitude", "lat"), ("longitude", "lon"))
                 if row and row[column] is not None}  # fmt: skip
        names = [label.place(code) for label in self.labels]
        return self.entity("Address", (code,), {"name": names, "full": names, "country": country, **point})

    def document(self, source: str) -> list[str]:
        """The public source behind a tie."""
        row = self.sources.get(source)
        if row is None:
            return []
        locator = str(row.get("locator") or "")
        address = [locator] if locator.startswith(("https://", "http://")) else []
        return [self.entity("Document", (source,), {"title": [str(row["title"] or source)], "sourceUrl": address})]

    def link(self, row: Row, order: int) -> None:
        """A link: its type is its role, how firmly it is said its status."""
        self.entity("UnknownLink", self.name(row, order), {
            "subject": [self.actor(row["actor"])], "object": [self.actor(row["other"])],
            "role": [row["answer"]], "status": [row["modality"] or "asserted"],
            "summary": [label.code("links", row["answer"]) for label in self.labels], **self.interval(row),
        })  # fmt: skip

    def role(self, row: Row, order: int) -> None:
        """A role in a market, whose other end are those who make it up."""
        names = [label.code("markets", row["market"]) for label in self.labels]
        market = self.entity("LegalEntity", ("market", row["market"]), {"name": names})
        self.entity("UnknownLink", self.name(row, order), {
            "subject": [self.actor(row["actor"])], "object": [market],
            "role": [row["answer"]], "status": [row["modality"] or "asserted"],
            "summary": [label.code("roles", row["answer"]) for label in self.labels], **self.interval(row),
        })  # fmt: skip

    def levy(self, row: Row, order: int) -> None:
        """A levy: who pays is the other actor, or those on whom it is charged."""
        payer = self.actor(row["other"]) if row["other"] else self.payers(row)
        value = self.amount(row)
        self.entity("Payment", self.name(row, order), {
            "payer": [payer], "beneficiary": [self.actor(row["actor"])], "purpose": [row["answer"] or ""],
            "amount": [value], "currency": [row["currency"] or ""] if value else [], **self.interval(row),
        })  # fmt: skip

    def payers(self, row: Row) -> str:
        """Those on whom a levy is charged, where nobody is named."""
        base = row["base"] or "unspecified"
        return self.entity(
            "LegalEntity", ("payers", base), {"name": [label.code("bases", base) for label in self.labels]}
        )

    def amount(self, row: Row) -> str:
        """The one amount that is said; blank, and a loss, where only a range is."""
        low, central, high = (row[name] for name in AMOUNT)
        one = (central is not None and low is None and high is None) or (low is not None and low == high)
        if one and row["currency"] and not (row["open_low"] or row["open_high"]):
            return decimal_text(next(value for value in (low, central) if value is not None))
        for name in AMOUNT:
            if row[name] is not None:
                reason = "amount_range" if row["currency"] else "amount_no_money"
                self.losses.append(Lost(row["id"], name, decimal_text(row[name]), reason))
        return ""

    def flow(self, row: Row, order: int) -> None:
        """A flow: one trip a leg."""
        for at, (start, end) in enumerate(legs(row)):
            name = [f"{label.code('goods', row['good'])}: {label.place(start)} – {label.place(end)}"
                    for label in self.labels]  # fmt: skip
            self.entity("Trip", (*self.name(row, order), str(at)), {
                "name": name, "startLocation": [self.place(start)], "endLocation": [self.place(end)],
                "keywords": [row["good"] or "", row["mode"] or ""],
                "involved": [self.actor(code) for code in (row["actor"], row["other"]) if code], **self.interval(row),
            })  # fmt: skip
        if row["low"] is not None or row["central"] is not None or row["high"] is not None:
            self.amount(row | {"currency": None})

    def name(self, row: Row, order: int) -> tuple[str, ...]:
        """What makes a tie this one."""
        return ("statement", row["id"] or f"{order}")

    def interval(self, row: Row) -> dict[str, list[str]]:
        """What every tie carries: when, what is said of it in words, the statement and the document behind it."""
        start, end = self.dates(row)
        return {
            "startDate": start, "endDate": end, "recordId": [row["id"]],
            "proof": self.document(row["source"]) if row["source"] else [],
            "description": [self.words(row, label) for label in self.labels],
        }  # fmt: skip

    def words(self, row: Row, labels: Labels) -> str:
        """Market, place, content, force and amount of a tie in one language: the model has no property for them."""
        told = [labels.code("markets", row["market"]), labels.place(row["place"])]
        told += [labels.code("contents", code) for code in row["content"] or ()]
        told += [labels.phrase("tie_coerced")] if row["coerced"] else []
        if any(row[name] is not None for name in AMOUNT):
            low, high = (row["central"] if row[name] is None and not row[f"open_{name}"] else row[name]
                         for name in ("low", "high"))  # fmt: skip
            told.append(wording.amount(row | {"low": low, "high": high}, labels))
        return "; ".join(filter(None, told))

    def dates(self, row: Row) -> tuple[list[str], list[str]]:
        """First and last day, month or year of a period; what is no date of the calendar is lost, not cut."""
        if not row["period"]:
            return [], []
        first, _, last = row["period"].partition("/")
        found: list[list[str]] = []
        for name, text in (("startDate", first), ("endDate", last or first)):
            found.append([text] if _is_date(text) else [])
            if not found[-1]:
                self.losses.append(Lost(row["id"], name, text, "no_date"))
        return found[0], found[1]


def designation(facts: Mapping[str, Any]) -> str:
    """Who designates a named group and since when, blank where nobody is said to."""
    return ", ".join(filter(None, (facts.get("designation"), facts.get("date"))))


def _is_country(code: str) -> bool:
    """Whether a code is one of ISO 3166; those from XA on are kept free for private use, but for Kosovo's."""
    return code in numbers.locale("en").territories and len(code) == 2 and (code[0] != "X" or code == "XK")


def _is_date(text: str) -> bool:
    """Whether a year, month or day is one of the calendar."""
    parts = text.split("-")
    try:
        date(*map(int, [*parts, "01", "01"][:3]))
    except ValueError:
        return False
    return text == "-".join(part.zfill(4 if at == 0 else 2) for at, part in enumerate(parts)) and len(parts) <= 3


def losses(lost: list[Lost]) -> bytes:
    """The list of what does not leave, as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([Lost._fields, *lost])
    return out.getvalue().encode()
