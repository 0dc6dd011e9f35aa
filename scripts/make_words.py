"""Make the lists of common words from maillage's own texts: sentences, code books, problems, pages.

python scripts/make_words.py
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from maillage.publish.words import FOLDER, WORD, fold, stem

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "maillage"


def texts(lang: str) -> Iterator[str]:
    """Every text of ours in a language."""
    for folder in ("phrases", "errors", "packs", "tables", "checklists"):
        for path in sorted((PACKAGE / folder).rglob("*.yml")):
            yield from said(yaml.safe_load(path.read_text("utf-8")), lang)
    pages = [ROOT.glob("*.md"), (ROOT / "docs").rglob("*.md")]  # no study: places and people are not common
    for path in sorted(path for found in pages for path in found):
        if (path.name.endswith(".fr.md")) == (lang == "fr"):
            yield re.sub(r"`[^`]*`|\]\([^)]*\)", " ", path.read_text("utf-8"))


def said(value: Any, lang: str) -> Iterator[str]:
    """The texts of a language inside a YAML value."""
    if isinstance(value, dict):
        for key, inside in value.items():
            if key in (lang, f"remedy_{lang}") and isinstance(inside, str):
                yield inside
            else:
                yield from said(inside, lang)
    elif isinstance(value, list):
        for inside in value:
            yield from said(inside, lang)


def main() -> None:
    """Write both lists."""
    for lang in ("en", "fr"):
        kept = sorted({stem(word) for text in texts(lang) for word in WORD.findall(fold(text))})
        (FOLDER / f"common.{lang}.txt").write_text("\n".join(kept) + "\n", "utf-8")
        print(lang, len(kept))


if __name__ == "__main__":
    main()
