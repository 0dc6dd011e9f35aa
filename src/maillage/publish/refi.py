"""A coding project as a REFI-QDA 1.0 file (.qdpx), a codebook as .qdc: what other programs for coding can open.

The same project gives the same bytes: children in the order of the standard, GUIDs made from ids, no clock, ZIP entries
of a fixed day. `basePath` is never written. What the format cannot hold is returned as a loss report.
"""

import io
import zipfile
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from maillage.exchange import Loss, Project
from maillage.publish.refi_parts import (
    Writer,
    attribute,
    case_lines,
    code_lines,
    described,
    set_lines,
)
from maillage.uncollected import uncollected

DAY = (1980, 1, 1, 0, 0, 0)  # the first that a ZIP archive can name
LEVEL = 3
QUOTE = 80
HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
ROWS = ("guid", "selection", "source", "start", "end", "code", "user", "created", "note")


def write_project(project: Project, path: Path) -> list[Loss]:
    """Write `project` as a .qdpx file and return what it could not hold; an old file stays until the new is whole."""
    content, losses = project_file(project)
    _replace(path, content)
    return losses


def write_codebook(project: Project, path: Path) -> list[Loss]:
    """Write the codes of `project` and its sets of codes as a .qdc file; return what it could not hold."""
    content, losses = codebook_file(project)
    _replace(path, content)
    return losses


@uncollected()
def project_file(project: Project) -> tuple[bytes, list[Loss]]:
    """The bytes of the .qdpx file and the loss report."""
    writer = Writer(project)
    lines = [HEAD, f'<Project xmlns="urn:QDA-XML:project:1.0" name={attribute(project.name)} origin="maillage">\n']
    sources = list(_sources(project, writer))  # first, because cases refer to marked passages
    for part in (_users, _codes, _variables, _cases):
        lines += part(project, writer)
    lines += sources
    for part in (_notes, _sets):
        lines += part(project, writer)
    lines += described(writer, project.description)
    lines.append("</Project>\n")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        # line by line: one emoji would make the whole text four bytes a character
        _add(archive, "project.qde", b"".join(line.encode() for line in lines))
        for guid, text in project.sources.select("guid", "text").iter_rows():
            _add(archive, f"sources/{writer.guid('source', guid)}.txt", writer.whole(text or "", guid).encode())
    return packed.getvalue(), writer.losses


def codebook_file(project: Project) -> tuple[bytes, list[Loss]]:
    """The bytes of the .qdc file and the loss report."""
    writer = Writer(project)
    lines = [HEAD, '<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="maillage">\n']
    lines += code_lines(project, writer, notes=False)
    lines += _wrapped("Sets", set_lines(project, writer, codebook=True))
    lines.append("</CodeBook>\n")
    if not project.codes.height:
        writer.losses.append(Loss("codebook", project.name, "no_codes"))
    for what in ("sources", "notes", "cases", "variables"):
        height: int = getattr(project, what).height
        if height:
            writer.losses.append(Loss(what, f"{height}", "not_in_codebooks"))
    return "".join(lines).encode(), writer.losses


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    info = zipfile.ZipInfo(name, DAY)
    info.create_system, info.external_attr, info.compress_type = 3, 0o644 << 16, zipfile.ZIP_DEFLATED
    archive.writestr(info, content, compresslevel=LEVEL)


def _replace(path: Path, content: bytes) -> None:
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_bytes(content)
    temporary.replace(path)


def _wrapped(name: str, lines: Iterator[str]) -> Iterator[str]:
    """Lines within an element that must not be empty."""
    first = next(lines, None)
    if first is not None:
        yield f"<{name}>\n"
        yield first
        yield from lines
        yield f"</{name}>\n"


def _users(project: Project, writer: Writer) -> Iterator[str]:
    rows = project.users.iter_rows()
    return _wrapped(
        "Users",
        (f'<User guid="{writer.guid("user", guid)}" name={writer.said(name, guid)}/>\n' for guid, name in rows),
    )


def _codes(project: Project, writer: Writer) -> Iterator[str]:
    if project.codes.height:
        yield from _wrapped("CodeBook", code_lines(project, writer, notes=True))


