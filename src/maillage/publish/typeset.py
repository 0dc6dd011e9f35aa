"""Typst, the one typesetter: templates of the house filled with data, as tagged PDF, and drawings as PNG.

Data go in as JSON and come out as text: no template evaluates them. Faces are those of the packages, dates those of
the document, so that the same data give the same bytes anywhere.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst

from maillage.publish import fonts

TEMPLATES = Path(__file__).parent / "templates"
TURN = Lock()  # a compiler sets one document at a time
DOTS = 96.0  # dots per inch of a drawing at its own size; on paper it is drawn smaller and so finer


def pdf(template: str, data: Mapping[str, Any], *, timestamp: int) -> bytes:
    """A PDF/UA-1 from a template of `templates/` and the data it reads; `timestamp`: seconds since 1970."""
    payload = json.dumps(data, ensure_ascii=False, sort_keys=True)
    with TURN:
        made = _compiler(template).compile(
            format="pdf", sys_inputs={"document": payload}, pdf_standards=["ua-1"], timestamp=timestamp
        )
    assert isinstance(made, bytes)
    return made


def pictures(svgs: Sequence[str]) -> list[bytes]:
    """Each drawing as a PNG on white."""
    if not svgs:
        return []
    with TURN:
        made = _compiler("pictures.typ").compile(format="png", sys_inputs={"drawings": json.dumps(svgs)}, ppi=DOTS)
    assert made is not None
    return [made] if isinstance(made, bytes) else list(made)


@cache
def _compiler(template: str) -> typst.Compiler:
    return typst.Compiler(str(TEMPLATES / template), root=str(TEMPLATES), font_paths=_faces(), ignore_system_fonts=True)


@cache
def _faces() -> typst.Fonts:
    folders = [str(folder) for folder in fonts.FOLDERS]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
