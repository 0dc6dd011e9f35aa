"""Attack 4: three releases of one study, with one person more and then one who withdrew, subtracted."""

import csv
from collections.abc import Mapping
from pathlib import Path

import attacker_bytes
import made_attacked
import pytest
from attacker_claims import Claim, claims, joined
from attacker_releases import Issue, fixed
from made_attacked import COMER, LEAVER

from maillage import pack as packs
from maillage.pack import Pack
from maillage.verbs.release import release


@pytest.fixture(scope="session")
def pack() -> Pack:
    return packs.load("nexus")


@pytest.fixture(scope="session")
def issues(tmp_path_factory: pytest.TempPathFactory, pack: Pack) -> list[Issue]:
    """R1 with 39 people, R2 with one more, R3 after another has withdrawn."""
    folder, world = tmp_path_factory.mktemp("successive"), made_attacked.middle()
    first = world.but(COMER)
    study = made_attacked.entered(first, folder)
    homes = {row["id"]: row["place"] for row in world.people if row["kind"] == "interview"}
    found = [_issue(study, folder / "r1", homes, pack, gone={COMER})]
    made_attacked.tell(study, [row for row in world.people if row["id"] == COMER],
                       [row for row in world.said if row["source"] == COMER])  # fmt: skip
    found.append(_issue(study, folder / "r2", homes, pack, gone=set()))
    made_attacked.withdraw(study, LEAVER)
    found.append(_issue(study, folder / "r3", homes, pack, gone={LEAVER}))
    return found


def _issue(study: Path, out: Path, homes: Mapping[str, str], pack: Pack, *, gone: set[str]) -> Issue:
    release(study, out, audience="public", langs=("en",), step=lambda name: None)
    people = {person: home for person, home in homes.items() if person not in gone}
    files = attacker_bytes.files(out)
    table = csv.DictReader(files["data/estimates.csv"].decode().splitlines())
    old = {row["id"] for row in table if row["released"]}  # repeated from an earlier release, where they are claimed
    return Issue(people, {name: item for name, item in joined(claims(files, pack)).items() if name not in old})


def asked(issues: list[Issue]) -> list[tuple[str, str]]:
    """Measures by place and their answers."""
    ids = {ident for issue in issues for ident in issue.claims}
    return sorted({(ident.split("/")[0], ident.split("/")[2]) for ident in ids
                   if ident.startswith(("links/", "markets/", "factors/", "needs/"))})  # fmt: skip


def test_three_releases_tell_nothing_of_who_came_and_who_went(issues: list[Issue]) -> None:
    told = {}
    for measure, answer in asked(issues):
        whole = [issue.claims.get(f"{measure}/ALL/{answer}", Claim("")) for issue in issues]
        if any(item.k[0] > 0 for item in whole):
            told |= {(measure, answer, name): said for name, said in fixed(issues, measure, answer).items()}
    assert told == {}


def test_one_release_alone_tells_nothing_of_them(issues: list[Issue]) -> None:
    for measure, answer in asked(issues)[:6]:
        assert fixed(issues[:1], measure, answer) == {}


def test_exact_counts_one_apart_are_the_answer_of_who_came() -> None:
    homes = {f"p{turn}": "XA0101" for turn in range(12)}
    one = Issue({name: home for name, home in homes.items() if name != "p11"},
                {"needs/ALL/road": Claim("needs/ALL/road", (11, 11), (5, 5))})  # fmt: skip
    two = Issue(homes, {"needs/ALL/road": Claim("needs/ALL/road", (12, 12), (6, 6))})
    assert fixed([one, two], "needs", "road") == {"p11": 1}
    assert fixed([one], "needs", "road") == {}


def test_withdrawn_people_are_in_no_later_release(issues: list[Issue]) -> None:
    whole = [issue.claims.get("sample/ALL/ALL", Claim("")).n for issue in issues]
    assert whole[0][0] in (39, 0)
    assert whole[2][1] in (39, None)
