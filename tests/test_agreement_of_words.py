"""A word counted by a number agrees with it: `1 market`, `1,5 mois`, never `1 markets`."""

import html
import re
import string
from pathlib import Path

import pytest

from maillage.labels import agreeing, phrases, sentence
from maillage.numbers import number, single
from small_evidence import nexus

LANGS = ("en", "fr")
COUNTED = re.compile(r"(?<![\d.,/\u2013-])(?<!\d\s)([01]|[01][.,]\d+)[ \u00a0\u202f\n]+([^\W\d_]{3,})")
MANY = ("people", "are", "have")
SAME = ("has", "was", "says", "brings", "plus", "sans", "dans", "mais", "pas", "mois", "cas", "fois", "des")
MANY_FOR_SURE = {  # keys chosen for two or more, and words that are no noun or have one form
    "brief_more_findings", "brief_more_actions", "brief_more_gaps", "chart_voices_many", "chart_flows_title",
    "because_documents_weak", "because_documents_only", "because_few_say_so", "because_weak_grades",
    "because_few_clusters", "report_table_rows", "interval_feasible_many", "reporting_gone_many",
    "share_none", "xlsx_long", "chart_flows_title_most", "chart_title_coercion_count",
    "reporting_threshold", "reporting_only", "reporting_refused_few",
}  # fmt: skip
ONE_FORM = "as|dans|is|les|des|mais|fois|refus|mois|cas|plus|has|brings|says"
PLURAL = re.compile(rf"\}}[ \u00a0](?:people|(?!(?:{ONE_FORM})\b)[^\W\d_]{{3,}}[sx])\b")
NAMES = re.compile(r"\{(zone|pack|places|end|last|what|first|rule)\}$")  # slots for words, not for numbers


@pytest.mark.parametrize(("value", "lang", "one"), [
    (1, "en", True), (0, "en", False), (1.5, "en", False), (2, "en", False), ("1,466", "en", False),
    (1, "fr", True), (0, "fr", True), (1.5, "fr", True), ("1,5", "fr", True), (2, "fr", False),
    ("1\u202f466", "fr", False), ("half", "en", False), ("\u22121", "fr", True),
])  # fmt: skip
def test_the_singular_follows_the_language(value: float | str, lang: str, one: bool) -> None:
    assert single(value, lang) is one
    assert agreeing("day|days", value, lang) == ("day" if one else "days")


@pytest.mark.parametrize("lang", LANGS)
def test_what_is_written_agrees_as_the_number_does(lang: str) -> None:
    for value in (0, 1, 1.5, 1.99, 2, 21, 1000, 1_000_000):
        assert single(number(value, lang), lang) == single(value, lang)


def test_a_form_may_hold_the_number_itself() -> None:
    assert "the only comparison of" in sentence("orders_none", "en", count=1)
    assert "all 12 comparisons of" in sentence("orders_none", "en", count=12)


def test_every_unit_that_is_counted_has_a_singular() -> None:
    uncounted = {"percent", "share", "share_of_herd", "share_of_harvest", "per_100k", "z", "p", "tau", "overlap",
                 "crps"}  # fmt: skip
    for code, unit in nexus().lists["units"].items():
        assert set(unit.attributes.get("one", {})) == (set() if code in uncounted else set(LANGS)), code


@pytest.mark.parametrize("lang", LANGS)
def test_no_sentence_has_a_fixed_plural_after_a_number(lang: str) -> None:
    fixed = {}
    for key, entry in phrases().items():
        if key in MANY_FOR_SURE:
            continue
        text = "".join(
            words + (f"{{{slot}}}" if slot and not forms else "")
            for words, slot, forms, _ in string.Formatter().parse(entry[lang])
        )
        found = [match[0] for match in PLURAL.finditer(text) if not NAMES.search(text[: match.start() + 1])]
        if found:
            fixed[key] = found
    assert fixed == {}


def plain(path: Path) -> str:
    """The words of a page, without what is no text."""
    bare = re.sub(r"<(style|script)\b.*?</\1>", " ", path.read_text("utf-8"), flags=re.DOTALL)
    inline = re.sub(r"</?(?:data|strong|em|a|abbr)\b[^>]*>", "", bare)
    return html.unescape(re.sub(r"<[^>]+>", "\n\n", inline))


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", ["report", "brief"])
def test_the_printed_words_agree(mali_release, first_steps_release, lang, name) -> None:
    text = "\n\n".join(plain(folder / f"{name}.{lang}.html") for folder in (mali_release, first_steps_release))
    assert len(text) > 5_000
    counted = [match for match in COUNTED.finditer(text) if "\n\n" not in match[0] and single(match[1], lang)]
    plural = [match[0] for match in counted if match[2].endswith(("s", "x")) or match[2] in MANY]
    assert [words for words in plural if not words.endswith(SAME)] == []
