"""The shape of the house: sizes, imports, what may stand where. A red line here is cheaper than a review."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "maillage"
FILES = sorted(path for path in PACKAGE.rglob("*.py") if "vendor" not in path.parts)
FLOORS = {"study", "intake", "measure", "decide", "publish"}
MEETING_POINTS = {"run", "verbs", "app", "__init__"}
MAY_WRITE = {"study", "publish", "app", "verbs"}
ONLY_IN = {
    "shapely": {"intake", "evidence", "publish"},
    "typst": {"publish"},
    "fontTools": {"publish"},
    "click": {"app"},
    "rich": {"app", "verbs"},
}
FILE_LINES, FUNCTION_LINES, LONG_FUNCTION, NESTING = 300, 60, 40, 3


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def room(path: Path) -> str:
    """The folder or root module a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def named(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def own_imports(path: Path) -> set[str]:
    """Rooms of the package that a file imports."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module == "maillage":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("maillage."):
            found.add((node.module or "").split(".")[1])
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("maillage.")}
    return found


def third_party(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module.split(".")[0])
    return found


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its docstring."""
    first = node.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    docstring = (first.end_lineno or first.lineno) - first.lineno + 1 if documented else 0
    return (node.end_lineno or node.lineno) - node.lineno + 1 - docstring


def depth(node: ast.AST, level: int = 0) -> int:
    """How deep blocks are nested in a function; elif does not count."""
    deepest = level
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            continue
        inner = level
        if isinstance(child, ast.For | ast.While | ast.With | ast.Try | ast.If):
            is_elif = isinstance(node, ast.If) and isinstance(child, ast.If) and node.orelse == [child]
            inner = level if is_elif else level + 1
        deepest = max(deepest, depth(child, inner))
    return deepest


@pytest.mark.parametrize("path", FILES, ids=named)
def test_a_file_is_documented_and_short(path: Path) -> None:
    assert ast.get_docstring(tree(path)), "say in one line what the file is about"
    assert len(path.read_text("utf-8").splitlines()) <= FILE_LINES


@pytest.mark.parametrize("path", FILES, ids=named)
def test_functions_are_short_flat_and_typed(path: Path) -> None:
    for node in functions(path):
        assert length(node) <= FUNCTION_LINES, f"{node.name} has {length(node)} lines"
        assert depth(node) <= NESTING, f"{node.name} nests {depth(node)} deep"
        assert node.returns is not None, f"{node.name} does not say what it returns"


def test_few_functions_are_long() -> None:
    every = [length(node) for path in FILES for node in functions(path)]
    long = sum(size > LONG_FUNCTION for size in every)
    assert long <= 0.02 * len(every), f"{long} of {len(every)} functions are longer than {LONG_FUNCTION} lines"


@pytest.mark.parametrize("path", FILES, ids=named)
def test_floors_never_import_each_other(path: Path) -> None:
    here, others = room(path), own_imports(path)
    if here in FLOORS:
        assert not (others & (FLOORS | MEETING_POINTS)) - {here}, "pass a table instead"
    if here not in {"app", "__init__"}:
        assert "app" not in others, "nothing imports app"
    if here not in FLOORS | MEETING_POINTS:
        assert not others & (FLOORS | MEETING_POINTS), "root modules carry the floors, not the other way round"


@pytest.mark.parametrize("path", FILES, ids=named)
def test_imports_stand_at_the_top(path: Path) -> None:
    for node in functions(path):
        inside = [item for item in ast.walk(node) if isinstance(item, ast.Import | ast.ImportFrom)]
        assert not inside, f"{node.name} imports inside"
    assert "import *" not in path.read_text("utf-8")


@pytest.mark.parametrize("path", FILES, ids=named)
def test_libraries_stay_in_their_rooms(path: Path) -> None:
    for library in third_party(path) & ONLY_IN.keys():
        assert room(path) in ONLY_IN[library], f"{library} belongs in {sorted(ONLY_IN[library])}"


@pytest.mark.parametrize("path", [p for p in FILES if room(p) in {"measure", "decide"}], ids=named)
def test_measures_and_choices_are_pure(path: Path) -> None:
    """No clock, no files, no environment, no global random state."""
    assert not third_party(path) & {"os", "pathlib", "time", "random", "secrets", "subprocess", "socket"}
    text = path.read_text("utf-8")
    assert not re.search(r"np\.random\.(?!Generator|PCG64)|default_rng\(\)|datetime\.now|date\.today|\bopen\(", text)


@pytest.mark.parametrize("path", FILES, ids=named)
def test_nothing_prints_swallows_or_evaluates(path: Path) -> None:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in {"eval", "exec", "__import__"}
            assert node.func.id != "print" or room(path) == "app"
        if isinstance(node, ast.ExceptHandler) and path.name != "cli.py":
            broad = node.type is None or (
                isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"}
            )
            assert not broad, f"line {node.lineno}: name what you expect"
    text = path.read_text("utf-8")
    assert not re.search(r"yaml\.(load\((?!.*CSafeLoader)|unsafe_load|full_load)|shell=True|pickle|\|\s*safe\b", text)


def test_packs_and_studies_hold_no_code() -> None:
    assert not [*(PACKAGE / "packs").rglob("*.py"), *(ROOT / "studies").rglob("*.py")]


def test_only_the_gate_makes_a_release() -> None:
    makers = [named(path) for path in FILES if re.search(r"(?<!class )\bRelease\(", path.read_text("utf-8"))]
    assert set(makers) <= {"publish/gate.py"}


def test_lock_files_name_no_host() -> None:
    for path in (ROOT / "requirements").glob("*.lock"):
        text = path.read_text("utf-8")
        assert "://" not in text
        assert "--hash=sha256:" in text


def test_no_file_has_a_name_that_grows() -> None:
    assert not {path.stem for path in FILES} & {"utils", "helpers", "misc", "common", "core", "models", "services"}
