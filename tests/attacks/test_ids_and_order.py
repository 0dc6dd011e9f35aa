"""Attacks 7, 8, 10 and 11: places over many builds, quotes, ids and hashes, order and size."""

import base64
import csv
import hashlib
import json
import random
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

import attacker_bytes
import made_attacked
import pytest
from attacker_register import register, rows
from made_attacked import Target

from maillage.verbs.release import release

HASHES = ("md5", "sha1", "sha256", "sha512", "blake2b")
LOAN = re.compile(r"\w+")
Point = tuple[float, float]


@pytest.fixture(scope="session")
def shuffled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The small study again, its people heard and entered in another order."""
    folder = tmp_path_factory.mktemp("shuffled")
    study = made_attacked.entered(made_attacked.small().shuffled(3), folder)
    release(study, folder / "public", audience="public", step=lambda name: None)
    return attacker_bytes.files(folder / "public")


# 7: the same place in every build


def points(content: Mapping[str, bytes]) -> dict[str, list[Point]]:
    """Every corner that is drawn, by area."""
    areas = json.loads(content["data/map.geojson"])["features"]
    return {item["properties"]["code"]: [tuple(p) for p in _flat(item["geometry"]["coordinates"])] for item in areas}


def _flat(nested: list[object]) -> Iterator[list[float]]:
    for item in nested:
        assert isinstance(item, list)
        yield from [item] if isinstance(item[0], float | int) else _flat(item)


def pinned(builds: Iterable[Point]) -> tuple[Point, float]:
    """The mean of a point over builds, and how far the builds stray from it: what jitter gives away."""
    every = list(builds)
    mean = (sum(x for x, _ in every) / len(every), sum(y for _, y in every) / len(every))
    return mean, max(abs(x - mean[0]) + abs(y - mean[1]) for x, y in every)


def test_a_place_is_drawn_where_the_boundary_says_in_every_build(small: Target, shuffled: dict[str, bytes]) -> None:
    raw = json.loads((small.study / "raw" / "places.geojson").read_text("utf-8"))["features"]
    true = {item["properties"]["code"]: {tuple(p) for p in item["geometry"]["coordinates"][0]} for item in raw}
    for code, corners in points(small.public).items():
        assert set(corners) <= true[code]
        for turn, corner in enumerate(corners):
            assert pinned([corner, points(shuffled)[code][turn]]) == (corner, 0)


def test_no_corner_of_a_map_is_anything_but_the_public_boundary(target: Target) -> None:
    """No point of a person or a village, moved or not, is drawn: only the corners of the boundaries put in."""
    raw = json.loads((target.study / "raw" / "places.geojson").read_text("utf-8"))["features"]
    true = {tuple(round(x, 4) for x in p) for item in raw for p in _flat(item["geometry"]["coordinates"])}
    drawn = {tuple(round(x, 4) for x in corner) for corners in points(target.public).values() for corner in corners}
    assert drawn
    assert drawn <= true
    kinds = {item["geometry"]["type"] for item in json.loads(target.public["data/map.geojson"])["features"]}
    assert kinds <= {"Polygon", "MultiPolygon"}


def test_jitter_would_average_out() -> None:
    true, chance = (-29.5, -3.5), random.Random(1)
    builds = [(true[0] + chance.uniform(-0.1, 0.1), true[1] + chance.uniform(-0.1, 0.1)) for _ in range(200)]
    mean, stray = pinned(builds)
    assert abs(mean[0] - true[0]) + abs(mean[1] - true[1]) < 0.02 < stray


# 8: quotes


def linked(quotes: Iterable[str], texts: Mapping[str, str]) -> dict[str, set[str]]:
    """Words of a quote that one person alone uses -> that person."""
    used: dict[str, set[str]] = {}
    for person, text in texts.items():
        for word in set(LOAN.findall(text.casefold())):
            used.setdefault(word, set()).add(person)
    words = {word for quote in quotes for word in LOAN.findall(quote.casefold()) if len(word) > 4}
    return {word: used[word] for word in words if len(used.get(word, ())) == 1}


def quotes(content: Mapping[str, bytes]) -> list[str]:
    """What a page marks as quoted, or puts into quotation marks, of a length that somebody could have said."""
    found: list[str] = []
    for name, raw in content.items():
        if name.endswith(".html"):
            page = re.sub(r"<(script|style).*?</\1>", " ", raw.decode(), flags=re.DOTALL)
            found += re.findall(r"<(?:q|blockquote)\b[^>]*>(.*?)</(?:q|blockquote)>", page, re.DOTALL)
            found += re.findall(r"[«“]([^»”<]{25,})[»”]", page)
    return found


def test_nobody_is_quoted(practice: Target) -> None:
    texts = {file.stem: file.read_text("utf-8") for file in (practice.study / "documents").glob("[IFM]*.txt")}
    said = {line.strip() for text in texts.values() for line in re.split(r"[.\n]", text) if len(line) > 25}
    assert len(said) > 30
    assert [quote for quote in quotes(practice.public) if any(line in quote for line in said)] == []


def test_no_remark_on_a_statement_is_quoted(target: Target) -> None:
    files = [*target.study.glob("raw/observations.csv"), *target.study.glob("coding/*.csv")]
    notes = {row.get("note") or "" for file in files for row in rows(file)}
    every = b"\n".join(raw for _, raw in attacker_bytes.opened(target.public))
    assert files
    assert [note for note in notes if len(note) > 15 and note.encode() in every] == []


def test_a_rare_word_links_two_quotes_to_one_person(practice: Target) -> None:
    texts = {"I01": "nous avons payé le forgeron de Tin-Hama", "I02": "nous avons payé", "I03": "rien"}
    page = "<p>« On m’a dit de voir le forgeron au marché. »</p><blockquote>Demandez au forgeron du puits.</blockquote>"
    told = quotes({"report.html": page.encode()})
    assert len(told) == 2
    assert linked(told, texts) == {"forgeron": {"I01"}}
    assert linked(quotes(practice.public), texts) == {}


# 10: ids and hashes


def guesses(study: Path, words: Iterable[str]) -> set[bytes]:
    """Everything that a plain hash of a word can look like, bare or with the study's name before it."""
    found: set[bytes] = set()
    for word in words:
        for text in (word, word.lower(), f"practice{word}", f"practice/{word}", f"{study.name}/{word}"):
            for name in HASHES:
                digest = hashlib.new(name, text.encode()).digest()
                found |= {digest.hex()[:size].encode() for size in (12, 16, 32, 40, 64)}
                found |= {base64.b64encode(digest)[:22], base64.urlsafe_b64encode(digest)[:22]}
    return found


