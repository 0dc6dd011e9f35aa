"""A release beside those before it: what few people make the difference to stays as it was, or goes."""

from dataclasses import replace

import pytest
from made_release import by_hand, crowd, one, share, statements

from maillage.evidence import Audience
from maillage.labels import Labels
from maillage.publish import wording
from maillage.publish.earlier import Earlier, told
from maillage.publish.gate import Release, clear
from maillage.publish.signed import Signed
from small_evidence import nexus

ALL = "links/ALL/cooperation"


def out(rows: list[dict[str, object]], *earlier: Earlier, audience: str = "public") -> tuple[Release, Earlier]:
    """A release of these rows of thirty people, and what the next one has to know of it."""
    results = by_hand(crowd(30), rows)
    release = clear(results, audience=audience, langs=("en",), earlier=earlier)
    kept, people = told(results, audience, release.estimates.iter_rows(named=True))
    return release, Earlier("2024-01-31", audience, kept, people=people)


def after(first: dict[str, object], second: dict[str, object], **more: object) -> dict[str, object]:
    """The second row, released after the first."""
    _, before = out([first])
    release, _ = out([second], replace(before, **more))  # type: ignore[arg-type]
    return one(release, str(second["id"]))


@pytest.mark.parametrize(("n", "kept"), [(13, True), (16, True), (17, False), (12, False), (11, True), (7, False)])
def test_a_number_of_which_one_to_four_people_changed_keeps_its_old_value(n: int, kept: bool) -> None:
    row = after(share(ALL, 5, statements(12)), share(ALL, 4, statements(n)))
    if kept:
        assert (row["k"], row["n"], row["released"]) == (5, 12, "2024-01-31")
    else:
        assert row["released"] is None


def test_the_day_of_an_old_value_is_said() -> None:
    row = after(share(ALL, 5, statements(12)), share(ALL, 6, statements(13)))
    said = {lang: wording.say(row, Labels(lang, nexus(), crowd(1).places)) for lang in ("en", "fr")}
    assert "(as released on 31\N{NO-BREAK SPACE}January" in said["en"]
    assert "(tel que diffusé le 31" in said["fr"]


def test_no_old_value_rests_on_somebody_who_withdrew() -> None:
    row = after(share(ALL, 5, statements(12)), share(ALL, 5, statements(11)), withdrawn=frozenset({"P12"}))
    assert (row["band"], row["k"], row["n"], row["released"]) == ("half_or_fewer", None, None, None)
    mean = {"id": "severity/ALL/gold", "measure": "severity", "kind": "scores", "place": "ALL", "market": "gold",
            "value": 3.0, "low": 1.0, "high": 5.0}  # fmt: skip
    first = mean | {"n": 12, "trace": statements(12), "counted": statements(12)}
    second = mean | {"n": 11, "trace": statements(11), "counted": statements(11)}
    assert after(first, second, withdrawn=frozenset({"P12"}))["status"] == "withheld", "a mean has no words"


def test_after_a_withdrawal_all_numbers_of_the_place_are_treated_alike_whether_that_person_is_in_them() -> None:
    """P13 tells of links and rates no market: a mean that stayed while others go would say so."""
    mean = {"id": "severity/ALL/gold", "measure": "severity", "kind": "scores", "place": "ALL", "market": "gold",
            "value": 3.0, "low": 1.0, "high": 5.0, "n": 12,
            "trace": statements(12), "counted": statements(12)}  # fmt: skip
    _, before = out([share(ALL, 5, statements(13)), mean])
    release, _ = out([share(ALL, 5, statements(12)), mean], replace(before, withdrawn=frozenset({"P13"})))
    assert one(release, "severity/ALL/gold")["status"] == "withheld"
    other = {**mean, "id": "severity/EX01/gold", "place": "EX01"}
    _, before = out([share(ALL, 5, statements(13)), other])
    release, _ = out([share(ALL, 5, statements(12)), other], replace(before, withdrawn=frozenset({"P13"})))
    assert one(release, "severity/EX01/gold")["released"] == "2024-01-31", "of a place where they were not counted"


@pytest.mark.parametrize(("n", "told_"), [(5, False), (8, False), (9, True)])
def test_a_number_that_was_withheld_stays_so_until_enough_have_come(n: int, told_: bool) -> None:
    """Four, of whom too few answered, and one more: five would say that the fifth did."""
    first, second = share("links/EX01/cooperation", 1, statements(4)), share("links/EX01/cooperation", 1, statements(n))
    assert (after(first, second)["status"] == "ok") == told_


