"""Valid files, changed at random and always in the same way: cut, flipped, spliced, cells and values exchanged."""

import copy
import csv
import io
import zipfile
from random import Random
from typing import Any

TOKENS = (
    b"\0", b'"', b"\n", b"\r", b",", b";", b"..", b"=", b"1e999", b"nan", b"9" * 21, b"\xff", b"\xe2\x80\x8b",
    b"\xed\xa0\x80", b"{", b"<", b"&", b"[]", b"null", b"zone:", b"{{", b"2024-02-30", b"{0}",
)  # fmt: skip
CELLS = (
    "", "0", "-1", "1e999", "nan", "9" * 18, "5,000", "٣", "2024-02-30", "9999", "2024/2023", "yes", "=cmd()", "a\tb",
    "x" * 5000, "../x", "zone:", "ALL", "{x}", "~", "a/b", "\u202e", "gold;gold", ";", "-0", "None",
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, True, -1, 1.5, 10**30, "", "x", "../x", [], {}, [None], [[]], {"a": None}, {"a": {"b": []}}, [1, "a"], "2024",
    {"en": 3}, "{0}",
)  # fmt: skip
ATTRIBUTES = (b"", b"-1", b"999999999", b"..", b"XFD1048576", b"internal://../x", b"2024-13-01T00:00:00Z")


def raw(content: bytes, random: Random) -> bytes:
    """Bytes cut, flipped, doubled or with something between."""
    data = bytearray(content)
    for _ in range(random.choice([1, 1, 2, 5])):
        at, way = random.randrange(len(data) or 1), random.randrange(5)
        if way == 0:
            del data[at:]
        elif way == 1 and data:
            data[at] ^= 1 << random.randrange(8)
        elif way == 2:
            data[at:at] = random.choice(TOKENS) * random.choice([1, 1, 2000])
        elif way == 3:
            data[at:at] = data[random.randrange(len(data) or 1) :][:200]
        else:
            del data[at : at + random.choice([1, 30])]
    return bytes(data)


def table(content: bytes, random: Random) -> bytes:
    """A CSV with other cells, rows and columns."""
    if random.random() < 0.3:
        return raw(content, random)
    rows = [*csv.reader(io.StringIO(content.decode()))]
    for _ in range(random.choice([1, 2, 5])):
        row = random.choice(rows)
        if row and random.random() < 0.8:
            row[random.randrange(len(row))] = random.choice([*CELLS, *random.choice([r for r in rows if r])])
        else:
            rows.insert(random.randrange(len(rows)), [*row])
    out = io.StringIO()
    csv.writer(out, delimiter=random.choice(",;")).writerows(rows)
    return out.getvalue().encode("utf-8", "replace")


def tree(value: Any, random: Random) -> Any:
    """Mappings and lists with other values, without some, with more."""
    made = copy.deepcopy(value)
    for _ in range(random.choice([1, 1, 2])):
        above, key = random.choice([*_places(made)] or [(None, None)])
        if above is None:
            return random.choice(VALUES)
        if random.random() < 0.75:
            above[key] = copy.deepcopy(random.choice(VALUES))
        else:
            del above[key]
    return made


def _places(value: Any) -> Any:
    """Every mapping or list with each of its keys."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(items):
        yield value, key
        yield from _places(inner)


def archive(content: bytes, random: Random) -> bytes:
    """A zip whose members were changed, renamed or taken away; or one that is damaged itself."""
    if random.random() < 0.2:
        return raw(content, random)
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    name, way = random.choice([*parts]), random.randrange(4)
    if way == 0:
        del parts[name]
    elif way == 1:
        parts[random.choice(["../x", "C:x", "x" * 300, name.upper()])] = parts[name]
    else:
        parts[name] = _attribute(parts[name], random) if way == 2 else raw(parts[name], random)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for inner, data in parts.items():
            target.writestr(inner, data)
    return out.getvalue()


def _attribute(content: bytes, random: Random) -> bytes:
    """Marked text with another value of an attribute."""
    pieces = content.split(b'"')
    if len(pieces) > 2:
        pieces[random.randrange(1, len(pieces), 2)] = random.choice(ATTRIBUTES)
    return b'"'.join(pieces)
