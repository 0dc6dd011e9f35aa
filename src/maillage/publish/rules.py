"""What the gate decides of one number: said as it is, put into words, or withheld with its reason.

Only sources that are not public count as informants; a document or data set whose sensitivity is blank or low is
public evidence and carries its own numbers.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from maillage.errors import MaillageError
from maillage.evidence import Evidence
from maillage.pack import Pack

Row = Mapping[str, Any]
LEAST = {"public": 5, "partners": 3}
SMALL, MARGIN, ACCUSED_MARGIN = 10, 3, 5
MAYBE_NONE = frozenset({"half_or_fewer", "few"})  # words that leave open whether anybody said so
KINDS = {"shares", "scores", "coverage", "amounts", "totals", "flows", "figures", "responses", "published", "spread",
         "events", "indicators", "priorities", "agreement", "index"}  # fmt: skip
UNRULED = {"market_variety", "market_overlap"}  # from such numbers one can work back to how many said what
UNRULED_BELOW = {"active_markets"}  # counts those alone who say so: told of a part, it would say that some did
WEIGHED, DOMINANT = {"scores", "spread", "index"}, 0.6
NAMING = {"link", "role", "levy", "flow", "control"}  # kinds of statements that name an actor
ROUTED_KINDS, ROUTED = {"amounts", "totals", "flows"}, {"control", "levies", "levy_totals", "flows"}
SHOWN_LEVELS = {"admin0", "admin1", "admin2", "country", "world_region"}
NO_PLACE, NO_CLASS = {"ALL", "unstated"}, "ALL"
FEW = "too_few_informants"  # of a row that says nothing else, so that few and nobody read alike
PERSONAL = {"interview", "focus_group", "expert_meeting"}
PUBLIC_TRACE = ("event:", "indicator:")  # how ids of open data begin
COUNTS = ("value", "low", "high", "k", "n", "missing", "clusters", "planned", "feasible", "feasible_about", "interval",
          "age_months")  # fmt: skip
SAID = ("group", "actor", "other", "market", "answer", "period", "month", "base", "per", "good", "to", "currency")
BLANKED = (*COUNTS, "confidence", "band", "open_low", "open_high", "meaning", "direction")


@dataclass(frozen=True, slots=True)
class Rules:
    """What the gate knows of the study and the audience.

    `informants`: statement id or `source:ID` -> source id, of sources that are not public. `people`: those of them
    that are persons. `known`: every id a trace may name. `naming`: measures of statements that name actors.
    """

    audience: str
    threshold: int
    included: frozenset[str]
    informants: Mapping[str, str]
    people: frozenset[str]
    known: frozenset[str]
    level: Mapping[str, str]
    accusing: frozenset[str]
    naming: frozenset[str] = frozenset()

    def behind(self, trace: Iterable[str] | None) -> frozenset[str]:
        """The informants (source ids) a trace leads to."""
        return frozenset(self.informants[item] for item in trace or () if item in self.informants)

    def strict(self, row: Row) -> bool:
        """Whether the public rule holds: for everybody but partners, and for partners who are spoken of.

        They may be where a number names nobody: how many tell of links counts what is told of theirs.
        """
        spoken_of = {row["actor"], row["other"]} - {None}
        if self.audience != "partners" or spoken_of & self.included:
            return True
        return bool(self.included) and not spoken_of and row["measure"] in self.naming

    def least(self, row: Row) -> int:
        """How many informants a number needs; a coefficient of few would give away how their answers are spread."""
        if not self.strict(row):
            return self.threshold
        return max(self.threshold, SMALL if row["kind"] == "agreement" else LEAST["public"])

    def enough(self, informants: frozenset[str], least: int) -> bool:
        """Whether so many stand behind a number; papers that are not public do not make up for missing people."""
        return not informants or len(informants & self.people or informants) >= least


def rules(evidence: Evidence, audience: str) -> Rules:
    """The rules of an audience; study.yml can make them stricter, never looser."""
    gated = evidence.sources.filter(~is_public())
    coded = evidence.coded
    told = coded.filter(pl.col("source").is_in(gated["id"].to_list()))
    informants = {f"source:{item}": str(item) for item in gated["id"]} | dict(told.select("id", "source").iter_rows())
    known = {*coded["id"].to_list(), *(f"source:{item}" for item in evidence.sources["id"])}
    rule = evidence.study.audiences[audience]
    accusing = frozenset(name for name, spec in evidence.pack.measures.items() if spec.get("accusation"))
    return Rules(
        audience=audience,
        threshold=max(rule.threshold, LEAST.get(audience, LEAST["public"])),
        included=_with_their_kind(rule.includes, evidence.pack),
        informants=informants,
        people=frozenset(gated.filter(pl.col("kind").is_in(sorted(PERSONAL)))["id"]),
        known=frozenset(known),
        level=dict(evidence.places.select("code", "level").iter_rows()),
        accusing=accusing,
        naming=frozenset(
            name for name, spec in evidence.pack.measures.items()
            if (question := evidence.pack.questions.get(str(spec.get("question")))) and question.kind in NAMING
        ),
    )  # fmt: skip


def _with_their_kind(actors: Iterable[str], pack: Pack) -> frozenset[str]:
    """Actors with all of their class and with the named groups that are part of them: who reads hears of these too."""
    kinds = {pack.attribute("actors", actor, "class") for actor in actors} - {None}
    near = {code for code in pack.codes("actors") if pack.attribute("actors", code, "class") in kinds}
    return frozenset({*actors, *near})


def is_public() -> pl.Expr:
    """Documents and data sets that are not sensitive; everything else is gated."""
    open_kind = pl.col("kind").is_in(["document", "dataset"])
    return open_kind & (pl.col("sensitivity").fill_null("low") == "low")


def margin(measure: str, pack: Pack) -> int:
    """How many people must stand on either side before k of n is said; more where somebody is accused."""
    return ACCUSED_MARGIN if (pack.measures.get(measure) or {}).get("accusation") else MARGIN


def decide(row: Row, known: Rules) -> dict[str, Any]:
    """One estimate as the audience may see it.

    Raises MaillageError `measure_unknown_release` for a kind of number the gate has no rule for.
    """
    if row["kind"] not in KINDS:
        raise MaillageError("measure_unknown_release", id=row["id"], kind=row["kind"])
    people = known.behind(rests_on(row))
    if row["status"] not in ("ok", "too_few"):
        return _no_number(row, people, known)
    reason = _reason(row, people, known)
    if reason:
        return withhold(row, reason)
    if row["kind"] == "coverage":
        return dict(row) | {"missing": _refused(row, known)}
    if not people or not known.strict(row):
        return dict(row)
    return SAYING.get(row["kind"], _as_it_is)(row, known)


def rests_on(row: Row) -> Sequence[str]:
    """Ids of the statements whose people make a number: of a mean only those on the scale, else all asked."""
    return (row["counted"] if row["kind"] == "scores" else row["trace"]) or []


def unseen(row: Row, known: Rules) -> bool:
    """Whether a row may not even be listed: levies, legs and control below the second level, public or not."""
    routed = row["measure"] in ROUTED or row["kind"] in ROUTED_KINDS
    return routed and any(too_small(row[key], known) for key in ("place", "to"))


def too_small(place: str | None, known: Rules) -> bool:
    """Whether a place is below the second level, or its level is not known."""
    if place is None or place in NO_PLACE or place.startswith("zone:"):
        return False
    return known.level.get(place) not in SHOWN_LEVELS


def withhold(row: Row, reason: str) -> dict[str, Any]:
    """The row without anything that could be said of it but its id and why."""
    words = set(re.split(r"[/~@:]", row["id"]))
    more = [name for name in SAID if row[name] is not None and row[name] not in words]
    gone = dict.fromkeys([*BLANKED, *more])
    return dict(row) | gone | {"status": "withheld", "reason": reason, "trace": [], "counted": []}


def in_words(row: Row) -> dict[str, Any]:
    """A share as `more than half` or `half or fewer`, without k and n.

    More than half must still hold after one answer in ten, at least one, is turned round.
    """
    k, n = int(row["k"] or 0), int(row["n"])
    more = k - max(1, math.ceil(n / 10)) > n / 2
    return _banded(row, "more_than_half" if more else "half_or_fewer")


def _no_number(row: Row, people: frozenset[str], known: Rules) -> dict[str, Any]:
    """What could not be computed: its reason stays, the counts behind it do not, unless they rest on nobody."""
    if not people or row["status"] == "withheld":
        return dict(row)
    if row["kind"] == "agreement" and known.strict(row):
        return withhold(row, "no_rule")  # why it has no value is that all answers are alike
    few = not known.enough(people, known.least(row))
    if row["kind"] == "coverage" and row["place"] != "ALL":
        return withhold(row, "cross_table")
    if few and row["kind"] != "priorities":
        return withhold(row, FEW)
    return dict(row) | dict.fromkeys(COUNTS) if few or known.strict(row) else dict(row)


def _reason(row: Row, people: frozenset[str], known: Rules) -> str | None:
    """Why a number may not be said, None where it may."""
    traced = row["trace"] or []
    if any(not item.startswith(PUBLIC_TRACE) and item not in known.known for item in traced):
        return "source_unknown"
    if row["kind"] == "coverage" and row["place"] != "ALL":
        return "cross_table"
    if not traced:
        numbers = (row[name] for name in ("value", "low", "high", "k", "n"))
        return "no_rule" if row["status"] == "ok" or any(numbers) else None
    if unruled(row, known):
        return "no_rule"
    if not known.enough(people, known.least(row)):
        return FEW
    if people and known.strict(row) and row["kind"] in WEIGHED and _is_one_voice(traced, known):
        return "dominance"
    asked = {"scores": len(people), "index": row["n"] or 0}.get(row["kind"], SMALL)
    return "too_few_for_mean" if people and known.strict(row) and asked < SMALL else None  # it gives answers away


def unruled(row: Row, known: Rules) -> bool:
    """Whether no rule lets a number out where people were heard in the study, whoever speaks in this one."""
    below = row["measure"] in UNRULED_BELOW and not is_whole(row)
    return bool(known.people) and (row["measure"] in UNRULED or below)


def _is_one_voice(traced: Sequence[str], known: Rules) -> bool:
    """Whether one informant supplies more than the largest share of the statements behind a number."""
    said = Counter(known.informants[item] for item in traced if item in known.informants)
    return max(said.values(), default=0) > DOMINANT * len(traced)


def is_whole(row: Row) -> bool:
    """Whether a number speaks of everybody in the study, not of a place, class or year."""
    return row["place"] == "ALL" and row["group"] is None and row["period"] is None


def _share(row: Row, known: Rules) -> dict[str, Any]:
    """A share among informants: words under ten, k of n where neither side is small, else words with n."""
    if row["n"] is None:
        return withhold(row, "no_rule")
    k, n = int(row["k"] or 0), int(row["n"])
    if n < SMALL:
        return in_words(row)
    least = ACCUSED_MARGIN if row["measure"] in known.accusing else MARGIN
    if (k in (0, n) and is_whole(row)) or least <= k <= n - least:
        return dict(row)
    return _banded(row, "few" if k < least else "all_but_few") | {"n": n}


def _score(row: Row, known: Rules) -> dict[str, Any]:
    """A mean to one decimal, without the smallest and largest answer: each is one person's.

    How many were asked is said only where all of them gave an answer on the scale.
    """
    told = {"value": round(row["value"], 1), "low": None, "high": None, "interval": None}
    whole = len(known.behind(rests_on(row))) == row["n"]
    return dict(row) | told | {"n": row["n"] if whole else None}


def _agreement(row: Row, known: Rules) -> dict[str, Any]:
    """A coefficient to two decimals, with how many statements were coded twice, not how many were alike."""
    told = {name: None if row[name] is None else round(row[name], 2) for name in ("value", "low", "high")}
    return dict(row) | told | {"k": None, "missing": None}


def _spread(row: Row, known: Rules) -> dict[str, Any]:
    """A number of markets, without how many people named any: the others named none."""
    return dict(row) | {"n": None, "clusters": None}


def in_whole_numbers(row: Row, known: Rules) -> dict[str, Any]:
    """A score, a rank or a shift as a whole number, a share of draws in tenths, without how many were asked."""
    decimals = 1 if row["unit"] == "share" else 0
    told = {name: None if row[name] is None else round(row[name], decimals) for name in ("value", "low", "high")}
    return dict(row) | told | {"n": None}


def _as_it_is(row: Row, known: Rules) -> dict[str, Any]:
    return dict(row)


def _banded(row: Row, band: str) -> dict[str, Any]:
    return dict(row) | dict.fromkeys(COUNTS) | {"band": band}


def _refused(row: Row, known: Rules) -> int | None:
    """How many refused: of everybody together only, since classes and total would give small counts away."""
    return None if row["group"] != NO_CLASS or 0 < (row["missing"] or 0) < known.threshold else row["missing"]


SAYING: Mapping[str, Callable[[Row, Rules], dict[str, Any]]] = {
    "shares": _share, "scores": _score, "agreement": _agreement, "spread": _spread, "index": in_whole_numbers,
}  # fmt: skip
