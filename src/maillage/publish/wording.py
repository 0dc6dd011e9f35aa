"""An estimate in words: what a reader may be told, in English and French, without saying more than is known.

Counts come as k of n; words replace them where the gate said so; a published per cent brings every k of n that fits
it; an amount brings the meaning of its range; what could not be computed says what is missing.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from maillage import numbers
from maillage.labels import Labels, phrases
from maillage.publish import index_words, rules

FORMS = ("words", "value", "range", "n")
NO_GOOD = "levies"  # the market of a levy on no good in particular
MONEY = {"XOF", "EUR", "USD", "MRU"}
DECIMALS = {"index": 3, "alpha": 2, "p": 3, "z": 2, "tau": 2, "quotient": 2, "overlap": 2, "kinds": 1, "crps": 1,
            "events_per_month": 1, "events_per_year": 1}  # fmt: skip
Row = Mapping[str, Any]


def say(row: Row, labels: Labels, form: str = "words") -> str:
    """`row` (an estimate of a Release) in words; form is words, value, range or n."""
    if row["status"] != "ok":
        return reason(row, labels)
    text = " ".join(filter(None, [_number(row, labels, form), foreseen(row, labels) if form != "n" else ""]))
    if row.get("released") and form == "words":
        return labels.phrase("as_released", words=text, date=numbers.date(row["released"], labels.lang))
    return text


def subject(row: Row, rows: Iterable[Row], labels: Labels) -> str:
    """What a figure counts: with its market where `rows` give the same of several, and marked where it is about the
    source itself (`of_source` in the pack) and not about crime."""
    text = answer(row, labels)
    markets = {other["market"] for other in rows if other["answer"] == row["answer"]}
    if row["market"] and len(markets) > 1:
        text = labels.phrase("figure_of_market", what=text, market=labels.code("markets", row["market"]))
    return labels.phrase("figure_of_source", what=text) if of_source(row, labels) else text


def of_source(row: Row, labels: Labels) -> bool:
    """Whether a figure tells of the work of a source."""
    return bool(labels.pack.attribute("figures", row["answer"], "of_source"))


def _number(row: Row, labels: Labels, form: str) -> str:
    """A number in words, as if there had been no release before."""
    if form == "n":
        return numbers.number(row["n"], labels.lang, 0) if row["n"] is not None else labels.phrase("n_unknown")
    if row["band"]:
        return _band(row, labels)
    if form == "value" and row["unit"] != "share":  # a per cent never stands without what it is of
        return _value(row, labels)
    if form == "range" and row["unit"] != "share":
        return _range(row, labels) or _value(row, labels)
    return _words(row, labels)


def foreseen(row: Row, labels: Labels) -> str:
    """That a number is a projection; blank for what was observed."""
    return labels.phrase("projected") if row["meaning"] == "projected" and row["status"] == "ok" else ""


def reason(row: Row, labels: Labels) -> str:
    """Why there is no number."""
    key = f"reason_{row['reason']}"
    text = labels.phrase(key) if key in phrases() else labels.phrase("reason_unknown")
    status = {"withheld": "status_withheld", "too_few": "status_too_few"}.get(
        str(row["status"]), "status_not_computable"
    )
    told = labels.phrase(status, reason=text)
    return labels.phrase("status_rung", told=told, where=rung(row, labels)) if row.get("rung") else told


def rung(row: Row, labels: Labels) -> str:
    """Where a withheld number can be read instead: a larger place, a wider class, all years."""
    stem, _, variant = str(row["rung"]).partition("@")
    _, first, *rest = stem.split("/")
    if row["to"]:
        where = f"{labels.place(rest[0])} → {labels.place(rest[1])}"
    elif row["kind"] == "coverage" and row["group"]:
        where = _code("stakeholders", rest[0], labels)
    elif row["group"]:
        where = _code("stakeholders", first, labels)
    else:
        where = labels.place(first)
    return labels.phrase("all_years", where=where) if (row["period"] or "@" in row["id"]) and not variant else where


def place_of(row: Row, labels: Labels) -> str:
    """Where: `in Gao`, `in all places together`."""
    place = row["place"]
    if place is None:
        return ""
    if place == "ALL":
        return labels.phrase("in_all")
    return labels.phrase("in_zone" if place.startswith("zone:") else "in_place", place=labels.place(place))


def label(row: Row, labels: Labels) -> str:
    """What the number is about: `links between armed and criminal actors: coopetition, Gao`."""
    if row["kind"] == "index":
        return index_words.label(row, labels)
    lists = (
        ("market", "markets"), ("actor", "actors"), ("other", "actors"), ("good", "goods"), ("group", "stakeholders"),
    )  # fmt: skip
    levied = row["kind"] == "amounts" and row["market"] == NO_GOOD and row["answer"]
    parts = [_code(name, row[key], labels) for key, name in lists if row[key] and not (levied and key == "market")]
    if row["answer"]:
        parts.append(answer(row, labels))
    based = row["base"] and row["base"] != "unstated"
    parts += [labels.phrase("per_base", base=labels.code("bases", row["base"]))] if based else []
    where = labels.place(row["place"]) if row["place"] else ""
    if row["to"]:
        where = f"{where} → {labels.place(row['to'])}"
    when = index_words.moment(row, labels)
    tail = ", ".join(dict.fromkeys(part for part in [*parts, where, when] if part))
    return f"{labels.measure(row['measure'])}{numbers.NBSP if labels.lang == 'fr' else ''}: {tail}"


def _code(name: str, code: str, labels: Labels) -> str:
    """The label of a code; where classes of people are meant, of a family of them or of everybody too."""
    if name == "stakeholders" and code == rules.NO_CLASS:
        return labels.phrase("all_classes")
    family = name == "stakeholders" and code not in labels.pack.codes(name)
    return labels.code("families" if family else name, code)


def answer(row: Row, labels: Labels) -> str:
    """The answer's label, from the list its measure draws from."""
    if row["kind"] == "index":
        return index_words.node(row["answer"], labels)
    spec = labels.pack.measures.get(row["measure"]) or {}
    question = labels.pack.questions.get(str(spec.get("question")))
    lists = {"roles": "roles", "link_contents": "contents", "sample": "stakeholders", "items": "items"}
    named = "questions" if row["kind"] == "agreement" else lists.get(row["measure"])
    if row["measure"] == "indicators" or row["answer"] in labels.pack.indicators:
        about = labels.pack.indicators.get(row["answer"])
        return about["label"][labels.lang] if about else str(row["answer"])
    people = "families" if named == "stakeholders" else None
    for name in (named, people, question.answers if question else None, "link_types", "markets", "actors", "factors"):
        if name and (row["answer"] in labels.pack.codes(name)):
            return labels.code(name, row["answer"])
    if question and question.answers:
        return labels.code(question.answers, row["answer"])
    return labels.phrase(f"answer_{row['answer']}") if f"answer_{row['answer']}" in phrases() else str(row["answer"])


