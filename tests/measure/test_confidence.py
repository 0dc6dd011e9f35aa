"""Evidence, agreement, the word, and how easily it falls: every limit on both sides."""

from collections import Counter
from itertools import combinations, product
from typing import Any

import pytest

from maillage.certainty import Cluster, agreement, evidence_level, judge, triangulated, word
from maillage.fragility import fragility, would_help
from maillage.measure.confidence import because, findings, with_confidence
from maillage.measure.contradictions import contradictions
from maillage.measure.figures import figures
from maillage.measure.published import published
from maillage.measure.shares import shares
from small_evidence import evidence

KINDS = {"i": "interview", "j": "judicial", "d": "desk", "e": "event"}
STANCES = {"+": "for", "-": "against", "~": "mixed", "0": "silent"}


def made(text: str) -> dict[Cluster, int]:
    """`+iB1 -dF` : stance, kind, grade and, for interviews, a class; `!` after it = a final judgment."""
    found: dict[Cluster, int] = {}
    for word_ in text.split():
        body = word_.rstrip("!")
        classes = (body[3:],) if body[3:] else ()
        one = Cluster(STANCES[body[0]], KINDS[body[1]], body[2] in "ABC", word_.endswith("!"), classes)  # type: ignore[arg-type]
        found[one] = found.get(one, 0) + 1
    return found


@pytest.mark.parametrize(
    ("clusters", "level"),
    [
        ("+iA1", "limited"),
        ("+jA", "limited"),
        ("+jA!", "medium"),
        ("+iD1 +iE2 +iF3", "limited"),
        ("+iD1 +iC2", "medium"),
        ("+iD1 +dD", "medium"),
        ("+iA1 +iA2 +dB", "medium"),
        ("+iA1 +iA2 +dB +jD", "robust"),
        ("+iA1 +iA2 +iB3 +iB4", "medium"),
        ("+iA1 +iD2 +dB +jD", "robust"),
        ("+iA1 +iD2 +dD +jD", "medium"),
        ("+iA1 +iA1 +iA1 +dB", "medium"),
        ("+iA1 +dA +dA +jA +jA", "robust"),
        ("+iA1 0iA2 0iA3 0iA4", "limited"),
    ],
)
def test_strength_of_evidence(clusters: str, level: str) -> None:
    assert evidence_level(made(clusters)) == level


@pytest.mark.parametrize(
    ("clusters", "level"),
    [
        ("+iA +iA +iA +iA 0iA", "high"),
        ("+iA +iA +iA 0iA", "medium"),
        ("+iA +iA +iA 0iA 0iA", "medium"),
        ("+iA +iA +iA -iA 0iA 0iA", "low"),
        ("+iA ~iA ~iA ~iA 0iA", "low"),
        ("+iA +iA ~iA", "high"),
        ("+iA +iA", "medium"),
        ("+dA +dA -dA", "not_assessable"),
        ("+dA +dA -iA", "medium"),
    ],
)
def test_agreement(clusters: str, level: str) -> None:
    assert agreement(made(clusters)) == level


@pytest.mark.parametrize(
    ("clusters", "expected"),
    [
        ("+dB", "low"),
        ("+dB +dB +dB +dB", "medium"),
        ("+dF +dF", "low"),
        ("+iB", "low"),
        ("+iB1 0iB2 0iB3", "very_low"),
        ("+iB1 +iB2 +iB3 +iB4 +iB5", "medium"),
        ("+iB1 +iB2 +dB", "high"),
        ("+iB1 +iB2 +dB +jB", "very_high"),
        ("+iB1 +iB2 +dB +jB -iB3", "very_high"),
        ("+iB1 +iB2 +dB +jB -iB3 0iB4", "high"),
        ("+iB1 +iB2 +dB -jB -iB3 0iB4", "medium"),
        ("-iB1 -iB2", None),
        ("~iB1", "very_low"),
    ],
)
def test_the_word(clusters: str, expected: str | None) -> None:
    assert word(made(clusters)) == expected


def smallest_change(clusters: dict[Cluster, int]) -> int:
    """Fragility the slow way: every set of single clusters, every choice of removing or reversing each."""
    single = [one for one, count in clusters.items() for _ in range(count)]
    reverse = {"for": "against", "against": "for"}
    for size in range(1, len(single) + 1):
        for chosen in combinations(range(len(single)), size):
            for moves in product(("remove", "reverse"), repeat=size):
                left = [one for i, one in enumerate(single) if i not in chosen]
                turned = [single[i] for i, move in zip(chosen, moves, strict=True) if move == "reverse"]
                left += [one._replace(stance=reverse.get(one.stance, one.stance)) for one in turned]  # type: ignore[arg-type]
                if left and word(Counter(left)) != word(clusters):
                    return size
    raise AssertionError


