"""Small coding projects for tests: as XML someone else wrote, and as any project hypothesis can think of."""

import unicodedata
import zipfile
from pathlib import Path

from hypothesis import strategies as st

from maillage.exchange import Project, table

HERE = Path(__file__).parent
SCHEMA = HERE / "schemas" / "refi-qda-project-1.0.xsd"
CODE, USER, SOURCE = (f"{digit * 8}-0000-4000-8000-000000000000" for digit in "123")
TEXT = "Le préfet parle. Puis le marchand répond."


def guid(number: int) -> str:
    return f"{number:08x}-0000-4000-8000-00000000abcd"


def selection(start: object, end: object, *, quote: str = "", code: str = CODE, number: int = 100) -> str:
    return (
        f'<PlainTextSelection guid="{guid(number)}" name="{quote}" startPosition="{start}" endPosition="{end}" '
        f'creatingUser="{USER}" creationDateTime="2024-05-02T08:00:00Z">'
        f'<Coding guid="{guid(number + 1)}"><CodeRef targetGUID="{code}"/></Coding></PlainTextSelection>'
    )


def source(inside: str, *, path: str = f"internal://{SOURCE}.txt", name: str = "Entretien 1") -> str:
    return f'<TextSource guid="{SOURCE}" name="{name}" plainTextPath="{path}">{inside}</TextSource>'


def project(sources: str, *, codes: str = "", rest: str = "", space: str = "urn:QDA-XML:project:1.0") -> str:
    codes = codes or f'<Code guid="{CODE}" name="autorité" isCodable="true"/>'
    return (
        f'<?xml version="1.0" encoding="utf-8"?><Project xmlns="{space}" name="p" origin="elsewhere 1.0">'
        f'<Users><User guid="{USER}" name="Awa"/></Users><CodeBook><Codes>{codes}</Codes></CodeBook>'
        f"<Sources>{sources}</Sources>{rest}</Project>"
    )


def qdpx(
    folder: Path, xml: str | bytes, texts: dict[str, str | bytes] | None = None, *, inner: str = "project.qde"
) -> Path:
    """A .qdpx with the given XML and texts (by default the one text of `source`)."""
    path = folder / "p.qdpx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(inner, xml)
        for name, text in (texts if texts is not None else {f"sources/{SOURCE}.txt": TEXT}).items():
            archive.writestr(name, text)
    return path


LETTERS = st.text("aé e\u0301\u0300ñ\n🙂𝒳한글ㅎ\u1100\u1161\u11a8ʼ\u0958Å…", max_size=60)
NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('\n\t<>&"'), max_size=12)


@st.composite
def projects(draw: st.DrawFn) -> Project:
    """Any project with NFC texts, overlapping passages, nested codes of equal names, notes, cases, sets, values."""
    users = [(guid(n), draw(NAMES)) for n in range(draw(st.integers(0, 3)))]
    codes = []
    for n in range(draw(st.integers(1, 5))):
        parent = draw(st.sampled_from([None, *(row[0] for row in codes)]))
        colour, codable = draw(st.sampled_from([None, "#00ff7F"])), draw(st.booleans())
        codes.append((guid(100 + n), draw(NAMES.filter(bool)), parent, colour, draw(NAMES).strip(), codable))
    who = st.sampled_from([None, *(row[0] for row in users)])
    at = st.sampled_from([None, "2024-05-02T08:00:00Z", "2024-05-02T08:00:00.5+01:00"])
    sources, passages = [], []
    for n in range(draw(st.integers(0, 3))):
        text = draw(LETTERS.map(_settled))
        sources.append((guid(200 + n), draw(NAMES.filter(bool)), "text", text, "", draw(who), draw(at)))
        for m in range(draw(st.integers(0, 5)) if text else 0):
            start = draw(st.integers(0, len(text) - 1))
            end = draw(st.integers(start + 1, len(text)))
            whole = draw(st.booleans()) and m == 0
            place = (None, None, None) if whole else (guid(4000 + 10 * n + m), start, end)
            code, user = draw(st.sampled_from(codes))[0], draw(who)
            note = "" if whole else draw(NAMES).strip()
            row = (guid(3000 + 10 * n + m), place[0], guid(200 + n), *place[1:], code, user, draw(at), note)
            passages.append(row)
    things = [row[0] for row in (*codes, *sources, *passages)]
    about = st.lists(st.sampled_from(things), unique=True, max_size=2)
    notes = [
        (guid(500 + n), draw(NAMES), draw(LETTERS.map(_settled)), draw(about), draw(who), draw(at))
        for n in range(draw(st.integers(0, 2)))
    ]
    return _with_groups(draw, users, codes, sources, passages, notes)


def _with_groups(draw: st.DrawFn, users: list, codes: list, sources: list, passages: list, notes: list) -> Project:
    def some(rows: list) -> list[str]:
        return draw(st.lists(st.sampled_from([row[0] for row in rows]), unique=True, max_size=2)) if rows else []

    selections = [(row[1],) for row in passages if row[1]]
    cases = [(guid(600), draw(NAMES), "", some(codes), some(sources), some(selections))]
    sets = [(guid(700), "set", "d", some(codes), some(sources), some(notes))]
    variables = [(guid(800), "age", "Integer", ""), (guid(801), "where", "Text", "")]
    values = [(guid(600), guid(800), "41"), *[(row[0], guid(801), "Gao") for row in sources]]
    rows = {"users": users, "codes": codes, "sources": sources, "passages": passages, "notes": notes}
    rows |= {"cases": cases, "sets": sets, "variables": variables, "values": values}
    return Project(name="made", origin="maillage", **{name: table(name, items) for name, items in rows.items()})


def _settled(text: str) -> str:
    return unicodedata.normalize("NFC", text)