def _band(row: Row, labels: Labels) -> str:
    margin = rules.margin(row["measure"], labels.pack) - 1
    n = row["n"]
    facts = {"place": place_of(row, labels)}
    if n is not None:
        facts |= {"n": numbers.number(n, labels.lang, 0), "few": numbers.number(margin, labels.lang, 0)}
        facts |= {"many": numbers.number(n - margin, labels.lang, 0)}
    return labels.phrase(f"band_{row['band']}", **facts).strip()


def _words(row: Row, labels: Labels) -> str:
    teller = TELLERS.get(row["kind"])
    if teller:
        return teller(row, labels)
    if row["value"] is None and _range(row, labels):
        return _range(row, labels)
    return _value(row, labels)


def _sources(row: Row, labels: Labels) -> str:
    count = row["k"] or 0
    return labels.phrase("sources_count", n=numbers.number(count, labels.lang, 0))


def _score(row: Row, labels: Labels) -> str:
    told = {name: row[name] for name in ("value", "low", "high") if row[name] is not None}
    facts = {name: numbers.number(value, labels.lang, 1 if name == "value" else None) for name, value in told.items()}
    if row["n"] is None:
        return labels.phrase("score_bare", **facts)
    key = "score" if {"low", "high"} <= facts.keys() else "score_mean"
    return labels.phrase(key, **facts, n=numbers.number(row["n"], labels.lang, 0))


def _agreement(row: Row, labels: Labels) -> str:
    told = {name: quantity(row[name], row, labels) for name in ("value", "low", "high") if row[name] is not None}
    key = "agreement_words" if {"low", "high"} <= told.keys() else "agreement_few"
    return labels.phrase(key, **told, n=numbers.number(row["n"], labels.lang, 0))


def _indicator(row: Row, labels: Labels) -> str:
    if row["value"] is None:
        return _range(row, labels) or labels.phrase("no_value")
    if row["low"] is None or row["high"] is None or row["interval"] == "bounds" or row["low"] == row["high"]:
        return _value(row, labels)
    low, high = (
        numbers.number(row[name], labels.lang, 3 if row["unit"] == "index" else None) for name in ("low", "high")
    )
    return labels.phrase("with_interval", value=_value(row, labels), low=low, high=high)


def _share(row: Row, labels: Labels) -> str:
    n, k = row["n"], row["k"]
    if n is None or k is None:
        return _value(row, labels)
    facts = {"n": numbers.number(n, labels.lang, 0), "place": place_of(row, labels)}
    if k == 0:
        return labels.phrase("share_none_one" if n == 1 else "share_none", **facts)
    return labels.phrase("share_words", share=numbers.share(k, n, labels.lang), **facts)


