"""Names out of a transcript, pseudonyms in, with a map between the places of both texts.

    text, offsets = replace("Vu Aïcha Maïga à Gao.", {"Aicha Maiga": "I07"})
    text                        # "Vu I07 à Gao."
    offsets.to_old(3, 6)        # (3, 14)

The map tells where names stood and how long they were: it belongs in the vault beside the clear text.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from maillage.name_forms import SEAM, Form, doubtful, fold, fold_with_places, forms, seams, words_of

Cut = tuple[int, int, int, int]
Hit = tuple[int, int, str]  # start, end, pseudonym
COMMA = re.compile("[,;:!?]")
SPLIT = re.compile(r"[-\u2010\u00ad][^\S\n]*\n[^\S\n]*")  # where a word goes on in the next line


@dataclass(frozen=True, slots=True)
class OffsetMap:
    """Places of a text before (old) and after (new) replacing; `cuts`: old start and end, new start and end, in order.

    Offsets are code points, end-exclusive. A span that begins or ends within a name is widened to the whole name;
    any other comes back unchanged from there and back.
    """

    cuts: tuple[Cut, ...] = ()

    def to_old(self, start: int, end: int) -> tuple[int, int]:
        """The span of the old text that a span of the new one stands for."""
        return _moved([(c, d, a, b) for a, b, c, d in self.cuts], start, end)

    def to_new(self, start: int, end: int) -> tuple[int, int]:
        """The span of the new text that a span of the old one became."""
        return _moved(self.cuts, start, end)


def _moved(cuts: Iterable[Cut], start: int, end: int) -> tuple[int, int]:
    """A span moved from the first pair of every cut to the second."""
    cuts = list(cuts)
    begins = [cut[0] for cut in cuts]
    before = bisect_right(begins, start) - 1
    if before >= 0:
        _, source_end, target, target_end = cuts[before]
        start = target if start < source_end else target_end + start - source_end
    before = bisect_left(begins, end) - 1
    if before >= 0:
        _, source_end, _, target_end = cuts[before]
        end = target_end if end <= source_end else target_end + end - source_end
    return start, end


def replace(text: str, register: Mapping[str, str]) -> tuple[str, OffsetMap]:
    """The text with every name of the register (name -> pseudonym) replaced, and the map of its places.

    A name is found as whole words whatever its case, accents, hyphens, apostrophes, look-alike letters and line ends,
    and in the forms of `name_forms`; where names overlap the longest wins. Pseudonyms are never searched for names
    themselves. Raises MaillageError `pseudonym_twice` (two names that cannot be told apart) and `pseudonym_blank`.
    """
    taken: list[tuple[int, int, str]] = []
    for start, end, pseudonym in _hits(text, register):
        if _free(taken, start, end):
            taken.insert(bisect_left(taken, (start,)), (start, end, pseudonym))
    return _rebuilt(text, taken)


def _hits(text: str, register: Mapping[str, str]) -> list[Hit]:
    """Where names of the register stand, and their pseudonyms; the longest name first, also where they overlap."""
    split = {place for gap in SPLIT.finditer(text) for place in range(*gap.span())}
    inner, known = seams(text), forms(register)
    ways = [(frozenset[int](), frozenset[int]()), *([(split, frozenset[int]())] if split else [])]
    ways += [(frozenset[int](), inner)] if inner else []
    found: dict[Hit, Form] = {}
    for without, between in ways:
        folded, places = fold_with_places(text, without, between)
        for form in (one for one in known if all(word in folded for word in one.needs)):
            for span in _spans(form, text, folded, places):
                found.setdefault((*span, form.pseudonym), form)
    return _ranked(found, text)


def _ranked(found: Mapping[Hit, Form], text: str) -> list[Hit]:
    """The longest name first. What is less certain (another order, a comma between) gives way to what is certain and
    as long; another order with a comma between gives way to every form."""
    grades = {hit: form.other + 2 * bool(COMMA.search(text, *hit[:2])) for hit, form in found.items()}
    kept: list[Hit] = []
    for grade in range(4):
        certain = sorted(kept)
        begins, longest = [hit[0] for hit in certain], max((end - start for start, end, _ in certain), default=0)
        for hit in [hit for hit in found if grades[hit] == grade]:
            near = certain[bisect_left(begins, hit[0] - longest) : bisect_left(begins, hit[1])]
            over = [found[one] for one in near if one[1] > hit[0]]
            if not any(form.letters >= found[hit].letters or (grade == 3 and form.other) for form in over):
                kept.append(hit)
    return sorted(kept, key=lambda hit: (-found[hit].letters, hit))


def _spans(form: Form, text: str, folded: str, places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Where a form stands in the text that was folded, where it begins and ends with whole letters of it."""
    for match in re.finditer(form.pattern, folded):
        start, end = places[match.start()], places[match.end()]
        before = match.start() - 1
        inside = before >= 0 and places[before] == start and folded[before] != SEAM
        if not inside and places[match.end() - 1] < end and (not form.capital or _capitals(text[start:end])):
            yield start, end