def _variables(project: Project, writer: Writer) -> Iterator[str]:
    def lines() -> Iterator[str]:
        for guid, name, kind, description in project.variables.iter_rows():
            head = f'<Variable guid="{writer.guid("variable", guid)}" name={writer.said(name, guid)}'
            yield f'{head} typeOfVariable="{writer.types[guid]}">'
            yield from described(writer, description)
            yield "</Variable>\n"
            if kind != writer.types[guid]:
                writer.losses.append(Loss("variable", guid, "type_unknown"))

    return _wrapped("Variables", lines())


def _cases(project: Project, writer: Writer) -> Iterator[str]:
    return _wrapped("Cases", case_lines(project, writer))


def _sets(project: Project, writer: Writer) -> Iterator[str]:
    return _wrapped("Sets", set_lines(project, writer, codebook=False))


def _sources(project: Project, writer: Writer) -> Iterator[str]:
    order = ["source", "start", "end", "selection", "note", "guid"]
    rows = project.passages.sort(order, nulls_last=True).select(ROWS).rows()
    passages = {source: list(group) for source, group in groupby(rows, key=lambda row: row[2])}

    def lines() -> Iterator[str]:
        for guid, name, kind, text, description, user, created in project.sources.iter_rows():
            own = writer.guid("source", guid)
            head = f'<TextSource guid="{own}" name={writer.said(name, guid)} plainTextPath="internal://{own}.txt"'
            yield f"{head}{writer.by(user)}{writer.at(created, guid)}>\n"
            yield from described(writer, description)
            yield from _selections(passages.pop(guid, []), text or "", guid, writer)
            yield from writer.note_refs(guid)
            yield from writer.value_lines(guid)
            yield "</TextSource>\n"
            if kind not in (None, "text"):
                writer.losses.append(Loss("source", guid, f"{kind}_as_text"))

    yield from _wrapped("Sources", lines())
    writer.losses += [Loss("passage", row[0], "source_missing") for rows in passages.values() for row in rows]


Row = tuple[Any, ...]


PLACE = itemgetter(3, 4, 1, 8)  # start, end, selection, note


def _selections(rows: list[Row], text: str, source: str, writer: Writer) -> Iterator[str]:
    """The marked passages of a text, then the codings of the whole of it. rows: in the order of `ROWS`, sorted."""
    placed = [row for row in rows if row[3] is not None]
    for (start, end, selection, note), group in groupby(placed, key=PLACE):
        codings = list(group)
        if not 0 <= start < end <= len(text):
            writer.losses += [Loss("passage", row[0], "outside_its_text") for row in codings]
            continue
        guid = writer.fresh("selection", selection or f"{codings[0][0]}/selection")
        user, time = codings[0][6:8]
        alone = len(codings) == 1
        by = writer.by(user) if alone or all(row[6] == user for row in codings) else ""
        at = writer.at(time, guid) if alone or all(row[7] == time for row in codings) else ""
        quote = " ".join(text[start : min(end, start + QUOTE)].split())
        place = f'startPosition="{start}" endPosition="{end}"'
        inside = (*described(writer, note), *_codings(codings, writer), *writer.note_refs(selection))
        yield (
            f'<PlainTextSelection guid="{guid}" name={writer.said(quote, guid, quiet=True)} {place}{by}{at}>\n'
            f"{''.join(inside)}</PlainTextSelection>\n"
        )
    yield from _codings([row for row in rows if row[3] is None], writer)


def _codings(rows: list[Row], writer: Writer) -> Iterator[str]:
    for guid, _, _, _, _, code, user, created, _ in rows:
        if code is None:
            continue
        target = writer.known("code", code)
        if target is None:
            writer.losses.append(Loss("coding", guid, "code_missing"))
            continue
        head = f'<Coding guid="{writer.fresh("coding", guid)}"{writer.by(user)}{writer.at(created, guid)}>'
        yield f'{head}<CodeRef targetGUID="{target}"/>{"".join(writer.note_refs(guid))}</Coding>\n'


def _notes(project: Project, writer: Writer) -> Iterator[str]:
    def lines() -> Iterator[str]:
        for guid, name, text, _, user, created in project.notes.iter_rows():
            head = f'<Note guid="{writer.guid("note", guid)}" name={writer.said(name, guid)}'
            yield f"{head}{writer.by(user)}{writer.at(created, guid)}>"
            yield f"<PlainTextContent>{writer.body(text or '', guid)}</PlainTextContent></Note>\n"
        writer.losses += [Loss("note", note, "about_unknown") for note in writer.orphans()]

    return _wrapped("Notes", lines())
