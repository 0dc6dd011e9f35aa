"""Copies, releases, layers and texts made to be read by others: links out, sizes, views that never end."""

import os
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from bad_layers import HOUSE, layer

from maillage.errors import MaillageError
from maillage.publish import narrative
from maillage.publish.manifest import NAME
from maillage.publish.references import REFERENCE
from maillage.publish.verify import verify
from maillage.study import ledger, log
from maillage.verbs.add import Request, add
from maillage.verbs.merge import merge

pytestmark = pytest.mark.usefixtures("config")


@pytest.fixture
def study(models: Path, tmp_path: Path) -> Path:
    shutil.copytree(models / "s", tmp_path / "s")
    return tmp_path / "s"


@pytest.fixture
def other(study: Path, tmp_path: Path) -> Path:
    shutil.copytree(study, tmp_path / "other")
    return tmp_path / "other"


def test_a_copy_takes_nothing_from_elsewhere_on_this_computer(study: Path, other: Path, tmp_path: Path) -> None:
    (secret := tmp_path / "secret").mkdir()
    (secret / "key.txt").write_text("private", "utf-8")
    shutil.rmtree(other / "documents", ignore_errors=True)
    (other / "documents").symlink_to(secret)
    (other / "tables" / "link.csv").symlink_to(secret / "key.txt")
    (other / "tables" / "large.csv").touch()
    os.truncate(other / "tables" / "large.csv", 1_000_000_000)
    told = {(item.code, item.file) for item in merge(study, other, coder=None).findings}
    assert {("merge_file", name) for name in ("documents", "tables/link.csv", "tables/large.csv")} <= told
    kept = b"".join(path.read_bytes() for path in study.rglob("*") if path.is_file())
    assert b"private" not in kept


def test_a_ledger_behind_a_link_is_not_taken(study: Path, other: Path, tmp_path: Path) -> None:
    (secret := tmp_path / "secret").mkdir()
    (secret / f"{ledger.PREFIX}x.json").write_text("private", "utf-8")
    shutil.rmtree(other / ledger.FOLDER, ignore_errors=True)
    (other / ledger.FOLDER).symlink_to(secret)
    merge(study, other, coder=None)
    kept = b"".join(path.read_bytes() for path in study.rglob("*") if path.is_file())
    assert b"private" not in kept


def test_logs_that_are_links_pipes_or_larger_than_any(study: Path, other: Path, tmp_path: Path) -> None:
    (path,) = log.files(other)
    path.rename(tmp_path / path.name)
    (other / "log" / path.name).symlink_to(tmp_path / path.name)
    (sparse := other / "log" / "bo.0a1b2c3d.jsonl").touch()
    os.truncate(sparse, 1_000_000_000)
    (other / "log" / "a b\u202e.jsonl").write_text("{}\n", "utf-8")
    os.mkfifo(other / "log" / "bo.1a1b2c3d.jsonl")
    start, before = time.perf_counter(), log.head(study)
    told = {(item.code, item.file) for item in merge(study, other, coder=None).findings}
    wanted = {("merge_file", path.name), ("merge_file", sparse.name), ("merge_name", "a b\u202e.jsonl")}
    assert wanted <= told
    assert log.head(study) == before
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize("text", [
    "", "[]", "{}", '{"files": 3}', '{"files": {"../../etc/passwd": "x"}}', "[" * 100_000, '{"files": {"a": ["b"]}}',
])  # fmt: skip
def test_manifests_of_strangers(tmp_path: Path, text: str) -> None:
    (tmp_path / NAME).write_text(text, "utf-8")
    assert any(item.level == "error" for item in verify(tmp_path))


def test_a_manifest_larger_than_any(tmp_path: Path) -> None:
    (tmp_path / NAME).touch()
    os.truncate(tmp_path / NAME, 1_000_000_000)
    assert [item.code for item in verify(tmp_path)] == ["manifest_unreadable"]


def test_a_geopackage_whose_layer_computes_without_end(study: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.gpkg"
    with closing(sqlite3.connect(file)) as base:
        base.executescript(
            "create table gpkg_contents (table_name, data_type, srs_id);"
            "create table gpkg_geometry_columns (table_name, column_name, srs_id);"
            "create table gpkg_spatial_ref_sys (srs_id, organization_coordsys_id);"
            "insert into gpkg_contents values ('v', 'features', 1);"
            "insert into gpkg_geometry_columns values ('v', 'geom', 1);"
            "insert into gpkg_spatial_ref_sys values (1, 4326);"
            "create view v as with recursive n(geom) as (select 1 union all select geom + 1 from n)"
            " select geom from n where geom < 0;"
        )
    start = time.perf_counter()
    found = add(study, file, Request(kind="places")).findings
    assert [item.code for item in found] == ["layer_unreadable"]
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize("piece", ["<!--", "{{ ", "{{", "# a ", "{{ x | ", "# "])
def test_a_text_that_never_closes_is_read_at_once(piece: str) -> None:
    start = time.perf_counter()
    for text in (piece * 30_000, piece + " " * 60_000, piece + "a" * 60_000):
        narrative.parts(text)
        assert REFERENCE.search(text) is None
    assert time.perf_counter() - start < 2


def test_a_narrative_in_another_encoding_has_its_code(tmp_path: Path) -> None:
    (tmp_path / "en.md").write_bytes(b"\xff\xfe")
    with pytest.raises(MaillageError) as refused:
        narrative.read(tmp_path, "en")
    assert refused.value.code == "narrative_encoding"


def test_an_outline_of_no_known_kind(study: Path, tmp_path: Path) -> None:
    (tmp_path / "a.geojson").write_text(layer(HOUSE).replace("Polygon", "Dodecahedron"), "utf-8")
    assert "outline_unreadable" in {item.code for item in add(study, tmp_path / "a.geojson", Request()).findings}
