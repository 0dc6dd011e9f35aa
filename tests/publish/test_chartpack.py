"""The chart pack: each picture alone says what it shows, from what, how far it has come; nothing in it is active."""

import csv
import io
import re
import struct
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from folders import STUDIES
from maillage.publish import chartpack
from maillage.verbs.export import export

SVG = "{http://www.w3.org/2000/svg}"


def index(folder: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((folder / chartpack.INDEX).read_text("utf-8"), newline="")))


def said(path: Path) -> str:
    root = ET.fromstring(path.read_text("utf-8"))
    return " ".join("".join(part.itertext()) for part in root.iter(f"{SVG}text")).replace("\u00a0", " ")


def test_the_index_names_every_picture_with_title_alternative_and_numbers(first_steps_release) -> None:
    rows = index(first_steps_release)
    assert {row["file"] for row in rows} == {path.name for path in (first_steps_release / "charts").glob("*.svg")}
    assert all(row["title"] and row["alternative"] and row["sources"] for row in rows)
    printed = {ident for row in rows for ident in row["estimates"].split(";") if ident}
    with (first_steps_release / "data" / "estimates.csv").open(encoding="utf-8") as lines:
        known = {row["id"] for row in csv.DictReader(lines)}
    assert len(printed) > 20
    assert printed <= known


@pytest.mark.parametrize(("lang", "words"), [
    ("en", ("Status: draft", "Synthetic data for practice", "Source: ")),
    ("fr", ("Version provisoire", "Données fictives", "Source : ")),
])  # fmt: skip
def test_every_picture_stands_alone(first_steps_release, lang, words) -> None:
    rows = [row for row in index(first_steps_release) if row["file"].endswith(f".{lang}.svg")]
    assert rows
    for row in rows:
        path = first_steps_release / "charts" / row["file"]
        text = said(path)
        assert [word for word in words if word not in text] == []
        assert " ".join(row["title"].split(" ")).replace("\u00a0", " ") in text
        root = ET.fromstring(path.read_text("utf-8"))
        assert root.findtext(f"{SVG}title") == row["title"]
        assert root.findtext(f"{SVG}desc") == row["alternative"]


def test_nothing_in_a_picture_is_active_or_elsewhere(mali_release) -> None:
    for path in (mali_release / "charts").glob("*.svg"):
        text = path.read_text("utf-8")
        style = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
        assert len(style) == 1
        assert style[0].count("@font-face") == 2
        bare = text.replace(style[0], "")
        assert not re.search(r"<script|\son\w+=|href=\"(?!#)|url\((?!#)|javascript:|@import", bare)
        assert re.findall(r"url\((\w+:[\w/]+)", style[0]) == ["data:font/woff2"] * 2
        used = set(
            "".join(element.text or "" for element in ET.fromstring(text).iter() if element.tag != f"{SVG}style")
        )
        assert "\x00" not in used


def test_export_makes_the_same_pictures_as_dots(tmp_path) -> None:
    written = export(STUDIES / "first-steps", tmp_path, form="charts", audience="public")
    names = {path.name for path in written}
    svg = {name.removesuffix(".svg") for name in names if name.endswith(".svg")}
    assert svg == {name.removesuffix(".png") for name in names if name.endswith(".png")}
    for name in svg:
        content = (tmp_path / "charts" / f"{name}.png").read_bytes()
        wide, high = struct.unpack(">II", content[16:24])
        told = re.search(
            r'<svg[^>]*? width="([\d.]+)" height="([\d.]+)"', (tmp_path / "charts" / f"{name}.svg").read_text()
        )
        assert told is not None
        assert wide / high == pytest.approx(float(told[1]) / float(told[2]), rel=0.01)
        assert set(re.findall(rb"(tEXt|iTXt|zTXt|tIME|eXIf)", content[:200])) == set()