@pytest.mark.parametrize(
    "clusters",
    [
        "+iB1 0iB1",
        "+iB1 +iB2 +dB +jB",
        "+iB1 +iB2 +iB3 +iB4 +iB5 +iB6 0iB7",
        "+iB1 +iB1 +iB2 +dB +jB ~iC3 0iC4",
        "+iD1 +iD2 +dB +jC +eA -iB1",
        "-iB1 -iB2 +dF 0iC1 0iC2",
    ],
)
def test_fragility_is_the_smallest_change_that_moves_the_word(clusters: str) -> None:
    assert fragility(made(clusters)) == smallest_change(made(clusters))


def test_six_of_seven_people_stand_until_two_turn_round() -> None:
    # one kind: medium while 60 per cent or more say so; 6 of 7, 5 of 7 = 71 per cent, 4 of 7 = 57 per cent
    assert fragility(made("+iB1 +iB2 +iB3 +iB4 +iB5 +iB6 0iB7")) == 2


def test_what_would_help_most_is_another_kind_of_source() -> None:
    assert would_help(made("+iB1 +iB2 +iB3")) == "desk"
    assert would_help(made("+dB +dB")) == "interview"


def test_two_kinds_triangulate_and_two_classes_less_so() -> None:
    assert triangulated(made("+iB1 +dB")) == "kinds"
    assert triangulated(made("+iB1 +iB2 -dB")) == "respondents"
    assert triangulated(made("+iB1 +iB1")) == "single"


@pytest.mark.parametrize(
    ("clusters", "code"),
    [
        ("+dB", "one_desk"),
        ("+jB!", "one_final"),
        ("+dB +dC", "documents_only"),
        ("+iB1 -iB2", "disputed"),
        ("+iB1 +iB2 0iB3 0iB4", "few_say_so"),
        ("+iF1 +iF2 +iF3", "weak_grades"),
        ("+iB1 +iB2 +iB3", "one_kind"),
        ("+iB1 +iB2 +dB", "few_clusters"),
        ("+iB1 +iB2 +dB +jB", "robust"),
    ],
)
def test_the_reason_given(clusters: str, code: str) -> None:
    assert because(judge(made(clusters))) == code


SOURCES = """
id | kind        | stakeholder      | place  | reliability | cluster
A  | interview   | artisanal_miner  | EX0101 | B           | market_day
B  | interview   | magistrate       | EX0101 | B           | market_day
C  | interview   | transporter      | EX0101 | B           |
F  | focus_group | civil_society    | EX0101 | C           |
P  | document    |                  | EX0101 | F           |
"""


def found_of(rows: str, **more: Any) -> dict[str, dict[str, Any]]:
    given = evidence(rows, SOURCES, **more)
    table = findings(given, shares(given, "links", {}))
    return {row["id"]: row for row in table.iter_rows(named=True)}


HEAD = "source | kind | question | answer | polarity | modality\n"


def test_people_of_one_cluster_are_one_voice_and_a_tie_is_mixed() -> None:
    row = found_of(HEAD + "A | link | link | cooperation\nB | link | link | denied")["links/EX0101/cooperation"]
    assert (row["clusters"], row["for"], row["against"], row["mixed"], row["contradiction"]) == (1, 0, 0, 1, False)


def test_clusters_for_against_and_silent() -> None:
    rows = HEAD + "A | link | link | cooperation\nC | link | link | denied\nF | link | link | competition\n"
    row = found_of(rows + "P | link | link | coexistence")["links/EX0101/cooperation"]
    assert (row["for"], row["against"], row["silent"]) == (1, 1, 1)  # the document cannot be silent
    assert (row["contradiction"], row["contradiction_status"], row["kinds"]) == (True, "open", ["interview"])
    assert row["trace"] == ["o1", "o2"]


def test_a_hypothesis_is_neither_for_nor_against() -> None:
    rows = HEAD + "A | link | link | cooperation\nC | link | link | cooperation | present | hypothesised\n"
    row = found_of(rows + "P | link | link | cooperation | present | hypothesised")["links/EX0101/cooperation"]
    assert (row["for"], row["silent"], row["clusters"]) == (1, 1, 1)


def test_published_shares_are_no_evidence_but_carry_the_word_of_their_statement() -> None:
    head = "source | kind | question | answer | percent\n"
    rows = head + "P | link | link | cooperation |\nP | share | link | cooperation | 60"
    given = evidence(rows, SOURCES, published_samples={"P": 5})
    table = findings(given, shares(given, "links", {}))
    row = table.row(0, named=True)
    assert row["trace"] == ["o1"]
    assert (row["confidence"], row["because"], row["agreement"]) == ("low", "one_desk", "not_assessable")
    assert with_confidence(published(given, "published", {}), table)["confidence"].to_list() == ["low"]


