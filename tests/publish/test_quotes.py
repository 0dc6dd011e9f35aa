"""A quote goes out whole or not at all: each rule alone, both languages, all quotes of one person together."""

import dataclasses
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage import run
from maillage.errors import MaillageError
from maillage.evidence import Audience, Evidence
from maillage.labels import Labels
from maillage.publish import narrative, quotes, words
from maillage.publish.gate import clear
from maillage.publish.quotes import Heard, Used
from small_evidence import evidence, table

AUDIENCES = {"public": Audience(5), "partners": Audience(3), "team": Audience(0)}
PLACES = """
code     | name      | level    | parent
EX       | Exemplie  | admin0   |
EX01     | Amont     | admin1   | EX
EX02     | Plaine    | admin1   | EX
EX0101   | Mineville | admin2   | EX01
EX010101 | Puits Sec | locality | EX0101
"""
PLAIN = {"en": "They take a share of what people earn.", "fr": "Ils prennent une part de ce que gagnent les gens."}


def made(text: dict[str, str] | None = None, *, rows: str = "", approved: str = "bo", **source: str) -> Evidence:
    """Six transporters in Mineville, four magistrates in Plaine; one quote of the first transporter."""
    told = {"consent": "anonymous", "quotes": "yes"} | source
    lines = ["id | kind | place | consent | quotes | stakeholder"]
    lines += [f"P{n} | interview | EX0101 | {told['consent'] if n == 1 else 'anonymous'} | "
              f"{told['quotes'] if n == 1 else ''} | transporter" for n in range(1, 7)]  # fmt: skip
    lines += [f"M{n} | interview | EX02 | anonymous | | magistrate" for n in range(1, 5)]
    said = "id | source | kind | question | answer | actor | other\n" + "\n".join(
        f"P{n}s | P{n} | link | link | cooperation | terrorist_group | smuggler" for n in range(2, 7)
    )
    text = text or PLAIN
    quoted = f"id|source|verbatim|text_en|text_fr|coder|entry\nq1|P1|yes|{text['en']}|{text['fr']}|ana|e1\n{rows}"
    approvals = f"id|quote|source|coder|entry\na1|e1|P1|{approved}|a1\na2|e2|P1|bo|a2"
    base = evidence(said, "\n".join(lines), places=PLACES, audiences=AUDIENCES, languages=("en", "fr"),
                    zone_labels={"north": {"en": "the north", "fr": "le nord"}})  # fmt: skip
    zones = table("zone|place\nnorth|EX01", "zones")
    return dataclasses.replace(
        base, zones=zones, quotes=table(quoted, "quotes"), approvals=table(approvals, "approvals")
    )


def rules(
    study: Evidence, *said_by: str, lang: str = "en", audience: str = "public", heard: Heard | None = None
) -> list[Any]:
    used = [Used(f"q{number}", by, lang) for number, by in enumerate(said_by, 1)]
    common = {f"P{n}": " ".join(PLAIN.values()) for n in range(2, 5)}
    found = quotes.refusals(used, study, heard or Heard((), common), audience)
    return [item.facts.get("rule", item.code) for item in found]


@pytest.mark.parametrize("said_by", [
    "", "transporter", "transporter, Mineville", "economic_actor, north", "transporter, EX01",
    "Organisation de transport ou syndicat de chauffeurs, le Nord",
])  # fmt: skip
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_quote_that_gives_nobody_away_goes_out(said_by: str, lang: str) -> None:
    assert rules(made(), said_by, lang=lang) == []


@pytest.mark.parametrize(("source", "rule"), [
    ({"consent": "none"}, "consent"), ({"consent": ""}, "consent"), ({"quotes": "no"}, "consent_quotes"),
    ({"quotes": ""}, "consent_quotes"), ({"approved": "ana"}, "approval"),
])  # fmt: skip
def test_without_consent_or_a_second_reader_it_stays(source: dict[str, str], rule: str) -> None:
    assert rule in rules(made(**source), "transporter")
    assert rules(made(**source), "transporter", audience="team") == []


@pytest.mark.parametrize(("said_by", "rule"), [
    ("magistrate", "attribution"), ("a driver from Gao", "attribution"), ("Plaine", "attribution"),
])  # fmt: skip
def test_whose_it_is_must_be_true_and_told_by_codes(said_by: str, rule: str) -> None:
    assert rules(made(), said_by) == [rule]


def test_too_few_people_behind_an_attribution() -> None:
    quoted = made(rows="q2|M1|no|Nothing is done.|Rien.|ana|e2")
    used = [Used("q2", "magistrate", "en")]
    for audience, refused in (("public", ["cell"]), ("partners", []), ("team", [])):
        assert [item.facts["rule"] for item in quotes.refusals(used, quoted, Heard(), audience)] == refused


