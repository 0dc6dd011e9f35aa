"""The page on the indices of a report: what they are made of, scores and ranks with their doubts, what is missing.

Written so that it can be sent to a reviewer: definition and version, reference period, age and sound part of each
score, strengths and weaknesses of each area, what moves the ranks, what a part left out would change.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from maillage import composites, numbers
from maillage.blocks import Block, Cell, Gap, Heading, Number, Paragraph, Text
from maillage.publish import index_words, rates
from maillage.publish.charts.quadrants import quadrants
from maillage.publish.charts.ranks import ranks
from maillage.publish.charts.swayed import swayed
from maillage.publish.explain import Behind
from maillage.publish.report_tables import table
from maillage.publish.view import Row, View, capital, words

MOST = 3  # parts named on either side of a profile
SIDES = {"weakness": ("index_high_weak", "index_low_strong"), "strength": ("index_high_strong", "index_low_weak"),
         "None": ("index_high", "index_low")}  # fmt: skip
NEAR = 3  # neighbours in the order of ranks whose order is told


def indices(keys: Sequence[str], seen: View, known: Behind) -> list[Block]:
    """All indices of the pack one after the other, then the two laid against each other."""
    blocks = [block for name in seen.release.pack.indices if seen.rows(name) for block in _index(name, seen, known)]
    if not blocks:
        return []
    figure = quadrants(seen.release, seen.lang)
    return [*blocks, *([figure] if figure else _no_quadrants(seen))]


def _index(name: str, seen: View, known: Behind) -> list[Block]:
    spec, phrase = seen.release.pack.indices[name], seen.labels.phrase
    units = sorted({row["place"] for row in seen.rows(name) if row["id"] == f"{name}/{row['place']}"}, key=seen.place)
    facts = {"about": spec["about"][seen.lang], "version": spec["version"], "months": composites.MAX_AGE}
    facts |= {"months": seen.number(spec.get("max_age", composites.MAX_AGE))}
    facts |= {"least": seen.number(spec.get("least", composites.LEAST))}
    facts |= {"share": numbers.percent(spec.get("min_share", 0), seen.lang), "parts": _parts(spec, seen)}
    blocks: list[Block] = [
        Heading(3, f"index-{name}", [Text(capital(seen.labels.measure(name)))]),
        Paragraph([Text(phrase("index_about", **facts))]),
    ]
    nodes = dict.fromkeys(
        row["answer"] for row in seen.rows("rank", status="ok") if row["answer"] in (name, *spec["nodes"])
    )
    blocks += _missing(name, units, nodes, seen)
    for node in nodes:
        drawings = (ranks(seen, name, node, units), swayed(seen, node))
        blocks += [figure for figure in drawings if figure]
        blocks += [*filter(None, [_orders(node, seen)]), *_dropped(node, seen)]
    scored = any(_is_top(row) and row["status"] != "not_computable" for row in seen.rows(name))
    about = seen.labels.measure(name) if scored else _parts_of(name, nodes, seen)
    tables = (_support(name, nodes, units, seen, about=about), _profiles(name, units, seen))
    return [*blocks, *(made for made in tables if made), *_held(name, seen, known)]


def _parts(spec: composites.Spec, seen: View) -> str:
    """The parts of an index, each with what it is made of."""
    told: list[str] = []
    for code in spec["nodes"]:
        if "from" not in spec["nodes"][code]:
            inside = [index_words.node(leaf, seen.labels) for leaf in composites.leaves_below(spec, code)]
            told.append(seen.labels.phrase("index_part", part=index_words.node(code, seen.labels),
                                           items=numbers.items(inside, seen.lang)))  # fmt: skip
    return numbers.between(seen.lang).join(told)


def _is_top(row: Row) -> bool:
    """Whether a score is that of a whole index and of all rounds together, not of a part."""
    return row["id"].count("/") == 1 and "@" not in row["id"]


def _parts_of(name: str, nodes: Iterable[str], seen: View) -> str:
    """The parts that have scores where the index itself has none, and of what they are parts."""
    found = [index_words.node(node, seen.labels) for node in nodes if node != name]
    facts = {"what": seen.labels.measure(name), "n": len(found)}
    key = "index_parts_of" if found else "index_elements_of"
    return seen.labels.phrase(key, parts=numbers.items(found, seen.lang), **facts)


def _missing(name: str, units: Sequence[str], nodes: Iterable[str], seen: View) -> list[Block]:
    """Which areas have no score, why, and which parts nothing is known of anywhere. nodes: what has ranks."""
    rows = [row for unit in units for row in seen.rows(name, place=unit) if "@" not in row["id"]]
    tops = [row for row in rows if _is_top(row) and row["status"] == "not_computable"]
    if not tops:
        return []
    spec = seen.release.pack.indices[name]
    there = {row["answer"] for row in rows if row["id"].count("/") > 1}
    gone = [code for code in composites.leaves(spec) if code not in there]
    what = numbers.items([index_words.node(code, seen.labels) for code in gone], seen.lang)
    facts = {"what": capital(seen.labels.measure(name)), "places": seen.places(row["place"] for row in tops)}
    parts = [index_words.node(node, seen.labels) for node in nodes if node != name]
    facts |= {"parts": numbers.items(parts, seen.lang), "n": len(parts)}
    key = "index_no_score" if len(tops) < len(units) else "index_no_score_parts" if parts else "index_no_score_all"
    reasons = dict.fromkeys(seen.labels.phrase(f"reason_{row['reason']}") for row in tops)
    missing = numbers.items(list(reasons), seen.lang)
    if gone and (
        seen.release.audience == "team" or not seen.rows("sample")
    ):  # what is held back is not known to be gone
        key_gone = "index_all_unknown" if len(gone) == len(composites.leaves(spec)) else "index_nothing_known"
        missing = seen.labels.phrase(key_gone, reason=missing, what=what)
    return [
        Gap([Text(seen.labels.phrase(key, **facts))], missing=missing, how=seen.labels.phrase("how_index_too_little"))
    ]


def _support(name: str, nodes: Iterable[str], units: Sequence[str], seen: View, *, about: str) -> Block | None:
    """Beside each score: how many parts are missing, how old the oldest is, what share of the weight is sound."""
    rows: list[Sequence[Cell]] = []
    scored = any(_is_top(row) and row["status"] != "not_computable" for row in seen.rows(name))
    for node in [*([name] if scored else []), *(node for node in nodes if node != name)]:
        for unit in units:
            ident = f"{name}/{unit}" + ("" if node == name else f"/{node}")
            row = next((one for one in seen.rows(name, place=unit) if one["id"] == ident), None)
            if row is not None:
                rows.append(_supported(row, node, seen))
    heads = ("place", "index_node", "index_scored", "index_unknown", "index_age", "index_people", "index_sound")
    made = table(f"index_{name}", heads, rows, seen, note=True, title="index_support", facts={"what": about})
    if made is None:
        return None
    people = seen.labels.phrase("head_index_people") in made.columns
    said = [seen.labels.phrase("index_support_people")] if people else []
    return replace(made, note=" ".join([made.note, *said]))


def _supported(row: Row, node: str, seen: View) -> Sequence[Cell]:
    sound = next(iter(seen.rows("reliability", place=row["place"], answer=node)), None)
    gone, of = row["missing"], row["planned"]
    return [
        words(seen.place(row["place"])),
        words(index_words.node(node, seen.labels)),
        _number(row, seen),
        words(numbers.share(gone, of, seen.lang) if gone is not None and of else ""),
        words(seen.labels.phrase("index_months", months=seen.number(row["age_months"])) if row["age_months"] else ""),
        words(seen.number(row["n"]) if row["n"] else ""),
        _number(sound, seen, short=True) if sound else words(""),
    ]


def _number(row: Row, seen: View, *, short: bool = False) -> Cell:
    """A number that opens, or in short why there is none."""
    if row["status"] != "ok":
        why = "index_none" if row["status"] == "not_computable" else "index_held"
        return (Number(row["id"], seen.labels.phrase(why), None),)
    text = index_words.share(row["value"], seen.labels) if short else index_words.say(row, seen.labels)
    return (Number(row["id"], text, row["value"]),)


def _profiles(name: str, units: Sequence[str], seen: View) -> Block | None:
    """Of each area the leaves in which it stands highest and lowest among the areas, with their scores."""
    spec = seen.release.pack.indices[name]
    leaves = composites.leaves(spec)
    known = [row for row in seen.rows(name, status="ok") if row["answer"] in leaves]
    rows: list[Sequence[Cell]] = []
    for unit in units:
        own = [row for row in known if row["place"] == unit]
        placed = sorted(((_standing(row, known), row) for row in own), key=lambda one: (one[0], one[1]["id"]))
        if placed:
            high = [row for _, row in placed if _side(row, known) > 0][:MOST]
            low = [row for _, row in reversed(placed) if _side(row, known) < 0][:MOST]
            rows.append([words(seen.place(unit)), _listed(high, known, seen), _listed(low, known, seen)])
    heads, facts = ("place", *SIDES[str(spec.get("more_is"))]), {"what": seen.labels.measure(name)}
    made = table(f"index_profile_{name}", heads, rows, seen, note=True, title="index_profile", facts=facts)
    return made and replace(made, note=" ".join(filter(None, [made.note, rates.told(seen, name, name)])))


def _standing(row: Row, rows: Sequence[Row]) -> tuple[int, int]:
    """Rank of a leaf's score among the areas that have one, 1 for the highest, and how many these are."""
    same = [one for one in rows if one["answer"] == row["answer"]]
    return 1 + sum(one["value"] > row["value"] for one in same), len(same)


