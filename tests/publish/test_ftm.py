"""Ties as FollowTheMoney entities: what may leave, for whom, in a form that its model takes.

The table of the model below was checked once against the library (followthemoney 4.11.2) in an environment of its
own: every entity of the three studies was read by it with cleaning, and no value was dropped or changed.
"""

import csv
import dataclasses
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from made_release import AUDIENCES

from folders import STUDIES
from maillage import pack as packs
from maillage import run
from maillage.errors import MaillageError
from maillage.evidence import Evidence
from maillage.publish import actors, ftm
from maillage.publish.gate import clear
from maillage.publish.ties import ties
from maillage.signing import release_signer
from maillage.study.folder import open_study
from maillage.verbs.export import export
from small_evidence import evidence

TEXT, ENTITY, DATE, NUMBER = r".+", r"[0-9a-f]{40}", r"\d{4}(-\d\d(-\d\d)?)?", r"-?\d+(\.\d+)?"
INTERVAL = {"startDate": DATE, "endDate": DATE, "recordId": TEXT, "proof": ENTITY, "description": TEXT, "summary": TEXT}
MODEL = {
    "LegalEntity": {"name": TEXT},
    "Organization": {"name": TEXT, "notes": TEXT},
    "Person": {"name": TEXT, "notes": TEXT},
    "Address": {"name": TEXT, "full": TEXT, "country": "[a-z]{2}", "latitude": NUMBER, "longitude": NUMBER},
    "Document": {"title": TEXT, "sourceUrl": "https?://.+"},
    "UnknownLink": INTERVAL | {"subject": ENTITY, "object": ENTITY, "role": TEXT, "status": TEXT},
    "Payment": INTERVAL | {"payer": ENTITY, "beneficiary": ENTITY, "amount": NUMBER, "currency": "[A-Z]{3}",
                           "purpose": TEXT},
    "Trip": INTERVAL | {"name": TEXT, "startLocation": ENTITY, "endLocation": ENTITY, "keywords": TEXT,
                        "involved": ENTITY},
}  # fmt: skip
SOURCES = """
id | kind | place | consent | use | sensitivity | title
I1 | interview | EX01 | anonymous | | |
I2 | interview | EX01 | anonymous | research;partners | |
I3 | interview | EX01 | attributed | research;partners;justice | |
I4 | interview | EX01 | anonymous | partners | |
D1 | document | EX01 | | | | A public paper
D2 | document | EX01 | | | high | A paper that is not public
"""
HEAD = (
    "id | source | kind | question | answer | actor | other | place | period | polarity | modality | market | "
    "low | central | high | unit | currency | per | base | good | from_place | via | to_place\n"
)
LINK = "link | link | cooperation | terrorist_group | smuggler | EX01 | "


def made(rows: str, sources: str = SOURCES) -> Evidence:
    width = HEAD.count("|")
    lines = [line + " |" * (width - line.count("|")) for line in rows.strip().splitlines()]
    return evidence(HEAD + "\n".join(lines), sources, audiences=AUDIENCES)


def out(known: Evidence, audience: str = "team", key: bytes = b"k" * 32) -> tuple[list[Any], list[dict[str, str]]]:
    release = clear(run.measure_all(known, date="2024-06-01"), audience=audience, langs=("en", "fr"), exported=True)
    files = ftm.files(ties(known, release), key)
    losses = csv.DictReader(io.StringIO(files[ftm.LOSSES].decode()))
    return [json.loads(line) for line in files[ftm.ENTITIES].decode().splitlines()], list(losses)


def of(entities: list[Any], schema: str) -> list[dict[str, list[str]]]:
    return [entity["properties"] for entity in entities if entity["schema"] == schema]


def fits(entities: list[Any]) -> None:
    """Only what the model has, every value of its form, every reference to an entity that is there."""
    ids = [entity["id"] for entity in entities]
    assert len(set(ids)) == len(ids)
    for entity in entities:
        assert re.fullmatch(ENTITY, entity["id"])
        for name, values in entity["properties"].items():
            form = MODEL[entity["schema"]][name]
            assert all(re.fullmatch(form, value, re.DOTALL) for value in values), (name, values)
            assert form != ENTITY or set(values) <= set(ids)


