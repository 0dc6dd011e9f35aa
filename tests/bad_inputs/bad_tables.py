"""Tables of cells: what a spreadsheet, another computer or a slip of the keyboard makes of them."""

import unicodedata
from collections.abc import Callable
from pathlib import Path

import polars as pl
from bad import ADD, OBSERVE, PLACES, READ, ROWS, SOURCES, STATEMENTS, TOLD, Bad, content

from maillage.study.folder import open_study
from maillage.study.observations import replay

LEVY = "id,source,kind,question,answer,actor,place,low,high,currency,unit,base,per,meaning,market\n"
PAID = "levy,levy,forced_zakat,terrorist_group,Gao"
AMOUNTS = f"f1,i1,{PAID},5 000,12 500,XOF,,miner,week,spread,gold\nf2,i2,{PAID},A,B,XOF,,miner,day,spread,gold\n"
FRENCH = "\ufeff" + (LEVY + AMOUNTS).replace(",", ";").replace("A;B", "0,5;2,25")
NUMBERS = ("5000-250000", "about ten", "1.234.567,8", "1e999", "٥٠٠٠", "5_000", "5,000", "nan", "0x10", "½")
MARKUP = '{{ 7*7 }} {% raw %} #read("/etc/passwd") $x^2$ \\input{/etc/passwd} <img src=x onerror=alert(1)> %s {0}'
SCRIPT = "</title><script>alert(1)</script><svg onload=alert(1)>"
BIDI = "\u202ereversed\u202c \u2066isolated\u2069"


def observation(**cells: str) -> str:
    """One good row about Gao but for these cells."""
    row = {"id": "x1", "source": "i1", "kind": "link", "question": "link", "answer": "cooperation",
           "actor": "terrorist_group", "other": "smuggler", "place": "Gao", **cells}  # fmt: skip
    return f"{','.join(row)}\n{','.join(row.values())}\n"


def levies(*amounts: str) -> str:
    quoted = (f'"{amount}"' for amount in amounts)
    return LEVY + "".join(f"n{at},i1,{PAID},{low},,XOF,,miner,week,spread,gold\n" for at, low in enumerate(quoted))


def places(*names: str) -> str:
    rows = (f"p{at},i1,link,link,cooperation,terrorist_group,smuggler,{name}\n" for at, name in enumerate(names))
    return STATEMENTS.splitlines(keepends=True)[0] + "".join(rows)


def titled(text: str) -> str:
    quoted = text.replace('"', '""')
    return f'id,kind,title,place,date,reliability\nd7,document,"{quoted}",Gao,2024,A\n'


def title_is(text: str) -> Callable[[Path], None]:
    def proof(study: Path) -> None:
        sources = replay(open_study(study)).sources
        assert sources.filter(pl.col("id") == "d7")["title"].to_list() == [text]

    return proof


def french_amounts(study: Path) -> None:
    rows = replay(open_study(study)).observations.filter(pl.col("id").is_in(["f1", "f2"])).sort("id")
    assert rows.select("low", "high").rows() == [(5000, 12500), (0.5, 2.25)]


CSV = {
    "empty": Bad(content("a.csv", ""), OBSERVE, ("file_empty",)),
    "header only": Bad(content("a.csv", STATEMENTS.splitlines()[0]), OBSERVE, ("file_empty",)),
    "latin-1": Bad(content("a.csv", observation(place="Ségou").encode("latin-1")), OBSERVE, ("encoding",), ROWS),
    "utf-16": Bad(content("a.csv", observation().encode("utf-16")), OBSERVE, ("encoding",)),
    "mark, semicolons, French numbers": Bad(content("a.csv", FRENCH), OBSERVE, (), READ, french_amounts),
    "day or month": Bad(
        content("a.csv", SOURCES.replace("2024-03", "03/04/2024")), (*ADD, "sources"), ("date_unreadable",), ROWS
    ),
    "30 February": Bad(
        content("a.csv", SOURCES.replace("2024-03", "2024-02-30")), (*ADD, "sources"), ("date_unreadable",), ROWS
    ),
    "a day to come": Bad(
        content("a.csv", SOURCES.replace("i1", "i7").replace("2024-03", "2099-03")), (*ADD, "sources"),
        ("date_to_come",), TOLD,
    ),
    "ids twice": Bad(
        content("a.csv", observation() + observation().splitlines()[1]), OBSERVE, ("id_twice",), ROWS
    ),
    "ragged": Bad(content("a.csv", STATEMENTS + "o3,i1,link\no4,i1,link,link,denied,,,Gao,,,\n"), OBSERVE,
                  ("row_ragged",), ROWS),
    "quote without end": Bad(content("a.csv", STATEMENTS + '"o3,i1,link,link,denied,,,Gao\n'), OBSERVE,
                             ("csv_quotes",)),
    "NUL": Bad(content("a.csv", STATEMENTS + "o3,i1,link\0,link,denied,,,Gao\n"), OBSERVE, ("file_nul",)),
    "formulas": Bad(
        content("a.csv", observation(answer="=cmd|'/c calc'!A1", place="@SUM(A1)")), OBSERVE,
        ("code_unknown", "place_unknown"), ROWS,
    ),
    "amounts that are none": Bad(content("a.csv", levies(*NUMBERS)), OBSERVE, ("number_unreadable",), ROWS),
    "codes misspelt": Bad(content("a.csv", observation(answer="cooporation")), OBSERVE, ("code_unknown",), ROWS),
    "letters of another script": Bad(
        content("a.csv", places("G\u0430o", "\u0391mont")), OBSERVE, ("place_unknown",), ROWS
    ),
    "NFD and zero-width letters": Bad(
        content("a.csv", places(unicodedata.normalize("NFD", "Ségou"), "Ga\u200bo", "\ufeffKidal")), OBSERVE, (), READ
    ),
    "script in a title": Bad(content("a.csv", titled(SCRIPT)), (*ADD, "sources"), (), READ, title_is(SCRIPT)),
    "markup in a title": Bad(content("a.csv", titled(MARKUP)), (*ADD, "sources"), (), READ, title_is(MARKUP)),
    "text that turns round": Bad(
        content("a.csv", titled(BIDI)), (*ADD, "sources"), (), READ, title_is("reversed isolated")
    ),
    "a cell of 300 kB": Bad(content("a.csv", observation(actor="x" * 300_000)), OBSERVE, ("cell_too_long",)),
    "100,000 columns": Bad(content("a.csv", ",".join(f"c{at}" for at in range(100_000)) + "\n"), OBSERVE,
                           ("too_many_columns",)),
    "a workbook under another name": Bad(content("a.csv", b"PK\x03\x04" + b"\0" * 40), OBSERVE, ("table_workbook",)),
    "a workbook": Bad(content("a.xlsx", b"PK\x03\x04" + b"\0" * 40), OBSERVE, ("table_workbook",)),
    "levels misspelt": Bad(
        content("a.csv", PLACES.replace("admin1", "planet")), (*ADD, "places"), ("code_unknown",), ROWS
    ),
}  # fmt: skip
