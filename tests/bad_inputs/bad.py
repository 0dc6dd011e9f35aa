"""What a case of the corpus is, and the study on which it is tried."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from made_forms import guide_map
from maillage.verbs.add import Request, add
from maillage.verbs.new import Start, new
from maillage.verbs.observe import observe

PLACES = """code,name,level,parent
ML04,Ségou,admin1,ML
ML07,Gao,admin1,ML
ML08,Kidal,admin1,ML
EX01,Amont,admin1,ML
EX0101,Mineville,admin2,EX01
"""
SOURCES = """id,kind,place,date,stakeholder,consent,reliability
i1,interview,Gao,2024-03,transporter,anonymous,B
i2,interview,Gao,2024-04,civil_society,anonymous,C
d1,document,Gao,2024,,,A
"""
STATEMENTS = """id,source,kind,question,answer,actor,other,place
o1,i1,link,link,cooperation,terrorist_group,smuggler,
o2,i2,link,link,denied,,,Gao
"""

FILE, ROWS, READ, TOLD = "file", "rows", "read", "told"
"""What is expected: the whole file refused; findings on rows; read as it should be; read, and told of."""


@dataclass(frozen=True, slots=True)
class Bad:
    """A case: `make(folder, study)` writes the file (or breaks the study), `words` are said to `maillage`.

    In `words` stand `{file}`, `{study}` and `{folder}`. `codes` must all be found; `kind` says what becomes of it.
    `proof(study)` looks at what was read. `more`: other commands that must end with the same codes.
    """

    make: Callable[[Path, Path], Path]
    words: tuple[str, ...]
    codes: tuple[str, ...] = ()
    kind: str = FILE
    proof: Callable[[Path], None] | None = None
    more: tuple[tuple[str, ...], ...] = ()


ADD = ("add", "{file}", "--study", "{study}", "--as")
OBSERVE = ("observe", "{file}", "--study", "{study}", "--coder", "ana")
CHECK = ("check", "--study", "{study}")
RUN = ("run", "--study", "{study}")


def content(name: str, raw: bytes | str) -> Callable[[Path, Path], Path]:
    """Writes a file of this name and content."""

    def make(folder: Path, study: Path) -> Path:
        (folder / name).write_bytes(raw.encode() if isinstance(raw, str) else raw)
        return folder / name

    return make


def made(function: Callable[[Path], Path]) -> Callable[[Path, Path], Path]:
    """A maker that needs no study."""
    return lambda folder, study: function(folder)


def ready(folder: Path) -> Path:
    """The study `s`: places, sources and statements entered, and the mapping of the form."""
    study = folder / "s"
    new(study, Start(pack="nexus", langs=("fr", "en"), country="ML", coder="ana", period="2024"))
    for name, text in {"places": PLACES, "sources": SOURCES, "statements": STATEMENTS}.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    outcomes = [
        add(study, folder / "places.csv", Request()),
        add(study, folder / "sources.csv", Request()),
        observe(study, folder / "statements.csv", coder="ana"),
    ]
    assert not any(outcome.refused for outcome in outcomes)
    (study / "forms").mkdir()
    guide_map(study / "forms" / "guide.yml")
    return study
