"""The tables of a release as one workbook (Office Open XML): what it is, the dictionary, a sheet a table.

Written part by part, since the tables have hundreds of thousands of cells: text once each, numbers as numbers, empty
cells not at all. No maker, no hour; the same release gives the same bytes. How far the release has come, and that it
is synthetic, stands on its first sheet and on every page that is printed of any.
"""

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import polars as pl

from maillage import numbers, tables
from maillage.numbers import decimal_text
from maillage.publish import datapackage, paper
from maillage.publish.gate import Release
from maillage.publish.ooxml import HEAD, OFFICE, clean, packed, relations
from maillage.spreadsheet import defused

NAME = "maillage.xlsx"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
MOST = 32_767  # characters that a cell can hold
WIDEST, NARROWEST = 60, 8  # of a column, in letters
ABOUT, DICTIONARY = "about", "dictionary"
BOLD, WRAPPED = 1, 2
Frames = Mapping[str, pl.DataFrame]
Rows = Sequence[Sequence[Any]]


def files(release: Release, shown: Frames) -> dict[str, bytes]:
    """maillage.xlsx with the sheets `about`, `dictionary` and one for each table of `shown`."""
    strings: dict[str, int] = {}
    sheets = {ABOUT: _about(release), DICTIONARY: _dictionary(release, shown)}
    header = _header(release)
    parts = {name: _sheet(list(zip(*rows, strict=True)), strings, header, wrapped=True)
             for name, rows in sheets.items()}  # fmt: skip
    long = paper.Words(release.langs[0]).say("xlsx_long", count="{count}")
    for name, frame in shown.items():
        columns = [[column.name, *_values(column, long)] for column in frame.iter_columns()]
        parts[name] = _sheet(columns, strings, header, wrapped=False)
    return {NAME: _book(parts, strings, release)}


def _values(column: pl.Series, long: str) -> Sequence[Any]:
    """The cells of a column: numbers as they are, everything else as text."""
    if column.dtype.is_numeric() or column.null_count() == len(column):
        return column.to_list()
    return [None if value is None else _text(value, long) for value in column.to_list()]