def _published(row: Row, labels: Labels) -> str:
    """The per cent as published, whose it is, and what k of n it can be."""
    value = labels.phrase("published_percent", percent=numbers.percent(row["value"], labels.lang))
    if row["k"] is not None and row["n"] is not None:
        return labels.phrase("published_known", value=value, share=numbers.share(row["k"], row["n"], labels.lang))
    pairs = [pair.split("/") for pair in (row["feasible"] or "").split(";") if "/" in pair]
    shown = [numbers.share(int(k), int(n), labels.lang) for k, n in pairs[:3]]
    if len(pairs) > 3:
        k, n = max(((int(k), int(n)) for k, n in pairs), key=lambda pair: pair[1])
        shown.append(labels.phrase("and_so_on_most", most=numbers.share(k, n, labels.lang)))
    return labels.phrase("published_words", value=value, shares=", ".join(shown))


def amount(row: Row, labels: Labels) -> str:
    """An amount with its base, time and the meaning of its range: `between 5,000 and 20,000 XOF per miner per week`."""
    amounts = _range(row, labels)
    per = labels.phrase("per_time", per=labels.code("per", row["per"])) if row["per"] not in (None, "unstated") else ""
    base = (
        labels.phrase("per_base", base=labels.code("bases", row["base"]))
        if row["base"] not in (None, "unstated")
        else ""
    )
    meaning = labels.code("meaning", row["meaning"]) if row["meaning"] else labels.phrase("meaning_unknown")
    missing = [labels.phrase(f"unstated_{key}") for key in ("base", "per") if row[key] in (None, "unstated")]
    note = numbers.between(labels.lang).join([meaning, *missing]) if row["low"] != row["high"] or missing else meaning
    return " ".join(part for part in (amounts, base, per, f"({note})") if part)


def _range(row: Row, labels: Labels) -> str:
    """`between a and b (or more)`, `at least a`, `about a`; blank where the row has no bounds."""
    low: float | None = row["low"]
    high: float | None = row["high"]
    if low is not None and high is not None and low != high:
        bare = labels.lang == "fr" or _unit(row) not in MONEY
        facts = {"low": quantity(low, row, labels, bare=bare), "high": quantity(high, row, labels)}
        key = "between_open_high" if row["open_high"] else "between_open_low" if row["open_low"] else "between"
        return labels.phrase(key, **facts)
    if low is not None and (high is None or row["open_high"]):
        return labels.phrase("at_least", value=quantity(low, row, labels))
    if high is not None and (low is None or row["open_low"]):
        return labels.phrase("at_most", value=quantity(high, row, labels))
    return "" if low is None else labels.phrase("about", value=quantity(low, row, labels))


def _counted(row: Row, labels: Labels) -> str:
    value = numbers.number(row["value"], labels.lang, 0)
    unit = labels.unit(row["unit"], row["value"])
    said = f"{value} {unit}".strip()
    if row["low"] is not None and row["high"] is not None and row["low"] != row["high"]:
        low, high = (numbers.number(row[name], labels.lang, 0) for name in ("low", "high"))
        return labels.phrase("estimated_between", value=said, low=low, high=high)  # no floor: the low one lies below
    return labels.phrase("at_least", value=said)


def _value(row: Row, labels: Labels) -> str:
    """The number alone, with its unit; a share among people interviewed is never a bare per cent."""
    if row["kind"] == "shares" and row["k"] is not None and row["n"]:
        return numbers.share(row["k"], row["n"], labels.lang)
    value = row["value"] if row["value"] is not None else row["k"]
    if value is None:
        return _range(row, labels) or labels.phrase("no_value")
    if _unit(row) == "share":
        return numbers.percent(value, labels.lang)
    return quantity(value, row, labels)


def _unit(row: Row) -> str | None:
    return row["currency"] or row["unit"]


def quantity(value: float, row: Row, labels: Labels, *, bare: bool = False) -> str:
    """A value with its unit (none where `bare`), as many decimals as its unit wants."""
    unit = _unit(row)
    if unit and unit.startswith("share_of_"):
        text = numbers.percent(value, labels.lang)
        return text if bare else f"{text} {labels.unit(unit)}"
    if unit in MONEY:
        return numbers.large(value, labels.lang) if bare else numbers.money(value, unit, labels.lang)
    short = value == round(value, 2) or abs(value) >= 100
    if unit == "p" and value < 0.001:
        return labels.phrase("p_below")
    decimals = DECIMALS.get(unit or "", None if short else 1)
    text = numbers.number(round(value) if abs(value) >= 100 else value, labels.lang, decimals)
    name = labels.unit(unit, value) if unit not in (None, "share", "score", "index", "alpha") and not bare else ""
    return f"{text}{numbers.NBSP}{name}".strip(numbers.NBSP)


TELLERS: Mapping[str, Callable[[Row, Labels], str]] = {
    "shares": _share, "published": _published, "amounts": amount, "flows": _sources, "responses": _sources,
    "events": _counted, "scores": _score, "indicators": _indicator, "agreement": _agreement, "index": index_words.say,
}  # fmt: skip