def test_all_quotes_of_one_person_are_taken_together() -> None:
    two = made(rows=f"q2|P1|no|{PLAIN['en']}|{PLAIN['fr']}|ana|e2")
    assert rules(two, "transporter", "north") == []
    mixed = ("P1", "P2", "M1", "M2", "M3")  # two transporters in the north, three elsewhere
    classes = [("transporter" if one in mixed else "magistrate") for one in two.sources["id"]]
    fewer = dataclasses.replace(two, sources=two.sources.with_columns(stakeholder=pl.Series(classes)))
    assert rules(fewer, "transporter") == []
    assert rules(fewer, "", "north") == []
    assert rules(fewer, "transporter", "north") == ["cell", "cell"]


@pytest.mark.parametrize(("lang", "text", "rule"), [
    ("en", "They take 5 of what people earn.", "digits"), ("en", "They take a share on Friday.", "dates"),
    ("fr", "Ils prennent une part le vendredi.", "dates"), ("fr", "Ils prennent une part de mon oncle.", "kin"),
    ("en", "They take what my brothers earn.", "kin"), ("fr", "Le Maire prend une part.", "offices"),
    ("en", "The mayor and the people share.", "offices"), ("en", "They take a share in Puits-Sec.", "place"),
    ("fr", "PUITS SEC donne une part.", "place"), ("en", "P1 and the people share.", "name"),
    ("en", "Aissata and the people share.", "name"), ("fr", "Les gens de MAÏGA prennent une part.", "name"),
    ("en", "The blacksmiths take a share.", "rare_word"), ("fr", "Les forgerons prennent une part.", "rare_word"),
])  # fmt: skip
def test_words_that_point_at_somebody(lang: str, text: str, rule: str) -> None:
    common = {f"P{n}": " ".join(PLAIN.values()) for n in range(2, 5)}
    heard = Heard(("Aïssata Maiga",), common)
    assert rule in rules(made(PLAIN | {lang: text}), "transporter", lang=lang, heard=heard)
    assert rules(made(PLAIN | {lang: text}), "transporter", lang=lang, audience="team", heard=heard) == []


def test_a_rare_word_is_none_once_somebody_else_uses_it() -> None:
    study = made(PLAIN | {"fr": "Les forgerons prennent une part."})
    alone = {"P1": "le forgeron", "P2": " ".join(PLAIN.values())}
    assert rules(study, "transporter", lang="fr", heard=Heard((), alone)) == ["rare_word"]
    assert rules(study, "transporter", lang="fr", heard=Heard((), alone | {"P3": "un Forgeron"})) == []


def test_a_paraphrase_needs_no_common_words_and_no_consent_to_quotes() -> None:
    study = made(quotes="no", rows="q2|P1|no|Blacksmiths pay.|Les forgerons paient.|ana|e2")
    found = quotes.refusals([Used("q2", "transporter", "fr")], study, Heard(), "public")
    assert found == []


def test_what_is_printed_names_nobody_and_the_gate_is_the_door() -> None:
    study = made()
    results = run.measure_all(study, date="2024-06-01")
    text = '# Links {#links}\n\nSay: {{ quote("q1", as="transporter, north") }}.'
    used = quotes.used(text, "fr")
    assert [(one.quote, one.said_by, one.lang, one.line) for one in used] == [("q1", "transporter, north", "fr", 3)]
    common = Heard((), {f"P{n}": " ".join(PLAIN.values()) for n in (2, 3)})
    release = clear(results, audience="public", langs=("fr",), quoted=used, heard=common)
    (paragraph,) = narrative.resolve(text, release, Labels("fr", study.pack, study.places))["links"]
    shown = "".join(span.text for span in paragraph.spans)
    assert "« Ils prennent une part de ce que gagnent les gens. » (transporter, north)" in shown.replace(
        "\u202f", " "
    ).replace("\u00a0", " ")
    assert "P1" not in shown
    with pytest.raises(MaillageError) as refused:
        clear(results, audience="public", langs=("fr",), quoted=used, heard=Heard(("Gens Gagnent",), common.texts))
    assert [item.facts["rule"] for item in refused.value.findings] == ["name"]


def test_a_quote_that_is_not_there_in_a_language() -> None:
    study = made({"en": PLAIN["en"], "fr": ""})
    assert rules(study, "transporter", lang="fr") == ["quote_unknown"]


@given(st.text(alphabet="abcdefghijklmnopéèàsxe", min_size=1, max_size=14))
def test_a_stem_has_no_ending_left_and_case_does_not_matter(word: str) -> None:
    once = words.stem(words.fold(word))
    assert words.stem(once) == once
    assert words.stem(words.fold(word.upper())) == once