def _side(row: Row, rows: Sequence[Row]) -> int:
    """1 where a leaf's score is higher than in more than half of the other areas, -1 where lower, else 0."""
    others = [one["value"] for one in rows if one["answer"] == row["answer"] and one["place"] != row["place"]]
    below, above = (sum(value < row["value"] for value in others), sum(value > row["value"] for value in others))
    return int(2 * below > len(others)) - int(2 * above > len(others))


def _listed(found: Sequence[Row], rows: Sequence[Row], seen: View) -> Cell:
    cell: list[Text | Number] = []
    for row in found:
        rank, of = _standing(row, rows)
        told = seen.labels.phrase(
            "index_standing", score=seen.number(row["value"], index_words.decimals(row["value"])),
            rank=seen.number(rank), of=seen.number(of),
        )  # fmt: skip
        cell += [Text(numbers.between(seen.lang))] if cell else []
        cell += [Text(f"{index_words.node(row['answer'], seen.labels)} "), Number(row["id"], told, row["value"])]
    return cell or (Text(""),)


def _orders(node: str, seen: View) -> Block | None:
    """Of each area and those that come next: in what share of the draws it stands above."""
    ranked = sorted((row for row in seen.rows("rank", answer=node, status="ok") if "@" not in row["id"]),
                    key=lambda row: (row["value"], seen.place(row["place"])))  # fmt: skip
    pairs = {row["id"].rpartition("/")[2]: row for row in seen.rows("rank_order", answer=node, status="ok")}
    rows: list[Sequence[Cell]] = []
    for at, row in enumerate(ranked[:-1]):
        cell: list[Text | Number] = []
        for other in ranked[at + 1 : at + 1 + NEAR]:
            pair = pairs.get(f"{row['place']}~{other['place']}")
            if pair is not None:
                cell += [Text(numbers.between(seen.lang))] if cell else []
                share = index_words.share(pair["value"], seen.labels)
                cell += [Text(f"{seen.place(other['place'])} "), Number(pair["id"], share, pair["value"])]
        if cell:
            rows.append([words(seen.place(row["place"])), cell])
    return table(f"index_order_{node}", ("place", "index_above"), rows, seen, note=True, title="index_order",
                 facts={"what": index_words.node(node, seen.labels)})  # fmt: skip


