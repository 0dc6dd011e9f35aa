"""What all numbers of a release, and of those before it, tell together; what must go so that they tell on nobody.

What is held back would itself tell of the answers if it followed from them alone. So each count is judged by what is
told already and by every answer that it could have been, the true one or not (simulatable auditing: K. Kenthapadi,
N. Mishra and K. Nissim 2005, section 4): which answers are told as they are, which in words and which not at all is
settled before the true one is looked at, and a reader who knows these rules is taken to know it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from maillage.publish.attacker import Attacker
from maillage.publish.unknowns import Bounds, Cell, Count, What, connected, remembered, unknowns

Form = Literal["as_it_is", "words", "withheld"]
EACH = 6  # answers on one side of the middle that are tried one by one


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a count: how it is told, and what a reader then knows of it, None where nothing."""

    name: str
    form: Form
    known: Bounds


def settled(counts: Sequence[Count], *, fixed: Sequence[Count] = ()) -> dict[str, Verdict]:
    """Counts that must say less, by name; a count that is not in it keeps what it says.

    counts: all counts of a release, withheld ones included (no `ways`): what is held back must not follow. fixed:
    counts of earlier releases, which stand whatever happens. Kept are the largest groups, then the lower `order`;
    deterministic.
    """
    out: dict[str, Verdict] = {}
    for group in connected([*counts, *remembered(fixed, counts)]):
        if any(count.ways for count in group):
            out |= {each.name: each for each in _group(group, {count.name for count in fixed})}
    return out


def given_away(counts: Sequence[Count], *, fixed: Sequence[Count] = ()) -> list[tuple[What, frozenset[str]]]:
    """Of whom a reader works out what they said, by what is published of `counts` and `fixed`: the statement and the
    people, or the people of a count that may not be known; empty for a release that is safe."""
    found: list[tuple[What, frozenset[str]]] = []
    for group in connected([*counts, *remembered(fixed, counts)]):
        attacker = Attacker(unknowns(group))
        for index, count in enumerate(group):
            attacker.hear(index, count.told)
        found += attacker.knows()
    return found


def narrowed(counts: Sequence[Count], verdicts: Mapping[str, Verdict]) -> list[Count]:
    """The counts as a reader knows them after `settled`."""
    known = {name: verdict.known or (None, None) for name, verdict in verdicts.items()}
    return [
        replace(count, least=known[count.name][0], most=known[count.name][1]) if count.name in known else count
        for count in counts
    ]


def _group(group: Sequence[Count], fixed: set[str]) -> list[Verdict]:
    """The counts of one connected group that must say less."""
    attacker = Attacker(unknowns(group))
    for index, count in enumerate(group):
        if count.name in fixed:
            attacker.hear(index, count.told)
    attacker.accept()
    rank = sorted(
        (i for i, count in enumerate(group) if count.name not in fixed and count.ways),
        key=lambda i: (-len(group[i].asked), group[i].order, group[i].name),
    )
    out: list[Verdict] = []
    for index in rank:
        verdict = _told(attacker, index, group[index])
        attacker.hear(index, verdict.known)
        if verdict.form != "as_it_is":
            out.append(verdict)
    return out


def _told(attacker: Attacker, index: int, count: Count) -> Verdict:
    """The finest way to tell a count; what the true answer is has a part in it only once the way is settled."""
    said = len(count.said)
    for at, way in enumerate(count.ways):
        for form, cell in _plan(attacker, index, count, way):
            if cell[0] <= said <= cell[1]:
                worded = form == "as_it_is" and at > 0
                return Verdict(count.name, "words" if worded else form, cell)
    return Verdict(count.name, "withheld", None)


def _plan(attacker: Attacker, index: int, count: Count, way: Sequence[Cell]) -> list[tuple[Form, Cell]]:
    """How each answer of a way is told, empty where the way cannot be gone; all of it is settled before the true one.

    In a polytope, what every unknown may be gets narrower from the middle answers to the extreme ones: those that
    would give somebody away lie at the ends. They are told as one, in words or not at all, together with as many of
    those beside them as it takes.
    """
    possible = attacker.possible(index, way)
    free = [cell for cell in possible if count.accepts(cell) and (count.atoms or attacker.is_safe(index, cell))]
    cells = [cell for cell in possible if cell not in free]
    plan: list[tuple[Form, Cell]] = [("as_it_is", cell) for cell in free]
    if not cells:
        return plan
    low, high = _safe_run(attacker, index, cells)
    while 0 < low <= high and not attacker.is_safe(index, (cells[0][0], cells[low - 1][1])):
        low += 1
    while low <= high < len(cells) - 1 and not attacker.is_safe(index, (cells[high + 1][0], cells[-1][1])):
        high -= 1
    if low > high:
        return []
    ends = [(cells[part][0][0], cells[part][-1][1]) for part in (slice(0, low), slice(high + 1, None)) if cells[part]]
    forms = _forms(count, ends)
    return [] if forms is None else [
        *plan, *(("as_it_is", cell) for cell in cells[low : high + 1]), *zip(forms, ends, strict=True)
    ]  # fmt: skip


def _safe_run(attacker: Attacker, index: int, cells: Sequence[Cell]) -> tuple[int, int]:
    """The first and last of the answers around the middle that may all be told, (1, 0) where none may."""

    @cache
    def safe(at: int) -> bool:
        return attacker.is_safe(index, cells[at])

    probes = dict.fromkeys(len(cells) * part // 8 for part in (4, 2, 6, 3, 5, 1, 7))
    middle = next((at for at in probes if safe(at)), None)
    if middle is None:
        return 1, 0
    low = middle - _last(lambda step: safe(middle - step), middle)
    high = middle + _last(lambda step: safe(middle + step), len(cells) - 1 - middle)
    return low, high


def _last(holds: Callable[[int], bool], most: int) -> int:
    """The largest step up to `most` up to which it holds.

    Each is tried: where only some whole numbers fit, what may be told can stand between what may not. Of many it is
    taken that it holds up to some step and never after; but for the last, which can be wide ("2 or fewer") and may then
    be told where the narrow one before it may not.
    """
    if most <= EACH:
        return next((step - 1 for step in range(1, most + 1) if not holds(step)), most)
    low, high = 0, most
    if holds(most - 1):
        return most if holds(most) else most - 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


def _forms(count: Count, ends: Sequence[Cell]) -> list[Form] | None:
    """How extreme answers are told: in words where one word fits them, and two ends never alike; None if they must."""
    spoken = count.ways[-1] if len(count.ways) > 1 else ()
    words = [next((word for word in spoken if word[0] <= cell[0] and cell[1] <= word[1]), None) for cell in ends]
    forms: list[Form] = ["words" if word else "withheld" for word in words]
    if len(ends) < 2 or words[0] != words[1]:
        return forms
    return ["words", "withheld"] if words[0] else None