def _capitals(text: str) -> bool:
    """Whether it begins with a capital and its initials are capitals: `à. Diallo` is none."""
    return text[0].isupper() and all(one[1].isupper() for one in INITIAL.finditer(text))


def registered(rows: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Names and pseudonyms as a register; a name that several people bear stands for all of them: `I07/I12`.

    Names without two letters or figures are left out: they would take words of the language with them.
    """
    known: dict[tuple[str, ...], tuple[str, set[str]]] = {}
    for name, pseudonym in rows:
        words = words_of(name)
        if len("".join(words)) > 1:
            known.setdefault(words, (name, set()))[1].add(pseudonym)
    return {name: "/".join(sorted(pseudonyms)) for name, pseudonyms in known.values()}


def pseudonymise(text: str, register: Mapping[str, str]) -> tuple[str, OffsetMap, Counter[str]]:
    """As `replace`, and e-mail addresses, phone numbers and numbers of papers by their form, counted by kind.

    What overlaps is replaced as one piece, by the mark of the longest, so that no part of it stays.
    kinds: name, email, phone, id.
    """
    hits = [(start, end, pseudonym, "name") for start, end, pseudonym in _hits(text, register)]
    hits += [(item.start, item.end, MARKS[item.kind], item.kind) for item in _reaching(text)]
    whole: list[tuple[int, int, str, str]] = []
    longest = 0
    for start, end, mark, kind in sorted(hits):
        if not whole or start >= whole[-1][1]:
            whole.append((start, end, mark, kind))
            longest = end - start
            continue
        first, last, *said = whole[-1]
        said = (mark, kind) if end - start > longest else (said[0], said[1])
        longest = max(longest, end - start)
        whole[-1] = (first, max(last, end), *said)
    fresh, offsets = _rebuilt(text, [(start, end, mark) for start, end, mark, _ in whole])
    return fresh, offsets, Counter(kind for _, _, _, kind in whole)


def parts_left(text: str, register: Mapping[str, str]) -> int:
    """How much of the text may be part or form of a name of the register and was left (`name_forms.doubtful`)."""
    return doubtful(text, register)


def _free(taken: list[tuple[int, int, str]], start: int, end: int) -> bool:
    after = bisect_left(taken, (start,))
    follows = after == len(taken) or end <= taken[after][0]
    return follows and (after == 0 or taken[after - 1][1] <= start)


def _rebuilt(text: str, taken: list[tuple[int, int, str]]) -> tuple[str, OffsetMap]:
    pieces: list[str] = []
    cuts: list[Cut] = []
    place = length = 0
    for start, end, pseudonym in taken:
        fresh = unicodedata.normalize("NFC", pseudonym)
        begin = length + start - place
        pieces += [text[place:start], fresh]
        cuts.append((start, end, begin, begin + len(fresh)))
        place, length = end, begin + len(fresh)
    return "".join([*pieces, text[place:]]), OffsetMap(tuple(cuts))


@dataclass(frozen=True, slots=True)
class Suspect:
    """A span that may name or reach a person: `kind` is email, phone, id or name. A hint, never a proof."""

    start: int
    end: int
    kind: str


EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<!\w)@\w(?:[\w.-]+\w|\w+)")
INITIAL = re.compile(r"(?<![^\W_])([^\W\d_])\.")
PHONE = re.compile(r"(?<!\w)(?:\+|00)?\(?\d(?:[ \u00a0\u202f./()-]{0,2}\d){6,14}(?!\w)")
NUMBER = re.compile(
    r"\d{1,3}(?:[ \u00a0\u202f.,]\d{3})+\Z|\d{4}[-/.]\d{2}[-/.]\d{2}\Z|\d{2}[-/.]\d{2}[-/.]\d{4}\Z|\d{4}[-/]\d{4}\Z"
)
MONEY = re.compile(
    r"[ \u00a0\u202f]*(?:[$€£]|(?:f\.? ?cfa|f|cfa|xof|mru|eur|usd|francs?|euros?|dollars?)(?!\w))", re.IGNORECASE
)
MARKS = {"email": "[mail]", "phone": "[tel]", "id": "[id]"}  # the same in both languages
IDENTITY = re.compile(r"(?<!\w)(?=[A-Z0-9-]*[A-Z])(?=(?:[A-Z-]*\d){4})[A-Z0-9-]{6,}(?!\w)|(?<!\w)\d{9,}(?!\w)")
CAPITAL = re.compile(r"(?<![^\W_])[^\W\d_]{2,}(?:['’-][^\W\d_]+)*")
PARTICLE = r"(?:ag|al|ben|bin|bint|d[aeiou]|del|der|el|ibn|la|le|mc|ould|walet|van|von)"
JOIN = re.compile(rf"[ \u00a0-]+(?:{PARTICLE}[ \u00a0-]+){{0,2}}", re.IGNORECASE)
SENTENCE = re.compile(r"(?:\A|[.!?:…»”\n\t—–-])[\s\"'«“‘’(\u00a0\u202f]*\Z")


def suspects(text: str, known: Collection[str]) -> list[Suspect]:
    """Addresses, phone numbers, numbers of papers and capitalised words that are not `known`, by place.

    `known`: names that may stay: places, groups, pseudonyms. A word that the text also writes small, or capitalised
    only where a sentence begins, is none. Scripts without capitals give no names.
    """
    found = _reaching(text)
    found += [Suspect(*span, "name") for span in _names(text, known) if not _touches(found, *span)]
    return sorted(found, key=lambda item: item.start)


def _reaching(text: str) -> list[Suspect]:
    """Addresses, phone numbers and numbers of papers. Amounts of money are none, however they are written."""
    found = [Suspect(*match.span(), "email") for match in EMAIL.finditer(text)]
    for kind, pattern in (("phone", PHONE), ("id", IDENTITY)):
        matches = [match for match in pattern.finditer(text) if not MONEY.match(text, match.end())]
        spans = [match.span() for match in matches if kind == "id" or not NUMBER.match(match[0])]
        fresh = [Suspect(*span, kind) for span in spans if not _touches(found, *span)]
        found = sorted([*found, *fresh], key=lambda item: item.start)
    return found


def _touches(found: list[Suspect], start: int, end: int) -> bool:
    """Whether a span overlaps one of those found, which stand in order and apart."""
    before = bisect_left(found, end, key=lambda item: item.start) - 1
    return before >= 0 and found[before].end > start


def _names(text: str, known: Collection[str]) -> list[tuple[int, int]]:
    """Spans of capitalised words, those that follow each other joined."""
    usual = {word for name in known for word in re.findall(r"[^\W\d_]+", fold(name))}
    words = list(CAPITAL.finditer(text))
    usual |= {fold(match[0]) for match in words if match[0][0].islower()}
    capitals = [match for match in words if match[0][0].isupper() and not _usual(match[0], usual)]
    inside = {
        fold(match[0]) for match in capitals if not SENTENCE.search(text[max(0, match.start() - 8) : match.start()])
    }
    spans: list[tuple[int, int]] = []
    for match in capitals:
        joined = bool(spans) and JOIN.fullmatch(text, spans[-1][1], match.start())
        if joined:
            spans[-1] = (spans[-1][0], match.end())
        elif fold(match[0]) in inside:
            spans.append(match.span())
    return spans


def _usual(word: str, usual: set[str]) -> bool:
    """Whether all parts of a word are usual ones; a letter before an apostrophe always is (`L'`, `d'`)."""
    parts = re.split("['’-]", fold(word))
    return all(part in usual or len(part) < 2 for part in parts)
