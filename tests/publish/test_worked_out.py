"""What follows of somebody says why: the exception that lets it follow, what is out already, or that it should not."""

import dataclasses

import pytest

from maillage.publish.exposure import Exposure
from maillage.publish.unknowns import Count
from maillage.publish.worked_out import WorkedOut, worked_out
from maillage.verbs import risk

LINK = ("links", None, None, None, "cooperation", None)
TWELVE = frozenset(f"P{at}" for at in range(12))
FIVE = frozenset(f"P{at}" for at in range(5))


def count(name: str, asked: frozenset[str], said: frozenset[str], *, told: bool = True) -> Count:
    """A count that is told as it is, or not at all."""
    shown = len(said & asked) if told else None
    return Count(name, LINK, asked, said & asked, least=shown, most=shown, small=10, margin=3)


WHOLE = count("links/ALL/cooperation", TWELVE, frozenset({"P0", "P1", "P6", "P7"}))
PLACE = count("links/XA01/cooperation", FIVE, frozenset({"P0", "P1"}))
SILENT = dataclasses.replace(PLACE, least=None, most=None)
BEFORE = dataclasses.replace(PLACE, name="links/XA01/cooperation#0")
NAMES = ("P0", "P1", "P2", "P3", "P4")


def test_the_exception_is_named_that_lets_it_follow() -> None:
    (told,) = {one for one in worked_out([WHOLE, PLACE], (), {PLACE.name: {PLACE.name}}) if one.people == NAMES}
    assert told == WorkedOut("links/cooperation", NAMES, (PLACE.name,))
    assert worked_out([WHOLE, SILENT], (), {}) == ()


def test_what_is_out_already_is_said_to_be() -> None:
    excepted = {PLACE.name: {PLACE.name, BEFORE.name}}
    told = worked_out([WHOLE, SILENT], [BEFORE], excepted)
    assert WorkedOut("links/cooperation", NAMES, (PLACE.name,), earlier=True) in told
    told = worked_out([WHOLE, SILENT], [BEFORE], {})
    assert WorkedOut("links/cooperation", NAMES, (), earlier=True) in told


def test_what_no_exception_explains_is_not_put_down_to_one() -> None:
    told = worked_out([WHOLE, PLACE], (), {"links/ALL/denied": {"links/ALL/denied"}})
    assert WorkedOut("links/cooperation", NAMES) in told


def test_who_changed_what_they_say_is_named_and_nobody_left_blank() -> None:
    """P0 said it in the release that is out, and took it back since: each of the two answers has its people."""
    before = count("links/XA01/cooperation#0", FIVE, FIVE)
    now = count("links/XA01/cooperation", FIVE, FIVE - {"P0"})
    told = worked_out([now], [before], {})
    assert told
    assert [one for one in told if not one.people] == []


@pytest.mark.parametrize(("lang", "words"), [
    ("en", ("  links/cooperation: P0; P1", "through the exception signed for links/XA01/cooperation")),
    ("fr", ("  links/cooperation\u00a0: P0\u00a0; P1", "par l'exception signée pour links/XA01/cooperation")),
])  # fmt: skip
def test_the_cause_stands_under_the_people(lang: str, words: tuple[str, str]) -> None:
    one = WorkedOut("links/cooperation", ("P0", "P1"), ("links/XA01/cooperation",))
    lines = risk.summary(Exposure("journalist", "public", 9, (), (one,), ()), lang)
    at = lines.index(words[0])
    assert words[1] in lines[at + 1]
    leak = risk.summary(Exposure("journalist", "public", 9, (), (dataclasses.replace(one, exceptions=()),), ()), lang)
    assert leak[at + 1] != lines[at + 1]
    assert risk.record(Exposure("journalist", "public", 9, (), (one,), ()))["worked_out"][0]["exceptions"] == (
        "links/XA01/cooperation",
    )
