"""What is promised to people who were heard, at, below and above every threshold, and in every file of a release."""

import contextlib
import dataclasses
import io
import math
import re
import sqlite3
import subprocess
import zipfile
from pathlib import Path

import polars as pl
import pytest
from made_release import AUDIENCES, by_hand, crowd, one, released, share, statements, study

from maillage.evidence import Audience
from maillage.publish import explain
from maillage.publish.gate import Release, clear
from maillage.publish.view import view
from maillage.verbs.release import render

COOP = "links/EX0101/cooperation"
TIE = "links_pair/EX0101/smuggler~terrorist_group/cooperation"
SIZES = [4, 5, 9, 10, 12]
AT = ["0", "1", "2", "3", "n-3", "n-2", "n"]


def count(at: str, n: int) -> int:
    return n - int(at[2:] or 0) if at.startswith("n-") else n if at == "n" else int(at)


def public(ident: str, k: int, n: int, audience: str = "public", **more: object) -> dict[str, object]:
    return one(
        clear(by_hand(crowd(30), [share(ident, k, statements(n), **more)]), audience=audience, langs=("en",)), ident
    )


def promised(k: int, n: int, least: int) -> tuple[str, str | None, int | None, int | None]:
    """Status, band, k and n, as the contract has them."""
    if n < 5:
        return "withheld", None, None, None
    if n < 10:
        left = k - max(1, math.ceil(n / 10))
        return "ok", "more_than_half" if 2 * left > n else "half_or_fewer", None, None
    if k >= least and n - k >= least:
        return "ok", None, k, n
    return "ok", "few" if k < least else "all_but_few", None, n


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("at", AT)
def test_the_public_reads_what_is_promised_at_every_threshold(n: int, at: str) -> None:
    k = count(at, n)
    row = public(COOP, k, n)
    assert (row["status"], row["band"], row["k"], row["n"]) == promised(k, n, 3)
    assert row["k"] is not None or row["value"] is None


@pytest.mark.parametrize("n", [4, 5, 9, 10, 12])
@pytest.mark.parametrize("at", ["0", "4", "5", "n-5", "n-4", "n"])
def test_an_accusation_is_counted_with_five_on_either_side(n: int, at: str) -> None:
    k = min(max(count(at, n), 0), n)
    row = public(TIE, k, n, actor="smuggler", other="terrorist_group")
    assert (row["status"], row["band"], row["k"], row["n"]) == promised(k, n, 5)


@pytest.mark.parametrize(("n", "status"), [(2, "withheld"), (3, "ok"), (4, "ok")])
def test_partners_read_counts_from_three_on(n: int, status: str) -> None:
    row = public(COOP, 1, n, "partners")
    assert (row["status"], row["k"]) == (status, 1 if status == "ok" else None)


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("at", ["0", "4", "5", "n-5", "n"])
def test_partners_who_are_accused_read_what_the_public_reads(n: int, at: str) -> None:
    made = crowd(30)
    accused = AUDIENCES | {"partners": Audience(3, ("smuggler",))}
    made = dataclasses.replace(made, study=dataclasses.replace(made.study, audiences=accused))
    k = min(max(count(at, n), 0), n)
    row = share(TIE, k, statements(n), actor="smuggler", other="terrorist_group")
    found = one(clear(by_hand(made, [row]), audience="partners", langs=("en",)), TIE)
    assert (found["status"], found["band"], found["k"], found["n"]) == promised(k, n, 5)


@pytest.mark.parametrize("n", [1, 4, 10])
def test_the_team_reads_everything(n: int) -> None:
    row = public(COOP, 1, n, "team")
    assert (row["status"], row["k"], row["n"]) == ("ok", 1, n)


@pytest.mark.parametrize("n", range(5, 10))
def test_more_than_half_survives_one_answer_turned_round(n: int) -> None:
    for k in range(n + 1):
        band = public(COOP, k, n)["band"]
        assert (band == "more_than_half") == (2 * (k - 1) > n), (k, n)


