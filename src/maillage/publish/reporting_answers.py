"""What the records of a study answer to the items of a reporting checklist, by the name that the item gives its record.

An answer is None where the records do not know; `full` is False where they know only part of what an item asks.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version

from maillage import numbers
from maillage.blocks import Link, Number, Span
from maillage.publish.reporting_spans import BLANK, LOG, SETTINGS, count, counted, declared, estimate, listed, told
from maillage.publish.view import Row, View

WHOLE = "sample/ALL/ALL"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said, and whether that is all the item asks."""

    spans: Sequence[Span]
    full: bool = True


def _framework(seen: View) -> Answer:
    pack = seen.release.pack
    return Answer(told(seen, "reporting_framework", pack=declared(pack.title[seen.lang], pack.id)), full=False)


def _plan(seen: View) -> Answer | None:
    row = seen.release.estimate(WHOLE)
    if row is None or row["planned"] is None:
        return None
    return Answer(told(seen, "reporting_plan", planned=estimate(row, seen, "planned")), full=False)


def _size(seen: View) -> Answer | None:
    row = seen.release.estimate(WHOLE)
    if row is None:
        return None
    if row["status"] == "ok":
        return Answer(told(seen, "reporting_size", done=estimate(row, seen, "value")))
    return Answer(_without(row, seen), full=False)


def _refusals(seen: View) -> Answer | None:
    row = seen.release.estimate(WHOLE)
    if row is None:
        return None
    if row["status"] == "withheld":
        return Answer(_without(row, seen), full=False)
    if row["missing"] == 0:
        return Answer([*told(seen, "reporting_refused_none"), *_gone(seen)], full=False)
    if row["missing"] is None:
        spans = told(seen, "reporting_refused_few", least=_least(seen))
    else:
        spans = told(seen, "reporting_refused", refused=estimate(row, seen, "missing"))
    reasons = _values("refusals", "refusals", seen)
    return Answer([*spans, *(told(seen, "reporting_reasons", reasons=reasons) if reasons else ()), *_gone(seen)])


def _gone(seen: View) -> Sequence[Span]:
    """Who withdrew or was erased after the interview, where that may be said."""
    known = seen.release.records.counts
    withdrawn, erased, together = (known.get(name) or 0 for name in ("withdrawn", "erased", "gone"))
    if withdrawn or erased:
        return told(seen, "reporting_gone", withdrawn=count(seen, withdrawn), erased=count(seen, erased))
    return told(seen, "reporting_gone_many", n=count(seen, together)) if together else ()


def _people(seen: View) -> Answer:
    families = [
        [*declared(seen.labels.code("families", row["group"]), LOG), BLANK, number]
        for row in seen.rows("sample", place="ALL", status="ok")
        if row["group"] not in ("ALL", *seen.release.pack.codes("stakeholders"))
        for number in estimate(row, seen, "value")
    ]
    spans = told(seen, "reporting_classes", classes=listed(seen, families)) if families else []
    for name, codes in (("sexes", "sex"), ("ages", "age_band")):
        values = [] if _protected(seen) else _values(name, codes, seen)
        spans += told(seen, f"reporting_{name}", values=values) if values else []
    known = seen.release.records.described
    spans += told(seen, "reporting_described") if known and _protected(seen) else []
    return Answer(spans or told(seen, "reporting_too_few", among=()), full=known and bool(families))


def _guide(seen: View) -> Answer | None:
    pack = seen.release.pack
    if pack.guide is None:
        return None
    spans = told(
        seen,
        "reporting_guide",
        pack=declared(f"{pack.id} {pack.version}", pack.id),
        questions=count(seen, len(pack.guide.questions), pack.id),
        themes=count(seen, len(pack.guide.themes), pack.id),
    )
    used = [declared(f"{name} ({', '.join(langs)})", LOG) for name, langs in seen.release.records.guides]
    spans += [BLANK, *told(seen, "reporting_guide_used", guides=listed(seen, used))] if used else []
    return Answer(spans, full=False)


def _saturation(seen: View) -> Answer | None:
    row = seen.release.estimate("saturation/ALL")
    if row is None:
        return None
    if row["status"] == "withheld":
        return Answer(verdict(row, seen), full=False)
    return Answer([*verdict(row, seen), BLANK, *told(seen, "reporting_coverage")])


def verdict(row: Row, seen: View) -> list[Span]:
    """Whether further interviews in a place still brought new themes, as far as that may be said."""
    if row["status"] == "withheld":
        return _without(row, seen)
    n = estimate(row, seen, "n") if row["n"] is not None else None
    if row["answer"] == "reached":
        of = told(seen, "reporting_of", n=n) if n else []
        return told(seen, "reporting_reached", at=estimate(row, seen, "value"), of=of)
    key = f"reporting_{row['answer']}"
    if n is None:
        return [Number(row["id"], seen.labels.phrase(key, among=""))]
    return told(seen, key, among=told(seen, "reporting_among", n=n))


def _coders(seen: View) -> Answer:
    found = seen.release.records
    numbered = {name: value for name, value in found.counts.items() if value is not None}
    spans = told(seen, "reporting_coders", n=count(seen, numbered["coders"]))
    if found.coders:
        spans += told(seen, "reporting_coder_ids", ids=declared(numbers.items(found.coders, seen.lang), SETTINGS))
    if "twice" in numbered:
        spans += told(seen, "reporting_twice", n=count(seen, numbered["twice"]))
    if numbered.get("twice") and "blind" in numbered:
        spans += told(seen, "reporting_blind", n=count(seen, numbered["blind"]))
    if seen.rows("agreement", status="ok"):
        spans += [
            BLANK,
            Link(seen.labels.phrase("reporting_see_agreement"), "#reporting-agreement"),
        ]
    return Answer(spans)