def test_a_review_that_contests_lowers_by_one_step_and_says_who_and_why() -> None:
    rows = "source | kind | question | answer | finding | group | reason\nA | link | link | cooperation | | |\n"
    review = "F | review | review | contest | links/EX0101/cooperation | elders | hearsay"
    row = found_of(rows + review)["links/EX0101/cooperation"]
    assert (row["confidence"], row["moved_by"], row["reason"]) == ("very_low", "elders", "hearsay")


def test_a_review_that_gives_no_reason_moves_nothing() -> None:
    rows = "source | kind | question | answer | finding | group\nA | link | link | cooperation | |\n"
    review = "F | review | review | contest | links/EX0101/cooperation | elders"
    row = found_of(rows + review)["links/EX0101/cooperation"]
    assert (row["confidence"], row["moved_by"], row["reason"]) == ("low", None, None)


TORN = "source | kind | question | answer | finding | group | reason\nA | link | link | cooperation | | |\n"
TORN += "C | link | link | denied | | |\n"


@pytest.mark.parametrize(
    ("reviews", "status", "by", "why"),
    [
        ("", "open", None, None),
        ("nuance | F1 | elders | each speaks of another year", "explained", "elders", "each speaks of another year"),
        ("nuance | F1 | elders | ", "open", None, None),
        ("confirm | F1 | panel | denied under watch", "set_aside", "panel", "denied under watch"),
        ("confirm | F1 | panel | seen;nuance | F1 | elders | two markets", "explained", "elders", "two markets"),
        ("contest | F1 | panel | hearsay", "open", None, None),
    ],
)  # fmt: skip
def test_a_contradiction_is_a_record_that_only_a_reason_settles(
    reviews: str, status: str, by: str | None, why: str | None
) -> None:
    told = [f"F | review | review | {review}\n" for review in reviews.split(";") if review]
    rows = (TORN + "".join(told)).replace("F1", "links/EX0101/cooperation")
    given = evidence(rows, SOURCES)
    counted = shares(given, "links", {})
    found = findings(given, counted)
    records = contradictions(given, counted, found)
    row = next(row for row in records.iter_rows(named=True) if row["id"] == "links/EX0101/cooperation")
    assert (row["status"], row["by"], row["reason"], row["kind"]) == (status, by, why, "stance")
    assert (row["for"], row["against"], row["said"], row["denied"]) == (1, 1, ["o1"], ["o2"])
    assert found.filter(id=row["id"])["contradiction_status"].item() == status


def test_published_values_that_do_not_meet_are_a_contradiction_of_their_own_kind() -> None:
    head = "source | kind | question | answer | low | high | unit | place | period\n"
    rows = head + "P | figure | figure | fiu_reports | 25 | 25 | reports | EX | 2016\n"
    rows += "Q | figure | figure | fiu_reports | 53 | 53 | reports | EX | 2016\n"
    two = "id | kind | reliability | cluster\nP | document | B |\nQ | document | B |"
    for sources, torn in ((two, 1), (two.replace("B |", "B | speech"), 0)):  # one speech reported twice is one voice
        given = evidence(rows, sources)
        told = figures(given, "figures", {})
        found = findings(given, told)
        records = contradictions(given, told, found)
        assert records.filter(id="figures/EX/fiu_reports/2016")["kind"].to_list() == ["values"] * torn
        assert found.filter(id="figures/EX/fiu_reports/2016")["contradiction"].item() == bool(torn)


def test_groups_of_one_class_are_no_two_classes_of_people() -> None:
    people = """
id | kind      | stakeholder         | place  | reliability
M  | interview | artisanal_miner     | EX0101 | A
T  | interview | transporter         | EX0101 | A
C  | interview | chamber_of_commerce | EX0101 | A
P  | document  |                     | EX0101 | A
"""
    rows = HEAD + "".join(f"{source} | link | link | cooperation\n" for source in "MTCP")

    def row(sources: str) -> dict[str, Any]:
        given = evidence(rows, sources)
        return findings(given, shares(given, "links", {})).filter(id="links/EX0101/cooperation").row(0, named=True)

    alike, other = row(people), row(people.replace("chamber_of_commerce", "magistrate         "))
    assert (alike["evidence"], alike["agreement"], alike["confidence"]) == ("medium", "high", "high")
    assert (other["evidence"], other["agreement"], other["confidence"]) == ("robust", "high", "very_high")


def test_saying_that_nobody_controls_the_place_contradicts_who_says_that_somebody_does() -> None:
    rows = "source | kind | question | answer | actor\nA | control | control | control | terrorist_group\n"
    given = evidence(rows + "C | control | control | none |", SOURCES)
    table = findings(given, shares(given, "control", {"question": "control"}))
    row = table.filter(id="control/EX0101/terrorist_group").row(0, named=True)
    assert (row["for"], row["against"], row["silent"], row["contradiction"]) == (1, 1, 0, True)
