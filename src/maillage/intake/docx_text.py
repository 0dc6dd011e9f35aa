"""The text of a Word file (.docx) as a reader sees it with all changes accepted.

Inserted text enters, deleted and hidden text does not; neither do comments, headers, footers, field codes and fields
that print an author or a page. A paragraph is a line, a table row a line with tabs between its cells, a text box
follows the paragraph it hangs on. Foot- and endnotes are marked `[1]` and stand at the end. Automatic numbers of
lists are not text in such a file and are left out.
"""

from pathlib import Path

from maillage.errors import MaillageError
from maillage.intake.docx_body import Body
from maillage.intake.docx_parts import Package, local
from maillage.intake.extract import Extract
from maillage.intake.zipped import MB, members


def read_docx(path: Path) -> Extract:
    """Text and counts of what was left out. Raises MaillageError `document_part` and those of `zipped`."""
    with members(path, limit_total=200 * MB) as parts:
        package = Package(path.name, parts)
        body = Body(package)
        root = package.tree(package.main)
        if root is None or local(root) != "document":
            raise MaillageError("document_part", file=path.name)
        lines = [body.story(root), *body.notes_text()]
        body.counts["document_comments"] += len(package.every("comments", "comment"))
        body.counts["document_headers"] += sum(package.worded(kind) for kind in ("header", "footer"))
    return Extract("\n".join(lines), "utf-8", body.counts)