def hits(content: Mapping[str, bytes], wanted: set[bytes]) -> set[bytes]:
    """Which of these stand in the release, as they are or at the head of something longer."""
    found: set[bytes] = set()
    for _, raw in attacker_bytes.opened(content):
        for run in set(re.findall(rb"[0-9a-f]{12,}|[A-Za-z0-9+/_-]{22,}", raw)):
            found |= {run[:size] for size in (12, 16, 22, 32, 40, 64)} & wanted
    return found


def test_a_dictionary_of_names_and_ids_finds_no_hash(target: Target) -> None:
    known = register(target.study)
    words = {*known.names, *(row["id"] for row in known.people), *rare(known.tokens)}
    assert len(words) > 25
    assert hits(target.public, guesses(target.study, words)) == set()


def rare(tokens: Iterable[str]) -> set[str]:
    return set(sorted(tokens)[:200])


def test_a_dictionary_finds_the_hash_of_a_name(practice: Target) -> None:
    wanted = guesses(practice.study, ["Nobody-Number-7"])
    short = hashlib.sha256(b"Nobody-Number-7").hexdigest()[:16]
    page = practice.public["report.en.html"].replace(b"<body>", f'<body data-ref="{short}">'.encode())
    assert hits({"report.en.html": page}, wanted)


