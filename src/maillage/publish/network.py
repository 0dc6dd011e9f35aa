"""Ties as nodes and edges, for tools that draw networks: CSV pairs for i2, GraphML, and four tables of POLE.

Built from the same `Ties` as FollowTheMoney, so nothing leaves here that does not leave there. A denial, a hypothesis
or a statement without two ends is no edge; ranges stand in words in `label`. Ids are those of a release, as there.
"""

import csv
import hashlib
import hmac
import io
from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree import ElementTree as ET

from maillage.labels import Labels
from maillage.publish import ftm
from maillage.publish.ties import Lost, Row, Ties, legs

NODE = ("id", "type", "label")
EDGE = (
    "id",
    "type",
    "label",
    "from_id",
    "to_id",
    "direction",
    "strength",
    "date_from",
    "date_to",
    "source_ref",
    "grade",
)
STRENGTHS = {"hedged": "Tentative", "alleged": "Unconfirmed"}
SPACE = "http://graphml.graphdrawing.org/xmlns"
PERSON, OBJECT, LOCATION = ("actor", "payers"), ("market", "goods"), ("place",)


class Network:
    """Nodes and edges of ties, each a mapping with the columns NODE and EDGE; `losses`: what does not leave."""

    def __init__(self, ties: Ties, key: bytes) -> None:
        release = ties.release
        self.key, self.writer = key, ftm.writer(ties, key)
        self.labels = Labels(release.langs[0], release.pack, release.places, release.settings.zone_labels)
        self.nodes: dict[str, dict[str, str]] = {}
        self.edges: list[dict[str, str]] = []
        for order, row in enumerate(ties.rows):
            for at, (kind, start, end, directed) in enumerate(self._ends(row)):
                self._edge(row, (order, at), kind, (start, end), directed=directed)

    @property
    def losses(self) -> list[Lost]:
        """What does not leave, and why."""
        return list(dict.fromkeys(self.writer.losses))

    def _ends(self, row: Row) -> Iterable[tuple[str, str, str, bool]]:
        """Type, two ends and whether it has a direction, of each edge of a tie."""
        if row["kind"] == "flow":
            return [(f"flow: {row['good'] or ''}", self._node("place", one), self._node("place", two), True)
                    for one, two in legs(row)]  # fmt: skip
        actor = self._node("actor", row["actor"])
        if row["kind"] == "role":
            return [(f"role: {row['answer']}", actor, self._node("market", row["market"]), True)]
        if row["kind"] == "link":
            return [(f"link: {row['answer']}", actor, self._node("actor", row["other"]), False)]
        payer = (
            self._node("actor", row["other"]) if row["other"] else self._node("payers", row["base"] or "unspecified")
        )
        return [(f"levy: {row['answer'] or ''}", payer, actor, True)]

    def _node(self, kind: str, code: str) -> str:
        lists = {"actor": "actors", "market": "markets", "payers": "bases"}
        label = self.labels.place(code) if kind == "place" else self.labels.code(lists[kind], code)
        ident = self._ident(kind, code)
        self.nodes.setdefault(ident, {"id": ident, "type": kind, "label": label})
        return ident

    def _ident(self, *name: str) -> str:
        return hmac.new(self.key, "\0".join(name).encode(), hashlib.sha256).hexdigest()[:40]

    def _edge(self, row: Row, at: tuple[int, int], kind: str, ends: tuple[str, str], *, directed: bool) -> None:
        start, end = self.writer.dates(row)
        code = kind.partition(": ")[2]
        lists = {"link": "links", "role": "roles", "levy": "levies", "flow": "goods"}
        named = self.labels.code(lists[row["kind"]], code) if code and row["kind"] != "levy" else code
        if row["kind"] == "flow" or row["kind"] == "levy":
            self.writer.amount(row if row["kind"] == "levy" else row | {"currency": None})
        self.edges.append({
            "id": self._ident("edge", row["id"] or str(at[0]), str(at[1])), "type": kind,
            "label": "; ".join(filter(None, (named, self.writer.words(row, self.labels)))),
            "from_id": ends[0], "to_id": ends[1], "direction": "from_to" if directed else "none",
            "strength": self._strength(row), "date_from": "".join(start), "date_to": "".join(end),
            "source_ref": row["id"] or row["source"], "grade": row["grade"] or "",
        })  # fmt: skip

    def _strength(self, row: Row) -> str:
        """Confirmed only where a source graded A or B asserts it; what people say together is unconfirmed."""
        if row["modality"] in STRENGTHS:
            return STRENGTHS[row["modality"]]
        sure = row["modality"] == "asserted" and (row["grade"] or "")[:1] in ("A", "B")
        return "Confirmed" if sure else "Unconfirmed"


def i2(ties: Ties, key: bytes) -> dict[str, bytes]:
    """entities.csv, links.csv, and what does not leave. docs/i2.md says how they are imported."""
    made = Network(ties, key)
    return {"entities.csv": _table(NODE, made.nodes.values()), "links.csv": _table(EDGE, made.edges),
            "i2.losses.csv": ftm.losses(made.losses)}  # fmt: skip


def pole(ties: Ties, key: bytes) -> dict[str, bytes]:
    """Persons (and groups), objects (markets), locations, and an event a tie."""
    made = Network(ties, key)
    parts = {"persons": PERSON, "objects": OBJECT, "locations": LOCATION}
    files = {f"{name}.csv": _table(NODE, [node for node in made.nodes.values() if node["type"] in kinds])
             for name, kinds in parts.items()}  # fmt: skip
    return files | {"events.csv": _table(EDGE, made.edges), "pole.losses.csv": ftm.losses(made.losses)}


def graphml(ties: Ties, key: bytes) -> dict[str, bytes]:
    """network.graphml. Every edge is directed, as readers take no mixed graph; `direction` says which are."""
    made = Network(ties, key)
    ET.register_namespace("", SPACE)
    root = ET.Element(f"{{{SPACE}}}graphml")
    for domain, names in (("node", NODE[1:]), ("edge", tuple(set(EDGE) - {"id", "from_id", "to_id"}))):
        for name in sorted(names):
            told = {"id": f"{domain}_{name}", "for": domain, "attr.name": name, "attr.type": "string"}
            ET.SubElement(root, f"{{{SPACE}}}key", told)
    graph = ET.SubElement(root, f"{{{SPACE}}}graph", {"id": "ties", "edgedefault": "directed"})
    for node in made.nodes.values():
        _data(ET.SubElement(graph, f"{{{SPACE}}}node", {"id": node["id"]}), "node", node, NODE[1:])
    for edge in made.edges:
        ends = {"id": edge["id"], "source": edge["from_id"], "target": edge["to_id"]}
        names = [name for name in EDGE if name not in ("id", "from_id", "to_id")]
        _data(ET.SubElement(graph, f"{{{SPACE}}}edge", ends), "edge", edge, names)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return {"network.graphml": text, "graphml.losses.csv": ftm.losses(made.losses)}


def _data(element: ET.Element, domain: str, values: Mapping[str, Any], names: Iterable[str]) -> None:
    for name in names:
        ET.SubElement(element, f"{{{SPACE}}}data", {"key": f"{domain}_{name}"}).text = values[name]


def _table(columns: tuple[str, ...], rows: Iterable[Mapping[str, str]]) -> bytes:
    """Rows as CSV; text that a spreadsheet would run gets an apostrophe in front."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_still(row[name]) for name in columns] for row in rows)
    return out.getvalue().encode()


def _still(text: str) -> str:
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r", "\n") else text
