"""One line of a log: the quick way of reading it and the plain way say the same of every line."""

import hashlib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from maillage.study.entries import Draft, Entry, _parse_slowly, canonical, line, parse, parse_all

PREV = "0" * 64
VALUES = st.text() | st.integers(-(2**54), 2**54) | st.booleans() | st.none() | st.floats() | st.lists(st.integers())
BODIES = st.dictionaries(st.sampled_from(["a", "b1", "X", "é", "a-b", "", "h"]), VALUES, max_size=4)
RECORD: dict[str, Any] = {
    "v": 1, "seq": 0, "prev": PREV, "at": "2024-01-01T00:00:00Z", "by": "ana", "op": "assert", "kind": "note",
    "id": "0" * 32,
}  # fmt: skip
ODD = st.fixed_dictionaries({}, optional={
    "v": st.sampled_from([True, 2, "1", None]), "seq": st.sampled_from([1, False, "0", None]),
    "prev": st.sampled_from(["1" * 64, None, 0]), "at": st.sampled_from(["", "2024-01-01T00:00:00Z\n", 5]),
    "op": st.sampled_from(["genesis", "other", 1]), "of": st.sampled_from(["x", None, 1]),
    "why": st.sampled_from(["x", None, []]), "data": BODIES | st.sampled_from([None, "x", [1]]),
    "sealed": BODIES | st.sampled_from([None, "x", {"src": {"deep": ["x"]}}]), "more": st.just("x"),
})  # fmt: skip


def finished(record: dict[str, Any]) -> bytes:
    """A line with the hash that belongs to it, whatever it holds."""
    return canonical(record | {"h": hashlib.sha256(canonical(record)).hexdigest()})


@given(ODD)
def test_both_ways_of_reading_a_line_agree(odd: dict[str, Any]) -> None:
    try:
        raw = finished(RECORD | odd)
    except TypeError:  # lone surrogates are no text
        return
    assert parse(raw, seq=0, prev=PREV) == _parse_slowly(raw, seq=0, prev=PREV)
    assert parse(raw, seq=0, prev=None) == _parse_slowly(raw, seq=0, prev=None)


def test_every_character_is_written_alike_both_ways() -> None:
    every = "".join(map(chr, (*range(0xD800), *range(0xE000, 0x110000))))
    raw, _ = line(Draft("assert", "note", {"note": every}), seq=0, prev=PREV, at=RECORD["at"], by="ana")
    entry, wrong = parse(raw[:-1], seq=0, prev=PREV)
    assert (entry and entry.data["note"], wrong) == (every, "")
    assert _parse_slowly(raw[:-1], seq=0, prev=PREV) == (entry, "")


def test_no_single_change_of_a_byte_is_read() -> None:
    for data in ({"note": "n° 1", "low": 12, "is": True, "of": None}, {"about": [{"x": "y"}]}):
        raw = line(Draft("assert", "note", data, id="a" * 32), seq=0, prev=PREV, at=RECORD["at"], by="ana")[0][:-1]
        assert parse(raw, seq=0, prev=PREV)[1] == ""
        for place in range(len(raw)):
            for byte in (raw[place] ^ 1, raw[place] ^ 0x80, 0x20, 0x22, 0x30, 0x2C):
                other = raw[:place] + bytes([byte]) + raw[place + 1 :]
                assert other == raw or parse(other, seq=0, prev=PREV)[0] is None


def one_by_one(lines: bytes, prev: str | None) -> list[Entry] | None:
    """What `parse` reads of a block, None where a line is not good."""
    entries: list[Entry] = []
    for text in lines.split(b"\n")[:-1]:
        entry, _ = parse(text, seq=len(entries), prev=entries[-1].h if entries else prev)
        if entry is None:
            return None
        entries.append(entry)
    return entries


def chain(*odd: dict[str, Any]) -> bytes:
    """A line for each of these, linked."""
    lines, prev = list[bytes](), PREV
    for seq, more in enumerate(odd):
        lines.append(finished(RECORD | {"seq": seq, "prev": prev} | more))
        prev = hashlib.sha256(canonical(RECORD | {"seq": seq, "prev": prev} | more)).hexdigest()
    return b"".join(line + b"\n" for line in lines)


@given(st.lists(ODD | st.just({}), min_size=1, max_size=3))
def test_a_block_is_read_as_its_lines_are(odd: list[dict[str, Any]]) -> None:
    try:
        lines = chain(*odd)
    except TypeError:  # lone surrogates are no text
        return
    for prev in (PREV, None):
        read = parse_all(lines, seq=0, prev=prev)
        assert read is None or read == one_by_one(lines, prev)


def test_a_plain_block_is_read_at_once_and_none_with_a_changed_byte() -> None:
    lines = chain({}, {"data": {"a": "é", "b1": [" "]}}, {"of": "x", "why": "y"})
    read = parse_all(lines, seq=0, prev=PREV)
    assert read is not None
    assert read == one_by_one(lines, PREV)
    assert parse_all(lines, seq=1, prev=PREV) is None
    assert parse_all(lines, seq=0, prev="1" * 64) is None
    for at, byte in enumerate(lines):
        assert parse_all(lines[:at] + bytes([byte ^ 1]) + lines[at + 1 :], seq=0, prev=PREV) is None
    for blank in (b"\n" + lines, lines + b"\n", lines.replace(b"\n", b"\r\n"), lines.replace(b"\n", b"\n\n", 1)):
        assert parse_all(blank, seq=0, prev=PREV) is None