def test_a_link_keeps_its_sign_as_role_and_its_statement() -> None:
    entities, losses = out(made(f"a | I1 | {LINK}2024-06 | | alleged"))
    (link,) = of(entities, "UnknownLink")
    assert (link["role"], link["status"], link["recordId"]) == (["cooperation"], ["alleged"], ["a"])
    assert link["startDate"] == link["endDate"] == ["2024-06"]
    assert next(entity["name"] for entity in of(entities, "LegalEntity")) == ["terrorist group", "groupe terroriste"]
    assert losses == []
    fits(entities)


@pytest.mark.parametrize(("row", "reason"), [
    (f"a | I1 | {LINK} | absent", "negation"), (f"a | I1 | {LINK} | | hypothesised", "hypothesis"),
    ("a | I1 | link | link | denied", "no_tie"), ("a | I1 | link | link | cooperation | terrorist_group", "no_ends"),
])  # fmt: skip
def test_what_is_no_tie_does_not_leave_as_one(row: str, reason: str) -> None:
    entities, losses = out(made(row))
    assert entities == []
    assert [(loss["statement"], loss["reason"]) for loss in losses] == [("a", reason)]


def test_a_range_is_no_amount_and_is_told_in_words() -> None:
    levy = "levy | levy | site_access | terrorist_group | artisanal_miner | EX01 | 2024 | | | gold"
    entities, losses = out(made(f"a | I1 | {levy} | 5000 | | 20000 | XOF | XOF | week | miner\n"
                                f"b | I1 | {levy} | | 7500 | | XOF | XOF | week | miner"))  # fmt: skip
    ranged, one = of(entities, "Payment")
    assert "amount" not in ranged
    assert "currency" not in ranged
    assert "between XOF 5,000 and XOF 20,000" in ranged["description"][0].replace("\u00a0", " ")
    assert (one["amount"], one["currency"]) == (["7500"], ["XOF"])
    assert [(loss["field"], loss["value"], loss["reason"]) for loss in losses] == [
        ("low", "5000", "amount_range"), ("high", "20000", "amount_range"),
    ]  # fmt: skip
    fits(entities)


def test_a_flow_is_a_trip_a_leg() -> None:
    flow = "flow | flow | | smuggler | | EX01 | 2024 | | | | | | | | | | | gold"
    entities, losses = out(made(f"a | D1 | {flow} | EX01 | EX02 | EX01"))
    assert [(loss["field"], loss["value"], loss["reason"]) for loss in losses] == [("country", "EX", "no_country")]
    assert not any("country" in place for place in of(entities, "Address"))
    trips = of(entities, "Trip")
    assert len(trips) == 2
    assert trips[0]["endLocation"] == trips[1]["startLocation"]
    assert trips[0]["proof"] == trips[1]["proof"]
    assert of(entities, "Document") == [{"title": ["A public paper"]}]
    fits(entities)


def test_levies_and_legs_below_the_second_level_never_leave() -> None:
    rows = """
    a | D1 | levy | levy | site_access | terrorist_group | artisanal_miner | EX010101
    b | D1 | flow | flow | | smuggler | | EX01 | | | | | | | | | | | | gold | EX01 | EX010101 | EX02
    """.replace("\n    ", "\n")
    entities, losses = out(made(rows))
    assert not of(entities, "Payment") + of(entities, "Trip")
    assert {loss["statement"]: loss["reason"] for loss in losses}["a"] == "below_second_level"
    assert "EX010101" not in json.dumps([entities, losses])


def test_consent_must_cover_the_use() -> None:
    rows = "\n".join(f"{n} | {source} | {LINK}" for n, source in enumerate(["I1", "I2", "I3", "I4", "D1", "D2"]))
    team, losses = out(made(rows))
    assert [link["recordId"] for link in of(team, "UnknownLink")] == [["0"], ["1"], ["2"], ["4"], ["5"]]
    assert [(loss["statement"], loss["reason"]) for loss in losses] == [("3", "consent_use")]