@pytest.mark.parametrize(("audience", "named"), [("public", False), ("team", True)])
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_swing_and_the_silent_are_told_to_all_and_wilson_to_the_team(audience: str, named: bool, lang: str) -> None:
    row = share("links/ALL/cooperation", 5, statements(12), missing=6, low=0.2, high=0.7, interval="wilson95")
    release = clear(by_hand(crowd(30), [row]), audience=audience, langs=("en", "fr"))
    text = " ".join(
        explain._interval(one(release, "links/ALL/cooperation"), view(release, lang).labels, team=audience == "team")
    )
    assert re.search(r"4\D+12.*6\D+12.*5\D+18.*11\D+18", text), text
    assert ("Wilson" in text) == named


# --- what is written -------------------------------------------------------------------------------------------

AMOUNTS = ("987653", "765431")
LEVY = "l{i} | EX0101_{i} | levy | levy | forced_zakat | | | EX0101 | gold | {low} | {high} | XOF | week | miner | | | "


@pytest.fixture(scope="module")
def written() -> dict[str, dict[str, bytes]]:
    """All files for each audience, of a study in which four of twelve people name an amount."""
    levies = "\n".join(LEVY.format(i=i, low=AMOUNTS[1], high=AMOUNTS[0]) for i in range(1, 5))
    made = study({"EX0101": (5, 12), "EX0102": (1, 4)}, rows=levies)
    return {audience: everything(released(made, audience)) for audience in ("public", "team")}


def everything(release: Release) -> dict[str, bytes]:
    return render(release, {"en": ""}, lambda name: None)


def texts(name: str, content: bytes, folder: Path) -> str:
    """What a file says, packed or not, with nothing between the digits of a number."""
    if name.endswith((".docx", ".xlsx")):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            text = "\n".join(packed.read(part).decode("utf-8", "replace") for part in packed.namelist())
    elif name.endswith(".pdf"):
        (folder / "page.pdf").write_bytes(content)
        text = subprocess.run(
            ["pdftotext", folder / "page.pdf", "-"], capture_output=True, text=True, check=True
        ).stdout
    elif name.endswith(".parquet"):
        text = pl.read_parquet(io.BytesIO(content)).select(pl.exclude(pl.List)).write_csv()
    elif name.endswith(".gpkg"):
        with contextlib.closing(sqlite3.connect(":memory:")) as base:
            base.deserialize(content)
            text = "\n".join(str(row) for row in base.execute("select * from estimates"))
    else:
        text = content.decode("utf-8", "replace")
    return re.sub(r"(?<=\d)[,\s\u00a0\u202f](?=\d{3})", "", text)


def test_a_value_that_is_withheld_stands_in_no_file(written: dict[str, dict[str, bytes]], tmp_path: Path) -> None:
    said = {name: texts(name, content, tmp_path) for name, content in written["public"].items()}
    kinds = {name.rpartition(".")[2] for name in said}
    assert kinds >= {"gpkg", "csv", "html", "docx", "pdf", "xlsx", "parquet", "svg"}
    assert any("hxl" in name for name in said)
    assert any(name.startswith("brief.") for name in said)
    assert [name for name, text in said.items() if any(amount in text for amount in AMOUNTS)] == []
    assert "levies/EX0101/gold/miner/week" in said["data/withheld.csv"]
    assert "links/EX0102/cooperation" in said["data/withheld.csv"]


def test_a_value_that_is_not_withheld_is_seen(written: dict[str, dict[str, bytes]], tmp_path: Path) -> None:
    said = {name: texts(name, content, tmp_path) for name, content in written["team"].items()}
    seen = {name.rpartition(".")[2] for name, text in said.items() if any(amount in text for amount in AMOUNTS)}
    assert seen >= {"gpkg", "csv", "html", "xlsx", "parquet"}


def test_no_page_prints_a_share_as_a_bare_per_cent(written: dict[str, dict[str, bytes]]) -> None:
    pages = [content.decode() for name, content in written["public"].items() if name.endswith(".html")]
    body = [re.sub(r"<(style|script).*?</\1>|<[^>]*>", " ", page, flags=re.DOTALL) for page in pages]
    assert body
    assert [hit for text in body for hit in re.findall(r"\b(?:42|41\.7|31|31\.2)\s?%", text)] == []