def _text(value: Any, long: str) -> str:
    """Defused text; a list that no cell can hold says where it is whole."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = ";".join(map(str, value)) if isinstance(value, list) else str(value)
    return defused(text) if len(text) < MOST else long.format(count=len(value))


def _about(release: Release) -> Rows:
    """What the file is, a column a language."""
    words = [paper.Words(lang) for lang in release.langs]
    settings = release.settings

    def row(key: str, told: Sequence[str]) -> list[str]:
        return [" / ".join(dict.fromkeys(word.say(key) for word in words)), *map(defused, told)]

    def same(key: str, told: str) -> list[str]:
        return row(key, [told, *[""] * (len(words) - 1)])

    rows = [
        ["", *release.langs],
        row("xlsx_title", [settings.title.get(word.lang, settings.id) for word in words]),
        row("xlsx_status", [word.code("release_status", settings.status) for word in words]),
        *([row("xlsx_synthetic", [word.say("report_synthetic") for word in words])] if settings.synthetic else []),
        row("xlsx_notice", [settings.notice.get(word.lang) or word.say("report_notice") for word in words]),
        row("meta_audience", [word.say(f"audience_{release.audience}") for word in words]),
        row("xlsx_date", [numbers.date(release.date, word.lang) if release.date else "" for word in words]),
        same("meta_study", settings.id),
        same("meta_head", release.head),
        same("meta_pack", f"{release.pack.id} {release.pack.version}"),
        same("meta_boundaries", settings.boundary_version),
        same("meta_software", f"maillage {version('maillage')}"),
        *(same("xlsx_licence", f"{card.licence} ({card.source})") for card in release.cards if card.licence),
    ]
    return [row for row in rows if any(row[1:])]


def _dictionary(release: Release, shown: Frames) -> Rows:
    """Every column of every sheet: type, unit, meaning in the languages of the release."""
    rows: list[list[Any]] = [["table", "column", "type", "unit", *(f"meaning_{lang}" for lang in release.langs)]]
    for name, frame in shown.items():
        known = datapackage.known(name)
        title = tables.table(name).title if name in tables.names() else {}
        rows.append([name, "", "", "", *(title.get(lang, "") for lang in release.langs)])
        for column in frame.columns:
            told = known.get(column)
            meant = [told.meaning[lang] if told else "" for lang in release.langs]
            rows.append([name, column, told.type if told else "text", (told and told.unit) or "", *meant])
    return rows


def _header(release: Release) -> str:
    """Head of every printed page, in each language: how far the release has come, and that it is synthetic."""
    told: list[str] = []
    for word in map(paper.Words, release.langs):
        told.append(word.say("report_status", status=word.code("release_status", release.settings.status)))
        told += [word.say("report_synthetic")] if release.settings.synthetic else []
    text = " · ".join(told).replace("&", "&&")
    return f"<headerFooter><oddHeader>{escape(clean(f'&C{text}'))}</oddHeader></headerFooter>"


def _sheet(columns: Sequence[Sequence[Any]], strings: dict[str, int], header: str, *, wrapped: bool) -> str:
    """A sheet whose first row stays in sight; `strings` grows by its texts."""
    letters = [_letters(position) for position in range(len(columns))]
    rows: list[list[str]] = [[] for _ in columns[0]]
    style = f' s="{WRAPPED}"' if wrapped else ""
    for letter, column in zip(letters, columns, strict=True):
        for at, value in enumerate(column):
            if value is None or value == "":
                continue
            marks = f'r="{letter}{at + 1}"' + (f' s="{BOLD}"' if at == 0 else style)
            if isinstance(value, str):
                rows[at].append(f'<c {marks} t="s"><v>{strings.setdefault(value, len(strings))}</v></c>')
            else:
                rows[at].append(f"<c {marks}><v>{_number(value)}</v></c>")
    data = "".join(f'<row r="{at}">{"".join(cells)}</row>' for at, cells in enumerate(rows, 1))
    whole = f"A1:{letters[-1]}{len(rows)}"
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    widths = "".join(
        f'<col min="{at}" max="{at}" width="{_width(column)}" customWidth="1"/>' for at, column in enumerate(columns, 1)
    )
    filters = "" if wrapped else f'<autoFilter ref="{whole}"/>'
    return (
        f'{HEAD}<worksheet xmlns="{SHEET}"><dimension ref="{whole}"/><sheetViews><sheetView workbookViewId="0">{pane}'
        f"</sheetView></sheetViews><cols>{widths}</cols><sheetData>{data}</sheetData>{filters}{header}</worksheet>"
    )


def _number(value: float) -> str:
    return str(value) if isinstance(value, int) else decimal_text(round(value, 10))


def _width(column: Sequence[Any]) -> int:
    """Letters that a column takes, by its first rows."""
    return min(max([NARROWEST, *(len(str(value)) + 2 for value in column[:200] if value is not None)]), WIDEST)


def _letters(position: int) -> str:
    """The name of a column, from 0: A to Z, then AA."""
    before, last = divmod(position, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)


def _book(parts: Mapping[str, str], strings: Mapping[str, int], release: Release) -> bytes:
    """The file of these sheets."""
    names = list(parts)
    links = {f"rSheet{at}": ("worksheet", f"worksheets/sheet{at}.xml") for at in range(1, len(names) + 1)}
    links |= {"rStyles": ("styles", "styles.xml"), "rStrings": ("sharedStrings", "sharedStrings.xml")}
    listed = "".join(f'<sheet name={quoteattr(name)} sheetId="{at}" r:id="rSheet{at}"/>'
                     for at, name in enumerate(names, 1))  # fmt: skip
    texts = "".join(f'<si><t xml:space="preserve">{escape(clean(text))}</t></si>' for text in strings)
    title = release.settings.title.get(release.langs[0], release.settings.id)
    return packed({
        "[Content_Types].xml": _types(len(names)),
        "_rels/.rels": relations({"rBook": ("officeDocument", "xl/workbook.xml"),
                                  "rCore": (CORE, "docProps/core.xml")}),
        "docProps/core.xml": f'{HEAD}<cp:coreProperties xmlns:cp="{PROPERTIES}" xmlns:dc="{DUBLIN}">'
                             f"<dc:title>{escape(clean(title))}</dc:title></cp:coreProperties>",
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{SHEET}" xmlns:r="{OFFICE}/relationships"><sheets>{listed}'
                           "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": relations(links),
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": f'{HEAD}<sst xmlns="{SHEET}" uniqueCount="{len(strings)}">{texts}</sst>',
        **{f"xl/worksheets/sheet{at}.xml": parts[name] for at, name in enumerate(names, 1)},
    })  # fmt: skip


def _types(sheets: int) -> str:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    named = {"/xl/workbook.xml": "sheet.main", "/xl/styles.xml": "styles", "/xl/sharedStrings.xml": "sharedStrings"}
    named |= {f"/xl/worksheets/sheet{at}.xml": "worksheet" for at in range(1, sheets + 1)}
    parts = "".join(f'<Override PartName="{part}" ContentType="{kind}.{name}+xml"/>' for part, name in named.items())
    return (
        f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/docProps/core.xml"'
        f' ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>{parts}</Types>'
    )


CORE = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
PROPERTIES = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
DUBLIN = "http://purl.org/dc/elements/1.1/"
STYLES = (
    f'{HEAD}<styleSheet xmlns="{SHEET}"><fonts count="2"><font><sz val="10"/><name val="Arial"/></font>'
    '<font><b/><sz val="10"/><name val="Arial"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3">'
    '<xf fontId="0"/><xf fontId="1" applyFont="1"/>'
    '<xf fontId="0" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