def _dropped(node: str, seen: View) -> list[Block]:
    """By how many ranks areas move on average without each part that moves any, the largest first."""
    every = seen.rows("drop_each", answer=node, status="ok")
    found = sorted((row for row in every if row["value"]), key=lambda row: (-row["value"], row["id"]))
    if every and not found:
        what = index_words.node(node, seen.labels)
        return [Paragraph([Text(seen.labels.phrase("index_drop_none", what=what))])]
    rows = [[words(index_words.node(row["id"].rpartition("/")[2], seen.labels)),
             (Number(row["id"], index_words.say(row, seen.labels), row["value"]),)] for row in found]  # fmt: skip
    facts = {"what": index_words.node(node, seen.labels)}
    heads = ("index_left_out", "index_shifts")
    made = table(f"index_drop_{node}", heads, rows, seen, note=True, title="index_drop", facts=facts)
    return [made] if made else []


def _held(name: str, seen: View, known: Behind) -> list[Block]:
    """That ranks are held back for this audience, and why."""
    spec = seen.release.pack.indices[name]
    ranked = any(row["answer"] in (name, *spec["nodes"]) for row in seen.rows("rank", status="ok"))
    if ranked or not any(_is_top(row) for row in seen.rows(name, status="withheld")):
        return []
    told = known.labels.phrase("index_ranks_held", what=seen.labels.measure(name))
    return [Paragraph([Text(told)])]


def _no_quadrants(seen: View) -> list[Block]:
    """That no area has both scores."""
    x, y = index_words.axes(seen.labels)
    if not x or not seen.rows("quadrants"):
        return []
    facts = {"x": seen.labels.measure(x), "y": seen.labels.measure(y)}
    return [Paragraph([Text(capital(seen.labels.phrase("index_no_quadrants", **facts)))])]


INDEX = {"indices": indices}