def test_partners_get_what_enough_people_say_and_nobody_s_words() -> None:
    rows = "\n".join(
        f"s{n} | {source} | {LINK}2024-0{n + 1}-02 | | alleged" for n, source in enumerate(["I2", "I3", "I4"])
    )
    entities, losses = out(made(rows), "partners")
    (link,) = of(entities, "UnknownLink")
    assert link.keys() == {"subject", "object", "role", "status", "summary", "description"}
    assert losses == []
    fewer = rows.splitlines()[:2]
    entities, losses = out(made("\n".join([*fewer, f"s3 | I1 | {LINK}", f"s4 | D2 | {LINK}"])), "partners")
    assert entities == []
    assert losses == [
        {"statement": "", "field": "", "value": "", "reason": reason}
        for reason in ("consent_use", "too_few_informants")
    ]


def test_partners_who_are_spoken_of_fall_under_the_public_rule() -> None:
    rows = "\n".join(f"s{n} | {source} | {LINK}" for n, source in enumerate(["I2", "I3", "I4"]))
    known = made(rows)
    audiences = AUDIENCES | {"partners": type(AUDIENCES["partners"])(3, ("terrorist_group",))}
    told = evidence(HEAD + "\n".join(line + " |" * (HEAD.count("|") - line.count("|")) for line in rows.splitlines()),
                    SOURCES, audiences=audiences)  # fmt: skip
    assert len(of(out(known, "partners")[0], "UnknownLink")) == 1
    assert out(told, "partners")[0] == []


ACTORS = """code,name,name_fr,kind,person,members,public_record,signed,designation,date
katiba,Katiba X,Katiba X,terrorist_group,,many,,,UN,2018
cell,The Cell,La Cellule,terrorist_group,,few,,,,
boss,Somebody,Quelqu'un,smuggler,yes,,yes,bo,,
known,Somebody Known,Connu,smuggler,yes,,yes,ana,,
"""
PEOPLE = "\n".join(f"I{n} | interview | EX0{1 + n % 2} | anonymous | research;partners | |" for n in range(1, 7))


def named(folder: Path, rows: str) -> Evidence:
    (folder / "tables").mkdir()
    (folder / "tables" / "actors.csv").write_text(ACTORS, "utf-8")
    (folder / "tables" / "actors.yml").write_text("kind: actors\nfile: tables/actors.csv\n", "utf-8")
    told = made(rows, SOURCES.splitlines()[1] + "\n" + PEOPLE)
    return dataclasses.replace(
        told, pack=packs.load("nexus", folder), study=dataclasses.replace(told.study, lead="ana")
    )


def tie(actor: str, other: str, places: str) -> str:
    return "\n".join(
        f"{actor}{n} | I{n} | link | link | cooperation | {actor} | {other} | EX0{place}"
        for n, place in enumerate(places, 1)
    )


def partners(known: Evidence) -> tuple[list[Any], set[str]]:
    merged = actors.merged(known, "ana") or known
    release = clear(run.measure_all(merged, date="2024-06-01"), audience="partners", langs=("en", "fr"), exported=True)
    files = ftm.files(ties(known, release), b"k" * 32)
    entities = [json.loads(line) for line in files[ftm.ENTITIES].decode().splitlines()]
    fits(entities)
    return entities, {row["reason"] for row in csv.DictReader(io.StringIO(files[ftm.LOSSES].decode()))}


def test_partners_read_of_persons_and_small_groups_by_their_kind(tmp_path: Path) -> None:
    known = named(tmp_path, tie("cell", "boss", "111") + "\n" + tie("katiba", "known", "222"))
    entities, _ = partners(known)
    assert [one["name"][0] for one in of(entities, "LegalEntity")] == ["terrorist group", "smuggler of migrants"]
    assert of(entities, "Organization") == [
        {"name": ["Katiba X"], "notes": ["Designated: UN, 2018", "Désignation\u00a0: UN, 2018"]}
    ]
    assert of(entities, "Person") == [{"name": ["Somebody Known", "Connu"]}]
    told = json.dumps(entities, ensure_ascii=False)
    assert not [word for word in ("The Cell", "Cellule", '"Somebody"', "Quelqu'un") if word in told]
    team, _ = out(known)
    assert {name for one in of(team, "Person") for name in one["name"]} == {
        "Somebody", "Quelqu'un", "Somebody Known", "Connu",
    }  # fmt: skip


