"""What each measure of the "who says what" family counts: the question, what a statement says, what it denies.

A key is what an id holds after the place: `("coopetition",)`, `("self_defence_group", "smuggler", "cooperation")`.
The same rules make k of n (shares) and the clusters for and against a finding (confidence).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from maillage.certainty import Stance
from maillage.estimate import UNSTATED
from maillage.evidence import Evidence
from maillage.measure.respondents import STATUS_ANSWERS, Statement

Key = tuple[str, ...]
POLARITY: Mapping[str, Stance] = {"present": "for", "absent": "against", "mixed": "mixed"}
REVERSED: Mapping[str, Stance] = {"present": "against", "absent": "silent", "mixed": "mixed"}
CONTROL: Mapping[str, Mapping[str, Stance]] = {
    "control": POLARITY,
    "none": REVERSED,
    "contested": dict.fromkeys(POLARITY, "mixed"),
    "influence": dict.fromkeys(POLARITY, "mixed"),
}


@dataclass(frozen=True, slots=True)
class Frame:
    """What the pack says that counting needs.

    `outsiders`: actors that are neither armed nor criminal; `people`: those of them who are communities;
    `sums`: answer -> the answers it is a part of.
    """

    outsiders: frozenset[str]
    people: frozenset[str]
    sums: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Rule:
    """How one measure counts.

    `parts`: columns of the estimate that the key fills, in order of the id. `per_market`: n is that of the market.
    `about`: whoever speaks about the place counts, wherever interviewed. `by_group`: by class of person instead of by
    place. `insiders_only`: ties with communities or the State are left out. `forced`: the actor is the one who coerces.
    `closed`: the list of the pack whose codes all get a number, 0 of n included.
    """

    question: str
    parts: tuple[str, ...]
    said: Callable[[Statement, Frame], list[Key]]
    per_market: bool = False
    about: bool = False
    by_group: bool = False
    insiders_only: bool = False
    forced: bool = False
    closed: str | None = None

    def ident(self, key: Key) -> tuple[str, ...]:
        """The parts of the id after the place; a pair is joined by ~."""
        return (f"{key[0]}~{key[1]}", *key[2:]) if self.parts[:2] == ("actor", "other") else key

    def base(self, item: Statement) -> Key:
        """Which denominator a statement belongs to."""
        return (item.market or UNSTATED,) if self.per_market else ()

    def names(self, item: Statement, frame: Frame) -> frozenset[Key] | None:
        """The only keys that a statement can take a stance on; None where that hangs on the key."""
        if item.answer == "denied" or _nobody_controls(item):
            return None
        return frozenset(self.said(item, frame))

    def stance(self, item: Statement, key: Key, frame: Frame) -> Stance:
        """For, against, mixed, or silent on `key`; a hypothesis is silent."""
        if item.hypothesised or not item.substantive:
            return "silent"
        if item.answer == "denied":
            return "against" if self._denies(item, key, frame) else "silent"
        if _nobody_controls(item):
            return REVERSED[item.polarity]
        if item.answer == "not_observed" or key not in self.said(item, frame):
            return "silent"
        if self.question == "presence":
            return (REVERSED if item.answer == "absent" else POLARITY)[item.polarity]
        if self.question == "control":
            return CONTROL.get(item.answer or "", POLARITY)[item.polarity]
        return POLARITY[item.polarity]

    def _denies(self, item: Statement, key: Key, frame: Frame) -> bool:
        """Whether a denial covers `key`: everything, unless it names a market, an actor or a pair."""
        if self.insiders_only and _left_out(item, frame):
            return False
        named = dict(zip(self.parts, key, strict=True))
        if item.market is not None and named.get("market", item.market) != item.market:
            return False
        if item.actor is None and item.other is None:
            return True
        if "other" in named:
            return pair(item) == (named["actor"], named["other"])
        if "actor" in named:
            return named["actor"] == (coercer(item, frame) if self.forced else item.actor)
        return True


def pair(item: Statement) -> tuple[str, str]:
    """The two actors of a link in alphabetical order."""
    first, second = sorted((item.actor or UNSTATED, item.other or UNSTATED))
    return first, second


def coercer(item: Statement, frame: Frame) -> str:
    """Who forces the other: the side that is no community, else the first actor."""
    if item.actor in frame.people and item.other is not None:
        return item.other
    return item.actor or UNSTATED


def _left_out(item: Statement, frame: Frame) -> bool:
    """Whether a tie involves a community or the State; a blank actor counts as armed or criminal."""
    return item.actor in frame.outsiders or item.other in frame.outsiders


def _answer(item: Statement) -> list[str]:
    return [] if item.answer is None or item.answer in STATUS_ANSWERS else [item.answer]


def _answers(item: Statement, frame: Frame) -> list[Key]:
    return [(code,) for answer in _answer(item) for code in (answer, *frame.sums.get(answer, ()))]


def _links(item: Statement, frame: Frame) -> list[Key]:
    return [] if _left_out(item, frame) else [(answer,) for answer in _answer(item)]


def _pairs(item: Statement, frame: Frame) -> list[Key]:
    forced = item.coerced and (item.actor in frame.people or item.other in frame.people)
    return [(*pair(item), answer) for answer in _answer(item) if not (forced and answer == "cooperation")]


def _by_market(item: Statement, frame: Frame) -> list[Key]:
    return [] if item.market is None else [(item.market, *key) for key in _links(item, frame)]


def _contents(item: Statement, frame: Frame) -> list[Key]:
    return [(content,) for content in item.content] if _links(item, frame) else []


def _coercion(item: Statement, frame: Frame) -> list[Key]:
    return [(coercer(item, frame),)] if item.coerced and _answer(item) else []


def _market(item: Statement, frame: Frame) -> list[Key]:
    return [(item.market or UNSTATED,)] if _answer(item) else []


def _roles(item: Statement, frame: Frame) -> list[Key]:
    role = item.role or next(iter(_answer(item)), None)
    return [] if role is None else [(item.market or UNSTATED, item.actor or UNSTATED, role)]


def _control(item: Statement, frame: Frame) -> list[Key]:
    return [(item.actor or UNSTATED,)] if _answer(item) and not _nobody_controls(item) else []


def _nobody_controls(item: Statement) -> bool:
    """Whether a statement says that no actor at all controls the place."""
    return item.question == "control" and item.answer == "none" and item.actor is None


RULES: dict[str, Rule] = {
    "links": Rule("link", ("answer",), _links, insiders_only=True, closed="link_types"),
    "links_about": Rule("link", ("answer",), _links, insiders_only=True, about=True, closed="link_types"),
    "links_pair": Rule("link", ("actor", "other", "answer"), _pairs),
    "links_by_market": Rule("link", ("market", "answer"), _by_market, insiders_only=True),
    "link_contents": Rule("link", ("answer",), _contents, insiders_only=True),
    "links_by_class": Rule("link", ("answer",), _links, insiders_only=True, by_group=True, closed="link_types"),
    "coercion": Rule("link", ("actor",), _coercion, forced=True),
    "control": Rule("control", ("actor",), _control),
    "markets": Rule("presence", ("market",), _market, per_market=True),
    "roles": Rule("role", ("market", "actor", "answer"), _roles, per_market=True),
    "factors": Rule("factor", ("answer",), _answers),
    "needs": Rule("need", ("answer",), _answers),
}


def rule(name: str, spec: Mapping[str, Any]) -> Rule:
    """The rule of a measure; one that is not listed counts the answers to the question its pack entry names."""
    return RULES[name] if name in RULES else Rule(str(spec["question"]), ("answer",), _answers)


def frame(evidence: Evidence) -> Frame:
    """What the pack of a study says of its actors and of factors that are sums of others."""
    kinds = {code: entry.attributes.get("class") for code, entry in evidence.pack.lists.get("actors", {}).items()}
    sums: dict[str, tuple[str, ...]] = {}
    for name, entry in sorted(evidence.pack.lists.get("factors", {}).items()):
        for part in entry.attributes.get("parts") or ():
            sums[part] = (*sums.get(part, ()), name)
    return Frame(
        outsiders=frozenset(code for code, kind in kinds.items() if kind in ("community", "state")),
        people=frozenset(code for code, kind in kinds.items() if kind == "community"),
        sums=sums,
    )