def test_no_id_is_random_or_bears_a_time(target: Target) -> None:
    """Ids of what is released are words of the framework and places: nothing that follows a person."""
    known = {part for row in tabled(target.public) for part in re.split(r"[/~:@;]", row["id"])}
    assert [part for part in known if re.fullmatch(r"[0-9a-f]{16,}|[0-9A-HJKMNP-TV-Z]{26}|[0-9a-f-]{36}", part)] == []
    people = {row["id"] for row in register(target.study).people}
    assert known & people == set()


def tabled(content: Mapping[str, bytes]) -> list[dict[str, str]]:
    return list(csv.DictReader(content["data/estimates.csv"].decode().splitlines()))


# 11: order and size


def settled(content: Mapping[str, bytes]) -> dict[str, bytes]:
    """Every readable layer without the head of the record and what is hashed of it."""
    head = json.loads(content["manifest.json"])["head"].encode()
    found: dict[str, bytes] = {}
    for name, raw in content.items():
        for where, layer in attacker_bytes.layers(name, raw):
            packed = ".pdf" in where and not where.endswith(">text")
            if not packed and not layer.startswith(b"PK") and name != "manifest.json" and not where.endswith("about"):
                plain = layer.replace(head, b"HEAD").replace(head[:16], b"HEAD")
                found[where] = re.sub(rb'"(?:hash|bytes)": [^\n]+|<digits>[0-9]+</digits>', b"", plain)
    return found


def test_nothing_depends_on_the_order_in_which_people_were_heard(small: Target, shuffled: dict[str, bytes]) -> None:
    """All but the head of the record is the same to the byte, in pages, papers, Word, tables and maps."""
    first, second = settled(small.public), settled(shuffled)
    assert {where.partition(">")[0] for where in first} >= small.public.keys() - {"manifest.json"}
    assert first.keys() == second.keys()
    assert [where for where in first if first[where] != second[where]] == []
    assert {name: len(raw) for name, raw in small.public.items() if name.endswith(".html")} == {
        name: len(raw) for name, raw in shuffled.items() if name.endswith(".html")
    }


def order_told(table: list[dict[str, str]], heard: list[str]) -> bool:
    """Whether the rows that bear a person's mark stand in the order in which people were heard."""
    seen = [heard.index(row["who"]) for row in table if row.get("who") in heard]
    return len(seen) > 5 and seen == sorted(seen)


def test_tables_are_sorted_by_what_everybody_knows(target: Target) -> None:
    for name, raw in target.public.items():
        if not name.endswith(".csv") or "hxl" in name:
            continue
        table = list(csv.DictReader(raw.decode().splitlines()))
        column = "code" if name.endswith("places.csv") else "id"
        if table and column in table[0] and not name.endswith("places.csv"):
            assert [row[column] for row in table] == sorted(row[column] for row in table), name
        assert not order_told(table, [row["id"] for row in register(target.study).people])


def test_an_order_of_interviews_is_seen(small: Target) -> None:
    heard = [row["id"] for row in rows(small.study / "raw" / "sources.csv")]
    assert order_told([{"who": name} for name in heard], heard)
    assert not order_told([{"who": name} for name in heard[::-1]], heard)


PRIVATE = {"sex", "age_band", "source", "coder", "cluster", "start", "end", "entry", "trace", "counted"}


def test_no_table_has_a_row_for_each_person_or_statement(target: Target) -> None:
    """Sizes: no column of a person or statement, and no table with as many rows as people."""
    people = [row for row in register(target.study).people if row["kind"] == "interview"]
    tables = {name: raw.decode() for name, raw in target.public.items() if re.fullmatch(r"data/.*\.csv", name)}
    columns = {
        column for name, text in tables.items() for column in text.split("\n")[0].split(",") if "source" not in name
    }
    assert columns & PRIVATE == set()
    with closing(sqlite3.connect(":memory:")) as base:
        base.deserialize(target.public["data/map.gpkg"])
        names = [row[0] for row in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        counts = Counter({name: base.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names})
    assert len(people) not in {*counts.values(), *(text.count("\n") - 1 for text in tables.values())}


def test_columns_of_people_are_seen(small: Target) -> None:
    assert set(rows(small.study / "raw" / "sources.csv")[0]) & PRIVATE
