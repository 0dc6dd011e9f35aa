"""How statements are drawn: what is known of one cell, its mark, its letter, its words.

Shape says what was said, opacity and a printed letter how sure one can be; no data is hatched. Nobody asked, nobody
said so, withheld and no statement at all look different.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from maillage import numbers
from maillage.blocks import Cell, Number
from maillage.publish import rules
from maillage.publish.svg import Box, Canvas, Style, paint, px, stroked, wrap
from maillage.publish.view import Row, View, cell, words

SAID, DISPUTED, DENIED, SILENT, BAND = "said", "disputed", "denied", "silent", "band"
WITHHELD, FEW, UNASKED, NOTHING = "withheld", "few", "unasked", "nothing"
STATES = (SAID, DISPUTED, DENIED, SILENT, BAND, WITHHELD, FEW, UNASKED, NOTHING)
TOLD = frozenset({SAID, DISPUTED})
DRAWN = frozenset({SAID, DISPUTED, DENIED, SILENT, BAND})
OPACITY = {"very_low": 0.25, "low": 0.4, "medium": 0.65, "high": 0.85, "very_high": 1.0}
STRIP = 20  # people up to whom each is a dot
SMALL = Style(size=11.5, anchor="middle")
QUIET = Style(size=11.5, anchor="middle", colour="muted")
POINTS: Mapping[str, Sequence[tuple[float, float]]] = {
    "square": ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
    "diamond": ((0, -1.2), (1.2, 0), (0, 1.2), (-1.2, 0)),
    "triangle": ((0, -1.1), (1.15, 0.9), (-1.15, 0.9)),
    "wedge": ((-1.15, -0.9), (1.15, -0.9), (0, 1.1)),
    "hexagon": ((-0.55, -1), (0.55, -1), (1.1, 0), (0.55, 1), (-0.55, 1), (-1.1, 0)),
}


@dataclass(frozen=True, slots=True)
class Form:
    """Shape and colour of a kind of statement."""

    shape: str = "circle"
    colour: str = "accent"


@dataclass(frozen=True, slots=True)
class Mark:
    """What the release knows about one cell; `row` is its estimate, None where there is none."""

    state: str
    row: Row | None = None
    confidence: str | None = None


FORM = Form()


def marks(seen: View, measure: str) -> dict[str, Mark]:
    """The marks of all estimates of a measure, by id."""
    found = seen.findings
    return {row["id"]: known(row, found.get(row["id"])) for row in seen.rows(measure)}


def known(row: Row, finding: Row | None) -> Mark:
    """The mark of one estimate with its finding."""
    word = finding["confidence"] if finding else None
    if row["status"] in ("withheld", "too_few"):
        return Mark(WITHHELD if row["status"] == "withheld" else FEW, row)
    if row["band"]:
        return Mark(BAND if row["band"] in rules.MAYBE_NONE else SAID, row, word)
    if finding is not None and finding["for"] is not None:
        said, against = finding["for"] + finding["mixed"], finding["against"] + finding["mixed"]
        state = DISPUTED if said and against else SAID if said else DENIED if against else SILENT
        return Mark(state, row, word)
    if row["k"]:
        return Mark(SAID, row, word)
    return Mark(SILENT if row["n"] else NOTHING, row, word)


def missing(seen: View, place: str) -> Mark:
    """The mark where there is no estimate: people were heard there but not on this, or nobody spoke of it."""
    return Mark(UNASKED if any(row["place"] == place for row in seen.rows("sample")) else NOTHING)


def shares(found: Iterable[Mark]) -> bool:
    """Whether any mark rests on people asked."""
    return any(mark.row is not None and (mark.row["n"] or mark.row["band"]) for mark in found)


def rows_told(found: Iterable[Mark]) -> list[Row]:
    """The estimates behind what is told of."""
    return [mark.row for mark in found if mark.state in TOLD and mark.row is not None]


def by_more_than_half(found: Iterable[Mark]) -> bool:
    """Whether all that is told of is told of by more than half of those asked, and elsewhere by half or fewer."""
    states = {(mark.state, mark.row is not None and bool(mark.row["band"])) for mark in found}
    return (BAND, True) in states and (SAID, True) in states and not states & {(SAID, False), (DISPUTED, False)}


def any_withheld(found: Iterable[Mark]) -> bool:
    """Whether something may not be shown."""
    return any(mark.state == WITHHELD for mark in found)


def basis(found: Sequence[Mark], seen: View) -> str:
    """What n is in a figure: people asked, or documents alone."""
    period = seen.release.settings.period
    facts = {"period": numbers.date(period, seen.lang) if period else seen.say("period_unstated")}
    return seen.say("basis_people" if shares(found) else "basis_documents", **facts)


def outline(form: Form, x: float, y: float, r: float, *, half: bool = False) -> str:
    """The path of a shape around (x, y), or of its left half."""
    if form.shape == "circle":
        if half:
            return f"M{px(x)} {px(y - r)}a{px(r)} {px(r)} 0 0 0 0 {px(2 * r)}z"
        return f"M{px(x - r)} {px(y)}a{px(r)} {px(r)} 0 0 1 {px(2 * r)} 0a{px(r)} {px(r)} 0 0 1 {px(-2 * r)} 0z"
    points = [(min(dx, 0.0) if half else dx, dy) for dx, dy in POINTS[form.shape]]
    return "M" + "L".join(f"{px(x + r * dx)} {px(y + r * dy)}" for dx, dy in points) + "z"


def draw(canvas: Canvas, at: tuple[float, float], mark: Mark, form: Form = FORM, r: float = 8) -> None:
    """The shape of a mark at its middle; states without a shape draw nothing."""
    x, y = at
    if mark.state not in DRAWN:
        return
    whole = outline(form, x, y, r)
    if mark.state in TOLD:
        filled = outline(form, x, y, r, half=True) if mark.state == DISPUTED else whole
        opacity = OPACITY.get(mark.confidence or "", 0.65)
        canvas.parts.append(f'<path d="{filled}"{paint(form.colour)} fill-opacity="{px(opacity * 10)}e-1"/>')
    faint = mark.state == SILENT
    dash = ' stroke-dasharray="3 2.4"' if mark.state == BAND else ""
    canvas.parts.append(
        f'<path d="{whole}"{stroked("line" if faint else form.colour)} stroke-width="{1.2 if faint else 1.6}"{dash}/>'
    )
    if mark.state == DENIED:
        canvas.line((x - r, y + r, x + r, y - r), form.colour, 1.6)


def fill(canvas: Canvas, box: Box, mark: Mark, seen: View, form: Form = FORM) -> float:
    """One cell of a matrix: mark and letter, one dot a person where their number is known, words; returns its end."""
    middle, top = (box[0] + box[2]) / 2, box[1]
    if mark.state == NOTHING:
        canvas.hatched((box[0] + 3, box[1] + 3, box[2] - 3, box[3] - 3))
    elif mark.state in (WITHHELD, FEW, UNASKED):
        text = seen.say(f"cell_{mark.state}")
        if mark.state != UNASKED:
            canvas.frame((box[0] + 3, box[1] + 3, box[2] - 3, box[3] - 3))
        canvas.text(middle, (box[1] + box[3]) / 2 + 4, text, QUIET)
    if mark.state not in DRAWN:
        return box[3]
    if not told_in_words(mark):
        top = (box[1] + box[3]) / 2 - 17
    y = top + 17
    draw(canvas, (middle, y), mark, form)
    if mark.confidence:
        canvas.text(middle + 14, y + 4, letter(mark.confidence, seen), Style(size=11.5, colour="muted"))
    return strip(canvas, (middle, y + 19), mark, seen, form=form, wide=box[2] - box[0])


def told_in_words(mark: Mark) -> bool:
    """Whether a cell says a number of people below its mark."""
    return mark.row is not None and (mark.row["n"] is not None or bool(mark.row["band"])) and mark.row["n"] != 0


def dotted(mark: Mark) -> bool:
    """Whether each person asked is a dot."""
    row = mark.row
    return told_in_words(mark) and row is not None and row["k"] is not None and row["n"] <= STRIP


def strip(
    canvas: Canvas, at: tuple[float, float], mark: Mark, seen: View, *, form: Form = FORM, wide: float = 90
) -> float:
    """One dot a person asked (filled: said so), then k of n in words; returns the y below."""
    x, y = at
    row = mark.row
    if row is None or not told_in_words(mark):
        return y
    if dotted(mark):
        a_line = max(1, min(row["n"], int((wide - 8) // 8)))
        for order in range(row["n"]):
            dx = (order % a_line - (min(a_line, row["n"]) - 1) / 2) * 8
            said = order < row["k"]
            canvas.dot(x + dx, y + 8 * (order // a_line), 3, form.colour if said else "line", hollow=not said)
        y += 8 * ((row["n"] - 1) // a_line) + 10
    for line in in_lines(row, seen, wide):
        canvas.text(x, y + 8, line, SMALL)
        y += 14
    return y


def in_lines(row: Row, seen: View, wide: float) -> list[str]:
    """The words below a mark as they stand in a column of a width."""
    return wrap(counted(row, seen), wide - 14, 11.5)


def counted(row: Row, seen: View) -> str:
    """k of n, or the words that stand for it; "few" says how many at most."""
    if row["band"] in ("few", "all_but_few") and row["n"] is not None:
        margin = rules.margin(row["measure"], seen.release.pack) - 1
        facts = {"n": seen.number(row["n"], 0), "few": seen.number(margin, 0)}
        return seen.say(f"band_{row['band']}", **facts, many=seen.number(row["n"] - margin, 0))
    if row["band"]:
        return seen.labels.code("bands", row["band"])
    return numbers.share(row["k"] or 0, row["n"] or 0, seen.lang)


def letter(word: str, seen: View) -> str:
    """The printed letter of a confidence word."""
    return seen.say(f"letter_{word}")


def described(mark: Mark, seen: View) -> str:
    """A cell in words: what was said, of how many, how sure."""
    parts = [seen.say(f"state_{mark.state}")]
    if mark.row is not None and mark.state in DRAWN and told_in_words(mark):
        parts = [counted(mark.row, seen)] + ([seen.say(f"state_{mark.state}")] if mark.state == DISPUTED else [])
    if mark.confidence and mark.state in DRAWN:
        parts.append(seen.say("confidence_is", word=seen.labels.code("confidence", mark.confidence)))
    return ", ".join(parts)


def table_cell(mark: Mark, seen: View) -> Cell:
    """A table cell of a mark, leading to its estimate where there is one."""
    text = described(mark, seen)
    return cell(mark.row, seen, text) if mark.row is not None else words(text)


def with_more(first: Cell, more: Iterable[Number], seen: View) -> Cell:
    """A table cell with further numbers after the first."""
    spans = list(first)
    for number in more:
        spans += [*words(seen.say("then")), number]
    return tuple(spans)