@pytest.mark.parametrize(("places", "told", "reasons"), [
    ("111", ["Amont"], set()), ("112", [None], {"place_few_informants"}),
    ("1112", ["Amont"], {"too_few_informants"}), ("12", [], {"too_few_informants"}),
    ("111222", ["Amont", "Plaine"], set()),
])  # fmt: skip
def test_what_few_say_of_a_named_group_is_told_of_no_place(
    places: str, told: list[str | None], reasons: set[str], tmp_path: Path
) -> None:
    entities, lost = partners(named(tmp_path, tie("katiba", "smuggler", places)))
    words = [link.get("description", [None])[0] for link in of(entities, "UnknownLink")]
    assert (words, lost) == (told, reasons)
    by_kind, _ = partners(made(tie("terrorist_group", "smuggler", "112"), SOURCES.splitlines()[1] + "\n" + PEOPLE))
    assert of(by_kind, "UnknownLink") == []


def test_a_role_is_a_tie_to_those_who_make_up_a_market() -> None:
    rows = "a | I1 | role | role | regulator | terrorist_group | | EX01 | 2024 | | | gold"
    entities, losses = out(made(rows + "\nb | I1 | role | role | buyer | smuggler | | EX01"))
    (role,) = of(entities, "UnknownLink")
    assert (role["role"], role["summary"][0], role["recordId"]) == (["regulator"], "regulator", ["a"])
    market = next(one for one in entities if one["id"] == role["object"][0])
    assert (market["schema"], market["properties"]["name"][0]) == ("LegalEntity", "gold")
    assert [(loss["statement"], loss["reason"]) for loss in losses] == [("b", "no_ends")]
    fits(entities)


def test_the_public_gets_no_ties_and_is_told_before_anything_is_computed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("maillage.run.run", None)
    with pytest.raises(MaillageError) as caught:
        export(STUDIES / "first-steps", tmp_path / "out", form="ftm", audience="public")
    assert (caught.value.code, caught.value.exit_code) == ("ties_audience", 1)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["first-steps", "mali"])
@pytest.mark.parametrize("audience", ["team", "partners"])
def test_the_studies_fit_the_model(name: str, audience: str, tmp_path) -> None:
    export(STUDIES / name, tmp_path, form="ftm", audience=audience)
    entities = [json.loads(line) for line in (tmp_path / ftm.ENTITIES).read_text("utf-8").splitlines()]
    assert len(entities) > 10 or name == "first-steps"
    fits(entities)
    assert not any("\u202f" in text for entity in entities for texts in entity["properties"].values() for text in texts)
    assert name != "mali" or {country for place in of(entities, "Address") for country in place.get("country", [])} >= {
        "ml"
    }
    assert audience == "team" or not any("recordId" in entity["properties"] for entity in entities)


def test_the_same_actor_has_another_id_in_another_release() -> None:
    known = made(f"a | I1 | {LINK}")
    first, second = (out(known, key=key)[0] for key in (b"a" * 32, b"b" * 32))
    assert not {entity["id"] for entity in first} & {entity["id"] for entity in second}
    assert out(known, key=b"a" * 32)[0] == first
    signer = release_signer(open_study(STUDIES / "mali").settings.id)
    assert len({signer.secret("one"), signer.secret("two"), signer.key.private_bytes_raw()}) == 3


@pytest.mark.parametrize(("text", "good"), [
    ("2024", True), ("2024-06", True), ("2024-02-29", True), ("2024-02-30", False), ("2023-02-29", False),
    ("avril 2024", False), ("2024?", False), ("2024-6", False), ("24", False), ("", False), ("2024-06-01-02", False),
])  # fmt: skip
def test_a_date_is_one_of_the_calendar_or_none(text: str, good: bool) -> None:
    assert ftm._is_date(text) is good