@pytest.mark.parametrize("k", range(1, 13))
def test_what_is_told_after_a_withdrawal_is_the_same_whatever_that_person_said(k: int) -> None:
    """Of twelve k said it; P1 withdraws, who said it, or P12, who did not."""
    told: list[dict[str, object]] = []
    for gone, now in (("P1", k - 1), ("P12", k)):
        people = [name for name in statements(12) if name != f"{gone}_s"]
        row = after(share(ALL, k, statements(12)), share(ALL, now, people), withdrawn=frozenset({gone}))
        told.append({name: row[name] for name in ("status", "reason", "band", "k", "n", "value", "released")})
    if k < 12:  # where all said it, so did who withdrew
        assert told[0] == told[1]
    assert told[0]["k"] is None
    assert told[0]["status"] == ("withheld" if k == 8 else "ok"), "of eight, the word would turn on one answer"


def test_words_after_a_withdrawal_stay_words() -> None:
    """The third release is as the second: its count, beside that of the first, would be the answer of who withdrew."""
    _, one_ = out([share(ALL, 5, statements(12))])
    gone = replace(one_, withdrawn=frozenset({"P12"}))
    second, two = out([share(ALL, 5, statements(11))], gone)
    third, _ = out([share(ALL, 5, statements(11))], gone, two)
    assert second.estimates.equals(third.estimates)
    more, _ = out([share(ALL, 6, statements(11) + statements(5, 13))], gone, two)
    assert one(more, ALL)["n"] == 16, "six others: nobody is alone"


def test_the_mark_of_an_old_value_says_nothing_of_who_came() -> None:
    """Who came said it or not: the released rows are the same, `released` with them, and all that were counted then
    bear it."""
    for k in (5, 6):
        row = after(share(ALL, 5, statements(12)), share(ALL, k, statements(13)))
        assert (row["k"], row["n"], row["released"]) == (5, 12, "2024-01-31")
    need = share("needs/ALL/road", 6, statements(12), answer="road")
    _, before = out([share(ALL, 5, statements(12)), need])
    for extra in (13, 14):
        release, _ = out([share(ALL, 5, statements(extra)), need], before)
        assert {row["released"] for row in release.estimates.iter_rows(named=True)} == {"2024-01-31"}, (
            "every one of them"
        )


def test_another_group_of_nearly_the_same_people_is_not_counted_beside_an_earlier_one() -> None:
    """Twelve in the zone last year, thirteen in the region now: subtract, and one person is alone."""
    row = after(
        share("links/zone:north/cooperation", 5, statements(12)), share("links/EX01/cooperation", 5, statements(13))
    )
    assert (row["k"], row["n"], row["band"]) == (None, None, None), (
        "nor in words: that would say that one more answered"
    )
    row = after(
        share("links/zone:north/cooperation", 5, statements(12)), share("links/EX01/cooperation", 5, statements(22))
    )
    assert row["k"] is None, "5 of 12 and 5 of 22: nobody of the other ten"


def test_what_partners_were_told_is_held_against_what_the_public_is_told() -> None:
    """Partners heard 1 of 3 miners; the public may not be told the number that gives the other ten to partners."""
    _, before = out([share("links/EX0101/cooperation", 3, statements(3))], audience="partners")
    release, _ = out([share("links/EX01/cooperation", 3, statements(13))], before)
    assert one(release, "links/EX01/cooperation")["k"] is None


@pytest.mark.parametrize(("n", "told_"), [(13, False), (16, False), (17, True), (12, True)])
def test_one_audience_is_not_told_by_the_other_what_who_came_in_between_said(n: int, told_: bool) -> None:
    """Twelve for partners, and one more for the public: whoever has both subtracts."""
    mean = {"id": "severity/ALL/gold", "measure": "severity", "kind": "scores", "place": "ALL", "market": "gold",
            "value": 3.0, "low": 1.0, "high": 5.0}  # fmt: skip

    def rows(count: int) -> list[dict[str, object]]:
        said = statements(count)
        return [share(ALL, 5, said), mean | {"n": count, "trace": said, "counted": said}]

    _, before = out(rows(12), audience="partners")
    release, _ = out(rows(n), before)
    assert {one(release, name)["status"] == "ok" for name in (ALL, "severity/ALL/gold")} == {told_}
    _, public = out(rows(12))
    release, _ = out(rows(n), public, audience="partners")
    again = {one(release, name)["released"] for name in (ALL, "severity/ALL/gold")}
    assert again == {"2024-01-31" if n == 13 else None}, "partners, of whom three are enough, read what the public has"