def _codebook(seen: View) -> Answer:
    pack, found = seen.release.pack, seen.release.records.counts
    spans = told(
        seen,
        "reporting_codebook",
        pack=declared(f"{pack.id} {pack.version}", pack.id),
        questions=count(seen, len(pack.questions), pack.id),
        codes=count(seen, sum(map(len, pack.lists.values())), pack.id),
    )
    if found["own_codes"]:
        own, retired = (count(seen, found[name] or 0) for name in ("own_codes", "retired_codes"))
        spans += told(seen, "reporting_own_codes", own=own, retired=retired)
    return Answer(spans)


def _themes(seen: View) -> Answer:
    own = seen.release.records.counts["own_codes"]
    return Answer(told(seen, "reporting_themes_own" if own else "reporting_themes"))


def _software(seen: View) -> Answer:
    return Answer(told(seen, "reporting_software", version=declared(version("maillage"), "maillage")))


def _reviews(seen: View) -> Answer | None:
    return Answer(told(seen, "reporting_reviews"), full=False) if seen.release.records.reviewed else None


def _quotes(seen: View) -> Answer:
    allowed = seen.release.records.counts["quotes"]
    spans = told(seen, "reporting_quotes")
    spans += told(seen, "reporting_quotes_allowed", n=count(seen, allowed)) if allowed is not None else []
    return Answer(spans, full=False)


def _context(seen: View) -> Answer | None:
    settings = seen.release.settings
    if not settings.countries or not settings.period:
        return None
    when = declared(numbers.date(settings.period, seen.lang), SETTINGS)
    return Answer(
        told(seen, "reporting_context", where=declared(seen.places(settings.countries), SETTINGS), when=when),
        full=False,
    )


def _ethics(seen: View) -> Answer:
    spans = told(seen, "reporting_ethics")
    spans += told(seen, "reporting_sealed") if seen.release.settings.sealed == "informants" else []
    spans += told(seen, "reporting_threshold", least=_least(seen)) if _protected(seen) else []
    return Answer(spans, full=False)


def _collection(seen: View) -> Answer:
    named = seen.release.records.named
    kinds = [(code, many) for name in ("kinds", "papers") for code, many in named[name]]
    cells = [counted(seen, seen.labels.code("source_kinds", code), many) for code, many in dict(kinds).items()]
    spans = told(seen, "reporting_kinds", kinds=listed(seen, cells)) if cells else []
    years = [counted(seen, year, many) for year, many in named["years"]]
    spans += told(seen, "reporting_years", years=listed(seen, years)) if years else []
    return Answer([*spans, *_only(seen)], full=False)


def _languages(seen: View) -> Answer | None:
    named = numbers.locale(seen.lang).languages
    cells = [counted(seen, named.get(code, code), many) for code, many in seen.release.records.named["languages"]]
    if not cells:
        return None
    return Answer([*told(seen, "reporting_languages", languages=listed(seen, cells)), *_only(seen)], full=False)


def _values(name: str, codes: str, seen: View) -> list[Span]:
    """The values of a list of the records, in words."""
    named = seen.release.records.named[name]
    return listed(seen, [counted(seen, seen.labels.code(codes, code), many) for code, many in named])


def _only(seen: View) -> Iterator[Span]:
    """That only what enough people share is named; said whether or not there is more."""
    if _protected(seen):
        yield from told(seen, "reporting_only", least=_least(seen))


def _protected(seen: View) -> bool:
    return seen.release.records.least > 0


def _least(seen: View) -> list[Span]:
    return count(seen, seen.release.records.least, SETTINGS)


def _without(row: Row, seen: View) -> list[Span]:
    """That there is no number, as a number that can be opened."""
    key = "reporting_nobody" if row["reason"] == "none_done" else "reporting_withheld"
    return [Number(row["id"], seen.labels.phrase(key))]


def _say(key: str, target: str = "", *, full: bool = True) -> Callable[[View], Answer]:
    """The same answer for every study, which may lead to a section."""

    def answer(seen: View) -> Answer:
        where = [Link(seen.labels.phrase("reporting_see"), target)] if target else []
        return Answer([*told(seen, key), *([BLANK] if where else []), *where], full)

    return answer


ANSWERS: Mapping[str, Callable[[View], Answer | None]] = {
    "framework": _framework, "plan": _plan, "size": _size, "refusals": _refusals, "people": _people, "guide": _guide,
    "saturation": _saturation, "coders": _coders, "codebook": _codebook, "themes": _themes, "software": _software,
    "reviews": _reviews, "quotes": _quotes, "context": _context, "ethics": _ethics, "collection": _collection,
    "languages": _languages, "traced": _say("reporting_traced", "#method"),
    "main": _say("reporting_main", "#key_findings"), "minor": _say("reporting_minor"),
    "titled": _say("reporting_titled"), "processing": _say("reporting_processing"),
    "trust": _say("reporting_trust", "#method-confidence"), "actions": _say("reporting_actions", full=False),
    "limits": _say("reporting_limits", "#gaps", full=False),
}  # fmt: skip
