"""What every edition on paper (PDF, Word, brief) needs of a document: words, dates, notes, widths, plain drawings."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from maillage import numbers, tables
from maillage.blocks import Document, Explanation, Link, Table
from maillage.labels import sentence
from maillage.publish import drawings, fonts
from maillage.publish.typography import signed

LEVELS = ("very_low", "low", "medium", "high", "very_high")
BREAKS = re.compile(r"[ /–-]")  # where a line may be broken; a no-break space is none
ADDRESS = re.compile(r"https?://[\w.~:/?#@!$&'()*+,;=%-]+\Z", re.ASCII)
LONG_CELL, WIDE_TABLE = 16, 4
LETTERS = (84, 110)  # that a line of a table holds, of a wide one


class Words:
    """Sentences of the frame and labels of codes in one language."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def say(self, key: str, **facts: object) -> str:
        """A sentence of the frame."""
        return signed(sentence(key, self.lang, **facts), self.lang)

    def code(self, name: str, value: str) -> str:
        """A label of a list of the house."""
        entry = tables.codes().get(name, {}).get(value)
        return signed(entry[self.lang], self.lang) if entry else value

    def confidence(self, word: str | None) -> str:
        """How sure, in words."""
        if not word:
            return self.say("report_confidence_none")
        return self.say("report_confidence", word=self.code("confidence", word))

    def source(self, text: str) -> str:
        """The line under a figure or table; empty where nothing is named."""
        return self.say("report_source", source=text) if text else ""

    def note(self, behind: Explanation) -> str:
        """What stands behind a number, in one footnote."""
        return f"{behind.label} – {behind.value.rstrip('.')}. {self.told(behind)}".rstrip()

    def told(self, behind: Explanation) -> str:
        """The same without the number itself: statements by kind of source, interval, what would change it, method."""
        return " ".join(f"{part.rstrip('.')}." for part in self._parts(behind))

    def _parts(self, behind: Explanation) -> Iterator[str]:
        colon = f"{numbers.NBSP}: " if self.lang == "fr" else ": "
        if behind.support:
            told = numbers.between(self.lang).join(line.rstrip(".") for line in behind.support)
            yield self.say("explain_behind") + colon + told
        if behind.interval:
            yield self.say("explain_interval") + colon + behind.interval
        if behind.change:
            yield self.say("explain_change") + colon + behind.change
        if behind.method:
            yield self.say("explain_method") + colon + behind.method


def status(doc: Document) -> str:
    """How far the document has come."""
    words = Words(doc.lang)
    return words.say("report_status", status=words.code("release_status", doc.status))


def dated(doc: Document) -> str:
    """Of which day the evidence is; empty where there is no day."""
    return Words(doc.lang).say("report_dated", date=numbers.date(doc.date, doc.lang)) if doc.date else ""


def synthetic(doc: Document) -> str:
    """That the data are invented, where they are."""
    return Words(doc.lang).say("report_synthetic") if doc.synthetic else ""


def day(text: str) -> tuple[int, int, int] | None:
    """Year, month and day of a partial date, the first where one is not said."""
    match = re.fullmatch(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", text)
    return (int(match[1]), int(match[2] or 1), int(match[3] or 1)) if match else None


def timestamp(doc: Document) -> int:
    """Seconds since 1970 of the document's day, by the civil calendar (no clock, no time zone)."""
    year, month, of_month = day(doc.date) or (1970, 1, 1)
    shifted = year - (month <= 2)
    leaps = shifted // 4 - shifted // 100 + shifted // 400
    days = 365 * shifted + leaps + (153 * ((month + 9) % 12) + 2) // 5 + of_month - 1
    return (days - 719468) * 86400


def target(link: Link, known: set[str]) -> tuple[str, str]:
    """Where a link leads: ("inside", id), ("outside", address) or ("", "") for anything else."""
    if link.target.startswith("#") and link.target[1:] in known:
        return "inside", link.target[1:]
    return ("outside", link.target) if ADDRESS.match(link.target) else ("", "")


@lru_cache(maxsize=128)
def drawn(svg: str) -> str:
    """A drawing in plain colours and the face of the house."""
    return drawings.coloured(svg, font=fonts.SANS)


def width(svg: str) -> float:
    """The width of a drawing in its own points."""
    found = re.search(r'<svg[^>]*? width="([\d.]+)', svg)
    return float(found[1]) if found else 640.0


def tall(svg: str) -> bool:
    """Whether a drawing is higher than wide."""
    found = re.search(r'<svg[^>]*? height="([\d.]+)', svg)
    return found is not None and float(found[1]) > width(svg)


def widths(table: Table) -> Iterator[int]:
    """Of each column: 0 where it is as narrow as its words, else its share of the rest, about one a letter.

    Long columns share by the length of their text; where that is more than the page has, all give way, but none under
    its longest word.
    """
    texts = [[name, *("".join(span.text for span in row[at]) for row in table.rows)]
             for at, name in enumerate(table.columns)]  # fmt: skip
    longest = [max(map(len, told)) for told in texts]
    least = [max(12, 3 + max(len(part) for text in told for part in BREAKS.split(text))) for told in texts]
    wanted = [max(few, min(_mean([text for text in told[1:] if text]), 60))
              for few, told in zip(least, texts, strict=True)]  # fmt: skip
    long = [at for at, most in enumerate(longest) if most > LONG_CELL]
    room = LETTERS[len(texts) > WIDE_TABLE] - sum(most + 2 for most in longest if most <= LONG_CELL)
    spare, above = room - sum(least[at] for at in long), sum(wanted[at] - least[at] for at in long)
    share = min(1.0, max(0.0, spare / above)) if above else 1.0
    for at in range(len(texts)):
        yield round(least[at] + share * (wanted[at] - least[at])) if at in long else 0


def _mean(texts: Sequence[str]) -> int:
    return sum(map(len, texts)) // max(1, len(texts))
