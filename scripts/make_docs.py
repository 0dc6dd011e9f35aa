"""Write what the documentation repeats from the code: docs/dictionary.md from the tables of the package."""

import sys
from pathlib import Path

from maillage import tables

ROOT = Path(__file__).parent.parent


def dictionary() -> str:
    """The data dictionary as Markdown."""
    parts = [
        "# Data dictionary",
        "",
        "Made by `scripts/make_docs.py` from `src/maillage/tables/*.yml`; edit those, not this page.",
        "",
        "Types: `text`, `code` (one of a list, see `maillage codes`), `codes`, `places`, `ids` (several, `;` between them in CSV),",
        "`place` (code or name), `date` (2024, 2024-06 or 2024-06-01), `period` (a date, or 2012/2024), `integer`, `number`, `flag` (yes, no, blank).",
    ]
    for name in tables.names():
        table = tables.table(name)
        parts += ["", f"## {name}", "", f"{table.title['en']} / {table.title['fr']}", ""]
        parts += ["| column | type | meaning | sens |", "|---|---|---|---|"]
        for column in table.columns:
            kind = f"{column.type} of `{column.codes}`" if column.codes else column.type
            kind += " (required)" if column.required else ""
            parts.append(f"| `{column.name}` | {kind} | {column.meaning['en']} | {column.meaning['fr']} |")
    return "\n".join(parts) + "\n"


def main() -> int:
    """Write the pages; with --check say whether they are up to date."""
    path = ROOT / "docs" / "dictionary.md"
    if "--check" in sys.argv:
        return int(path.read_text("utf-8") != dictionary())
    path.write_text(dictionary(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
