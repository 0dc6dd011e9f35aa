"""A tiny study, made by the commands a user types, and the files it is made of."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from maillage.app.cli import main

PLACES = """code,name,name_fr,level,parent
ML07,Gao,,admin1,ML
ML08,Kidal,,admin1,ML
"""
SOURCES = """id,kind,place,date,stakeholder,consent,reliability
i1,interview,Gao,2024-03,transporter,anonymous,B
i2,interview,Gao,2024-04,civil_society,anonymous,C
d1,document,Gao,2024,,,A
"""
STATEMENTS = """id,source,kind,question,answer,actor,other,place,low,high,currency,unit,base,per,meaning,market
o1,i1,link,link,cooperation,terrorist_group,smuggler,,,,,,,,,
o2,i2,link,link,denied,,,gao,,,,,,,,
o3,d1,levy,levy,forced_zakat,terrorist_group,,GAO,5000,250000,XOF,,miner,week,spread,gold
"""


@dataclass(frozen=True)
class Said:
    """What a command printed and its exit code."""

    code: int
    out: str
    err: str


Command = Callable[..., Said]


def command(capsys: pytest.CaptureFixture[str]) -> Command:
    """`maillage WORDS...` inside this process; a traceback on either stream fails."""

    def run(*words: object) -> Said:
        with pytest.raises(SystemExit) as left:
            main([str(word) for word in words])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        assert "Something went wrong inside" not in out + err
        return Said(int(left.value.code or 0), out, err)

    return run


def write(folder: Path, **texts: str) -> None:
    """Files `<name>.csv` with these texts."""
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")


def entered(folder: Path, say: Command) -> Path:
    """The study `s` in a folder, with places, sources and statements entered."""
    study = folder / "s"
    write(folder, places=PLACES, sources=SOURCES, statements=STATEMENTS)
    assert say("new", study, "--country", "ML", "--coder", "ana", "--period", "2024").code == 0
    assert say("add", folder / "places.csv", "--study", study).code == 0
    assert say("add", folder / "sources.csv", "--study", study).code == 0
    assert say("observe", folder / "statements.csv", "--coder", "ana", "--study", study).code == 0
    return study
