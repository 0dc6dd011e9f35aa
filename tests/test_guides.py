"""The interview guide of a pack: what is missing or leads nowhere says which key."""

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from maillage import pack as packs
from maillage.guides import check_guide

NEXUS = packs.load("nexus")
RAW: dict[str, Any] = yaml.safe_load((packs.FOLDER / "nexus" / "guide.yml").read_text("utf-8"))


def question(raw: dict[str, Any], name: str) -> dict[str, Any]:
    return next(ask for theme in raw["themes"] for ask in theme["questions"] if ask["id"] == name)


BROKEN: dict[str, tuple[Any, tuple[str, str]]] = {
    "a title in one language": (lambda raw: raw["title"].pop("fr"), ("pack_text_missing", "title")),
    "a note in one language": (lambda raw: raw["before"][2].pop("en"), ("pack_text_missing", "before.2")),
    "no notes": (lambda raw: raw.update(before=[]), ("pack_key_missing", "before")),
    "no level of consent": (
        lambda raw: raw["consent"]["levels"].pop("none"),
        ("pack_text_missing", "consent.levels.none"),
    ),
    "no use": (lambda raw: raw["consent"]["use"].pop("justice"), ("pack_text_missing", "consent.use.justice")),
    "no consent": (lambda raw: raw.pop("consent"), ("pack_key_missing", "consent.read")),
    "nobody asked for the place": (lambda raw: raw["person"].pop("place"), ("pack_text_missing", "person.place")),
    "no themes": (lambda raw: raw.update(themes={"a": 1}), ("pack_key_missing", "themes")),
    "a theme without questions": (lambda raw: raw["themes"].append({"id": "x"}), ("pack_key_missing", "themes")),
    "a question twice": (lambda raw: question(raw, "links").update(id="needs"), ("pack_twice", "needs")),
    "a question of no codebook": (
        lambda raw: question(raw, "links").update(asks=["bond"]),
        ("pack_unknown", "links.asks"),
    ),
    "a question that asks nothing": (lambda raw: question(raw, "links").pop("asks"), ("pack_unknown", "links.asks")),
    "no such form": (lambda raw: question(raw, "links").update(form="table"), ("pack_unknown", "links.form")),
    "no such column": (lambda raw: question(raw, "links")["fields"].append("name"), ("pack_unknown", "links.fields")),
    "no such list": (lambda raw: question(raw, "markets").update(of="fairs"), ("pack_unknown", "markets.of")),
    "no such key": (lambda raw: question(raw, "links").update(hint="x"), ("pack_unknown", "links.hint")),
    "a label in one language": (
        lambda raw: question(raw, "links")["labels"]["answer"].pop("fr"),
        ("pack_text_missing", "links.answer"),
    ),
}


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_a_broken_guide_names_its_key(name: str) -> None:
    change, wanted = BROKEN[name]
    raw = copy.deepcopy(RAW)
    change(raw)
    found = list(check_guide(raw, NEXUS.questions, NEXUS.lists))
    assert wanted in [(item.code, item.field) for item in found]
    assert all(item.message(lang) and "?" not in item.message(lang) for item in found for lang in ("en", "fr"))


def test_the_shipped_guide_is_whole_and_typeset() -> None:
    assert list(check_guide(RAW, NEXUS.questions, NEXUS.lists)) == []
    assert NEXUS.guide is not None
    french = [ask.ask["fr"] for ask in NEXUS.guide.questions]
    assert all(" ?" not in text and text.endswith("\N{NO-BREAK SPACE}?") for text in french)


def test_a_broken_guide_stops_the_pack_and_none_does_not(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    for path in (packs.FOLDER / "nexus").rglob("*.yml"):
        target = folder / path.relative_to(packs.FOLDER / "nexus")
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(path.read_bytes())
    (folder / "guide.yml").write_text("title: x\n")
    with pytest.raises(packs.MaillageError, match="pack_invalid"):
        packs.load("mine", tmp_path)
    (folder / "guide.yml").unlink()
    assert packs.load("mine", tmp_path).guide is None