def test_the_public_is_not_told_what_partners_were_too_few_for_because_few_came() -> None:
    few, more = (share("links/EX01/cooperation", 1, statements(n)) for n in (2, 5))
    _, before = out([few], audience="partners")
    release, _ = out([more], before)
    assert one(release, "links/EX01/cooperation")["status"] == "withheld"


def test_what_an_old_value_counted_is_carried_on() -> None:
    first, second = share(ALL, 5, statements(12)), share(ALL, 6, statements(13))
    _, one_ = out([first])
    _, two = out([second], one_)
    assert two.told == {}, "left to the release that told it first"
    release, _ = out([share(ALL, 8, statements(16))], one_, two)
    assert one(release, ALL)["n"] == 12, "four more than in the value that is out, not three"


def test_released_again_is_the_same() -> None:
    rows = [share(ALL, 12, statements(30)), share("links/EX01/cooperation", 6, statements(14)),
            share("links/EX0101/cooperation", 2, statements(12)),
            share("links/EX0102/cooperation", 1, statements(4, 13))]  # fmt: skip
    first, before = out(rows)
    second, _ = out(rows, before)
    third, _ = out(rows, before, before)
    assert first.estimates.equals(second.estimates)
    assert first.estimates.equals(third.estimates)


def test_what_partners_know_already_is_not_told_to_the_public_for_that() -> None:
    """Partners can work out who in the place said it; the public is told no more for that than before."""
    region = "links/EX01/cooperation"
    rows = [share(ALL, 9, statements(30)), share(region, 9, statements(11)),
            share("links/EX0101/cooperation", 8, statements(8)),
            share("links/EX0102/cooperation", 1, statements(3, 9))]  # fmt: skip
    first, public = out(rows)
    _, partners = out(rows, public, audience="partners")
    assert one(first, region)["k"] is None
    for before in ([public, partners], [partners]):
        second, _ = out(rows, *before)
        assert one(second, region)["band"] in ("more_than_half", None)
        assert one(second, region)["k"] is None


def test_a_number_in_which_who_came_has_no_part_does_not_say_so() -> None:
    """A thirteenth was heard on something else: both numbers stay as of the day before."""
    need = share("needs/ALL/road", 6, statements(13), answer="road")
    _, before = out([share(ALL, 5, statements(12)), need | share("needs/ALL/road", 6, statements(12), answer="road")])
    release, _ = out([share(ALL, 5, statements(12)), need], before)
    assert [one(release, name)["released"] for name in (ALL, "needs/ALL/road")] == ["2024-01-31", "2024-01-31"]
    again, _ = out([share(ALL, 5, statements(12)), need], before)
    assert release.estimates.equals(again.estimates)


@pytest.mark.parametrize(("asked", "band"), [(6, "half_or_fewer"), (4, None)])
@pytest.mark.parametrize("n", [0, 1])
def test_what_is_excepted_no_more_is_not_printed_on(asked: int, band: str | None, n: int) -> None:
    """None of six left against the rules; the exception was taken back and somebody came, who answered or did not."""
    need = share("needs/EX01/road", 0, statements(asked), answer="road")
    who = share(ALL, 5, statements(12))
    results = by_hand(crowd(30), [need, who])
    first = clear(results, audience="public", langs=("en",), signed=Signed(exceptions=frozenset({str(need["id"])})))
    kept, people = told(results, "public", first.estimates.iter_rows(named=True))
    assert kept[str(need["id"])].row["k"] == 0, "it went out"
    before = Earlier("2024-01-31", "public", kept, people=people, exceptions=frozenset({str(need["id"])}))
    came = [share("needs/EX01/road", 0, [*statements(asked), *statements(n, 13)], answer="road"),
            share(ALL, 5, statements(13))]  # fmt: skip
    row = one(out(came, before)[0], str(need["id"]))
    assert (row["k"], row["n"], row["band"], row["status"] == "ok") == (None, None, band, band is not None)


def test_an_old_value_is_told_by_the_rules_of_now() -> None:
    """Partners read 1 of 12; since then they are spoken of."""
    first, second = share(ALL, 1, statements(12)), share(ALL, 1, statements(13))
    made = crowd(30)
    results = by_hand(made, [first])
    release = clear(results, audience="partners", langs=("en",))
    kept, people = told(results, "partners", release.estimates.iter_rows(named=True))
    before = Earlier("2024-01-31", "partners", kept, people=people)
    audiences = made.study.audiences | {"partners": Audience(3, includes=("state_agent",))}
    spoken = replace(made, study=replace(made.study, audiences=audiences))
    again = one(clear(by_hand(spoken, [second]), audience="partners", langs=("en",), earlier=[before]), ALL)
    assert (again["band"], again["k"], again["n"], again["released"]) == ("few", None, 12, "2024-01-31")
