"""Typst, the one typesetter: templates of the house filled with data, as tagged PDF, and drawings as PNG.

Data go in as JSON and come out as text: no template evaluates them. Faces are those of the packages, dates those of
the document, so that the same data give the same bytes anywhere.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import Any

import typst

from maillage import cached
from maillage.publish import fonts

TEMPLATES = Path(__file__).parent / "templates"
DOTS = 96.0  # dots per inch of a drawing at its own size; on paper it is drawn smaller and so finer


def pdf(template: str, data: Mapping[str, Any], *, timestamp: int) -> bytes:
    """A PDF/UA-1 from a template of `templates/` and the data it reads; `timestamp`: seconds since 1970."""
    payload = json.dumps(data, ensure_ascii=False, sort_keys=True)
    press = _press(template)
    with press.turn:
        made = press.compiler.compile(
            format="pdf", sys_inputs={"document": payload}, pdf_standards=["ua-1"], timestamp=timestamp
        )
    assert isinstance(made, bytes)
    return made


def sizes(template: str, data: Mapping[str, Any]) -> list[Any]:
    """What a template tells of the sizes of its blocks: the values of its labels `<size>`."""
    inputs = {"document": json.dumps(data, ensure_ascii=False, sort_keys=True), "sizes": "yes"}
    folder = str(TEMPLATES)
    asked = typst.Compiler(
        str(TEMPLATES / template), root=folder, font_paths=_faces(), ignore_system_fonts=True, sys_inputs=inputs
    )
    return json.loads(asked.query("<size>", field="value"))


def pictures(svgs: Sequence[str], *, keep: bool = False) -> list[bytes]:
    """Each drawing as a PNG on white. keep: it may be published, so it may lie in the user's cache folder."""
    if keep:
        return [cached.kept("png", f"{_version()}\0{svg}".encode(), lambda svg=svg: _drawn([svg])[0]) for svg in svgs]
    return _drawn(svgs) if svgs else []


@cache
def _version() -> str:
    """What else a drawing's bytes depend on."""
    return " ".join(version(name) for name in ("typst", "font-source-sans-pro", "font-source-serif-pro")) + f" {DOTS}"


def _drawn(svgs: Sequence[str]) -> list[bytes]:
    press = _press("pictures.typ")
    with press.turn:
        made = press.compiler.compile(format="png", sys_inputs={"drawings": json.dumps(svgs)}, ppi=DOTS)
    assert made is not None
    return [made] if isinstance(made, bytes) else list(made)


@dataclass(frozen=True, slots=True)
class _Press:
    """A template ready to be set; a compiler sets one document at a time."""

    compiler: typst.Compiler
    turn: Lock


@cache
def _press(template: str) -> _Press:
    path = str(TEMPLATES / template)
    return _Press(typst.Compiler(path, root=str(TEMPLATES), font_paths=_faces(), ignore_system_fonts=True), Lock())


@cache
def _faces() -> typst.Fonts:
    folders = [str(folder) for folder in fonts.FOLDERS]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
