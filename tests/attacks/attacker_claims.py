"""What a release claims, read from its bytes: every number and band with its id, file by file, and what all imply.

Knows the words of the program in both languages and the meaning of its bands; shares no code with what wrote them.
"""

import csv
import io
import re
import sqlite3
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from html import unescape
from xml.etree import ElementTree as ET

from maillage.pack import Pack

LEAST = 5
FIGURE = re.compile(r'<data class="estimate" data-estimate="([^"]*)" value="([^"]*)"[^>]*>(.*?)</data>', re.DOTALL)
EXACT = re.compile(r"(\d+)\s(?:of|sur)\s(\d+)(?!\s*(?:of|sur))")
FEW = re.compile(r"(\d+)\s(?:or fewer of|au plus sur)\s(\d+)")
MANY = re.compile(r"(\d+)\s(?:or more of|au moins sur)\s(\d+)")
MORE, HALF = (
    re.compile(r"more than half|plus de la moitié", re.I),
    re.compile(r"half or fewer|la moitié ou moins", re.I),
)


@dataclass(frozen=True, slots=True)
class Claim:
    """One number as some file gives it: bounds of n and k (None = open), `word` more or half, mean, why withheld."""

    id: str
    n: tuple[int, int | None] = (0, None)
    k: tuple[int, int | None] = (0, None)
    word: str | None = None
    mean: float | None = None
    reason: str | None = None
    where: str = ""


def claims(content: Mapping[str, bytes], pack: Pack) -> list[Claim]:
    """Every claim of every file: tables, map, pages (attributes included), Word; PDF has no ids (see `printed`)."""
    found: list[Claim] = []
    for name, raw in content.items():
        if name.endswith("estimates.csv"):
            table = csv.DictReader(raw.decode().splitlines())
            found += [_row(row, name, pack) for row in table if not row["id"].startswith("#")]
        elif name.endswith(".gpkg"):
            found += [_row(row, name, pack) for row in _packed(raw)]
        elif name.endswith(".html"):
            told = ((unescape(a), f"{_plain(c)}") for a, _, c in FIGURE.findall(raw.decode()))
            found += [item for ident, text in told if (item := spoken(ident, text, name))]
        elif name.endswith(".docx"):
            found += [item for ident, text in _word(raw) if (item := spoken(ident, text, name))]
    return found


def printed(text: str) -> set[tuple[str, ...]]:
    """Every k of n, few of n and many of n in a running text, as (kind, k, n)."""
    plain = re.sub(r"\s+", " ", text)
    kinds = (("few", FEW), ("many", MANY), ("exact", EXACT))
    return {(kind, *hit) for kind, pattern in kinds for hit in pattern.findall(plain)}


def spoken(ident: str, text: str, where: str) -> Claim | None:
    """The claim in a phrase of a report; None where it says nothing of k and n."""
    if len(EXACT.findall(text)) > 1 or ident.startswith("published"):
        return None
    for pattern, bounds in ((FEW, lambda k, n: (0, k)), (MANY, lambda k, n: (k, n)), (EXACT, lambda k, n: (k, k))):
        if hit := pattern.search(text):
            k, n = int(hit[1]), int(hit[2])
            if pattern is EXACT and not text.strip().startswith(hit[0]):
                return None
            return Claim(ident, (n, n), bounds(k, n), where=where)
    if MORE.search(text) or HALF.search(text):
        return Claim(ident, (LEAST, None), word="more" if MORE.search(text) else "half", where=where)
    return None


def _plain(markup: str) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", markup)).replace("\u202f", " ").replace("\xa0", " ")


def _packed(raw: bytes) -> Iterator[dict[str, str]]:
    with closing(sqlite3.connect(":memory:")) as base:
        base.deserialize(raw)
        base.row_factory = sqlite3.Row
        for row in base.execute("SELECT * FROM estimates"):
            yield {name: "" if row[name] is None else str(row[name]) for name in row.keys()}  # noqa: SIM118


def _word(raw: bytes) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        root = ET.fromstring(packed.read("customXml/item1.xml"))
    yield from ((item.get("id") or "", _plain(item.text or "")) for item in root if item.get("id"))


def _row(row: Mapping[str, str], where: str, pack: Pack) -> Claim:
    """A row of the table: k and n as they stand, else what its band means."""
    made = Claim(row["id"], where=where, reason=row["reason"] if row["status"] == "withheld" else None)
    if made.reason is not None:
        return made
    n = (int(float(row["n"])),) * 2 if row["n"] else (LEAST, None)
    accused = bool((pack.measures.get(row["measure"]) or {}).get("accusation"))
    few = 4 if accused else 2
    if row["kind"] == "scores":
        return replace(made, n=n, mean=float(row["value"]) if row["value"] else None)
    if row["kind"] != "shares":
        return replace(made, n=n if row["n"] else (0, None), mean=float(row["value"]) if row["value"] else None)
    if row["k"]:
        return replace(made, n=n, k=(int(float(row["k"])),) * 2)
    if row["value"] and row["n"]:
        k = round(float(row["value"]) * n[0])
        return replace(made, n=n, k=(k, k))
    words = {"few": (0, few), "all_but_few": (n[0] - few, n[1])}
    if row["band"] in words:
        return replace(made, n=n, k=words[row["band"]])
    return replace(made, n=n, word={"more_than_half": "more", "half_or_fewer": "half"}.get(row["band"]))


def joined(found: list[Claim]) -> dict[str, Claim]:
    """Everything known of each id, over all files."""
    known: dict[str, Claim] = {}
    for item in found:
        old = known.get(item.id, Claim(item.id))
        known[item.id] = Claim(
            item.id, _both(old.n, item.n), _both(old.k, item.k), item.word or old.word,
            old.mean if item.mean is None else item.mean, old.reason or item.reason, old.where or item.where,
        )  # fmt: skip
    return known


def _both(a: tuple[int, int | None], b: tuple[int, int | None]) -> tuple[int, int | None]:
    tops = [top for top in (a[1], b[1]) if top is not None]
    return max(a[0], b[0]), min(tops, default=None)


def precise(item: Claim) -> tuple[str, int, int] | None:
    """Kind and figures of a claim that has figures: two files must never give one id two of them."""
    if item.n[0] != item.n[1] or item.k == (0, None):
        return None
    low, high = item.k
    kind = "exact" if low == high else "few" if low == 0 else "many"
    return kind, high if kind == "few" else low, item.n[0]
