"""Why a number bears no word of confidence: only from what the audience reads of it, and always where it is known."""

import polars as pl
import pytest
from made_release import doctored, released, study

import known
from maillage.blocks import KeyFinding
from maillage.labels import Labels, phrases
from maillage.publish import explain, report, ungraded
from maillage.publish.gate import Release

SHARE = "links/XA0202/confrontation"


def reasons(release: Release, *idents: str, lang: str = "en") -> str:
    labels = Labels(lang, release.pack, release.places, release.settings.zone_labels)
    return ungraded.unweighed(idents, explain.behind(release, labels))


def first(release: Release, **wanted: str) -> str:
    """The first id with these values."""
    return str(release.estimates.filter(**wanted).sort("id")["id"][0])


def test_each_kind_of_number_without_a_word_has_its_reason() -> None:
    release = known.released("practice")
    said = {
        "ungraded_maybe_none": SHARE,
        "ungraded_withheld": "levies/XA0101/gold/miner/week",
        "ungraded_no_number": first(release, measure="priorities", status="not_computable"),
        "ungraded_kind": first(release, measure="needs", status="ok"),
        "ungraded_published": first(release, measure="published", status="ok"),
    }
    for lang in ("en", "fr"):
        assert {key: reasons(release, ident, lang=lang) for key, ident in said.items()} == {
            key: phrases()[key][lang] for key in said
        }


def test_a_number_with_a_word_has_none_and_of_several_the_first_counts() -> None:
    release = known.released("practice")
    graded = str(release.findings["id"][0])
    assert reasons(release, graded, "links/NOWHERE/cooperation") == ""
    assert reasons(release, graded, SHARE) == phrases()["ungraded_maybe_none"]["en"]


def test_that_nobody_says_so_is_said_where_it_is_published() -> None:
    release = released(study({"EX0101": (6, 12)}))
    named = pl.col("id") == "links/ALL/cooperation"
    nobody = doctored(
        release, findings=release.findings.clear(),
        estimates=release.estimates.with_columns(k=pl.when(named).then(0).otherwise("k"))
    )  # fmt: skip
    assert reasons(nobody, "links/ALL/cooperation") == phrases()["ungraded_nobody"]["en"]
    assert reasons(release, "links/ALL/cooperation") == ""


def test_few_and_nobody_read_the_same() -> None:
    """In both places six were asked; two say so in one, nobody in the other."""
    release = released(study({"EX0101": (2, 6), "EX0102": (0, 6)}))
    told = [reasons(release, f"links/{place}/cooperation") for place in ("EX0101", "EX0102")]
    assert told[0] == told[1] != ""


@pytest.mark.parametrize("name", ["mali", "practice"])
def test_no_key_finding_is_without_a_word_and_without_a_reason(name: str) -> None:
    release = known.released(name)
    settings = release.settings.key_findings
    assert settings
    made = report.document(release, {}, "en")
    found = [block for block in made.sections[0].blocks if isinstance(block, KeyFinding)]
    assert len(found) >= len(settings)
    assert [block.id for block in found if not block.confidence and not block.because] == []
