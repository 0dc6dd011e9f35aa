"""Coding projects (.qdpx) and codebooks (.qdc) of REFI-QDA 1.0 and of its draft name space.

What is wrong with a file comes as findings; with any error the project is empty and nothing of it should be entered.
What was readable and has no place in `exchange.Project` is in the loss report. Nothing is unpacked onto the disk and no
path of the file is followed out of the archive.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import numpy as np
import polars as pl

from maillage.errors import Finding, MaillageError, finding, has_errors
from maillage.exchange import SCHEMAS, Loss, Project, table
from maillage.intake import refi_offsets as offsets
from maillage.intake.refi_tree import Records, TextPart
from maillage.intake.zipped import Members, members, shown, xml
from maillage.uncollected import uncollected

SPACES = {
    "Project": {"urn:QDA-XML:project:1.0", "urn:QDA-XML:project:0:10"},
    "CodeBook": {"urn:QDA-XML:codebook:1.0", "urn:QDA-XML:codebook:0:4"},
}
SCHEME = re.compile(r"([a-z]+)://", re.IGNORECASE)
WHOLE = re.compile(r"\d{1,12}\Z", re.ASCII)
OWN = "maillage"

Result = tuple[Project, list[Loss], list[Finding]]


@uncollected()
def read_project(path: Path) -> Result:
    """The project of a .qdpx file, what of it is lost, and what is wrong with it.

    Findings: those of `zipped`, `qda_no_project`, `qda_root`, `qda_namespace`, `qda_guid_twice`, `qda_source_missing`,
    `qda_source_outside`, `qda_text_encoding`, `qda_position`, `qda_end_before_start`, `qda_offset_outside`,
    `qda_offsets_mixed`, `qda_offsets_converted`, `qda_offsets_unproven`, `qda_losses`.
    """
    try:
        with members(path) as parts:
            return _project(path.name, parts)
    except MaillageError as problem:
        return Project(), [], [_as_finding(problem)]


def read_codebook(path: Path) -> Result:
    """The codes and sets of codes of a .qdc file, as a project without sources.

    Findings: those of XML, `qda_root`, `qda_namespace`, `qda_codebook` (no code where REFI-QDA has them),
    `qda_guid_twice`, `qda_losses`.
    """
    try:
        if not path.is_file():
            raise MaillageError("file_missing", file=path.name)
        root = xml(path.read_bytes().lstrip(), file=path.name, part=path.name)
        records, findings = _records(root, "CodeBook", path.name)
    except MaillageError as problem:
        return Project(), [], [_as_finding(problem)]
    records.codebook()
    held = root.find("Codes")
    if not records.rows["codes"] and (findings or held is None or len(held)):
        inside = ", ".join(dict.fromkeys(shown(child.tag) for child in root)) or "-"
        return Project(), [], [*findings, finding("qda_codebook", file=path.name, value=inside)]
    findings += _doubled(records, path.name)
    return _result(Project(path.stem, root.get("origin", "")), records, path.name, findings)


def _as_finding(problem: MaillageError) -> Finding:
    facts: dict[str, Any] = dict(problem.facts)
    return finding(problem.code, **facts)


def _project(file: str, parts: Members) -> Result:
    name = _inner(parts, file)
    root = xml(parts[name].lstrip(), file=file, part=name)
    records, findings = _records(root, "Project", file)
    records.read()
    origin, description = root.get("origin", ""), (root.findtext("Description") or "").strip()
    project = Project(root.get("name") or Path(file).stem, origin, description)
    root.clear()  # a tree of a large project weighs as much as everything else together
    findings += _doubled(records, file)
    found = {part.guid: _content(part, parts, name, file, records.losses, findings) for part in records.texts}
    texts = {guid: said for guid, said in found.items() if said is not None}
    marked = _marked(records.texts, texts, file, findings)
    ruling = _ruling(marked, origin, file, findings)
    for part in records.texts:
        if part.guid in texts:
            _place(part, texts[part.guid][0], marked.get(part.guid), ruling.unit, records, file, findings)
        elif part.selections or part.whole:
            records.losses += [Loss("passage", item.guid, "no_text") for item in part.selections]
    return _result(project, records, file, findings)


def _inner(parts: Members, file: str) -> str:
    """The XML of the archive: project.qde, or the one .qde there is, also under a folder (archives packed by hand)."""
    found = sorted((name for name in parts if name.lower().endswith(".qde")), key=lambda name: (name.count("/"), name))
    top = [name for name in found if name.count("/") == found[0].count("/")]
    named = [name for name in top if name.lower().rpartition("/")[2] == "project.qde"]
    if len(named or top) != 1:
        raise MaillageError("qda_no_project", file=file, value=len(named or top))
    return (named or top)[0]


def _records(root: Element, kind: str, file: str) -> tuple[Records, list[Finding]]:
    records = Records(root)
    if root.tag != kind:
        raise MaillageError("qda_root", file=file, value=shown(root.tag), kind=kind)
    if records.space in SPACES[kind]:
        return records, []
    return records, [finding("qda_namespace", file=file, value=shown(records.space))]


def _doubled(records: Records, file: str) -> list[Finding]:
    """Codes or texts that share a GUID: which one a coding means cannot be known."""
    codes = Counter(row[0] for row in records.rows["codes"])
    texts = Counter(part.guid for part in records.texts)
    return [
        finding("qda_guid_twice", file=file, field=field, value=shown(guid))
        for field, counts in (("Code", codes), ("TextSource", texts))
        for guid, count in counts.items()
        if count > 1
    ]


def _content(
    part: TextPart, parts: Members, project: str, file: str, losses: list[Loss], findings: list[Finding]
) -> tuple[str, bool] | None:
    """A text and whether its file starts with a byte order mark; None, with a loss or a finding, where it has none."""
    if part.path is None:
        if part.content is not None or part.kind == "note":
            return part.content or part.row[0], False
        losses.append(Loss(part.kind, part.guid, "rich_text_only" if part.rich else "no_text"))
        return None
    scheme = SCHEME.match(part.path)
    if scheme and scheme[1].lower() != "internal":
        findings.append(finding("qda_source_outside", file=file, field=shown(part.name), value=shown(part.path)))
        return None
    name = _member(part.path[scheme.end() if scheme else 0 :], parts, project)
    if name is None:
        if part.content is not None:
            return part.content, False
        findings.append(finding("qda_source_missing", file=file, field=shown(part.name), value=shown(part.path)))
        return None
    raw = parts[name]
    try:
        if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return raw.decode("utf-16"), True
        return raw.decode("utf-8-sig"), raw[:3] == b"\xef\xbb\xbf"
    except UnicodeDecodeError:
        findings.append(finding("qda_text_encoding", file=file, field=shown(part.name), value=shown(name)))
        return None


def _member(path: str, parts: Members, project: str) -> str | None:
    """The member a path means: under sources/ beside the project, whatever the case and the slashes."""
    folder = project.rpartition("/")[0]
    wanted = path.replace("\\", "/").lstrip("/").removeprefix("./")
    tries = [f"{folder}/{step}{wanted}".lstrip("/") for step in ("sources/", "Sources/", "")]
    for name in tries:
        if name in parts:
            return name
    folded = {name.casefold(): name for name in parts}
    return next((folded[name.casefold()] for name in tries if name.casefold() in folded), None)


def _marked(
    parts: Sequence[TextPart], texts: Mapping[str, tuple[str, bool]], file: str, findings: list[Finding]
) -> dict[str, offsets.Marked]:
    """The passages of each text with positions as numbers; passages without them, or backwards, are findings."""
    out: dict[str, offsets.Marked] = {}
    for part in parts:
        odd = [item for item in part.selections if not (WHOLE.match(item.start) and WHOLE.match(item.end))]
        if odd:
            where = f"{odd[0].start}–{odd[0].end}"
            findings.append(finding("qda_position", file=file, field=shown(part.name), value=where, count=len(odd)))
        elif part.guid in texts and part.selections:
            starts = np.array([int(item.start) for item in part.selections], dtype=np.int64)
            ends = np.array([int(item.end) for item in part.selections], dtype=np.int64)
            back = np.flatnonzero(ends < starts)
            if len(back):
                where = f"{starts[back[0]]}–{ends[back[0]]}"
                more = {"count": len(back)}
                findings.append(finding("qda_end_before_start", file=file, field=shown(part.name), value=where, **more))
            text, bom = texts[part.guid]
            out[part.guid] = offsets.Marked(text, bom, starts, ends, [item.quote for item in part.selections])
    return out


def _ruling(marked: Mapping[str, offsets.Marked], origin: str, file: str, findings: list[Finding]) -> offsets.Verdict:
    """In which unit the positions count, said aloud wherever it is not plainly code points."""
    ruling = offsets.verdict(list(marked.values()))
    if ruling.mixed:
        findings.append(finding("qda_offsets_mixed", file=file))
    elif ruling.unit != "points":
        findings.append(finding("qda_offsets_converted", file=file, value=ruling.unit, proof=ruling.proof))
    elif ruling.doubtful and not origin.startswith(OWN):
        findings.append(finding("qda_offsets_unproven", file=file, value=ruling.doubtful))
    return ruling


def _place(
    part: TextPart, raw: str, marked: offsets.Marked | None, unit: str,
    records: Records, file: str, findings: list[Finding],
) -> None:  # fmt: skip
    """A text in NFC as a source or note, its passages at their new places."""
    text, as_start, as_end = offsets.normal(raw)
    if part.kind == "note":
        about = records.about(part.guid)
        records.rows["notes"].append((part.guid, part.name, text, about, part.row[1], part.row[2]))
        return
    records.rows["sources"].append((part.guid, part.name, part.kind, text, *part.row))
    rows = records.rows["passages"]
    rows += [(guid, None, part.guid, None, None, code, user, at, "") for guid, code, user, at in part.whole]
    if marked is None:
        return
    starts, good_starts = offsets.located(raw, marked.starts, unit)
    ends, good_ends = offsets.located(raw, marked.ends, unit)
    outside = np.flatnonzero(~(good_starts & good_ends))
    if len(outside):
        where = f"{marked.starts[outside[0]]}–{marked.ends[outside[0]]}"
        facts = {"count": len(outside), "length": len(raw)}
        findings.append(finding("qda_offset_outside", file=file, field=shown(part.name), value=where, **facts))
        return
    if as_start is not None and as_end is not None:
        widened = np.flatnonzero((as_start[starts] != as_end[starts]) | (as_start[ends] != as_end[ends]))
        records.losses += [Loss("passage", part.selections[row].guid, "widened") for row in widened]
        starts, ends = as_start[starts], as_end[ends]
    for item, start, end in zip(part.selections, starts.tolist(), ends.tolist(), strict=True):
        if start >= end:
            records.losses.append(Loss("passage", item.guid, "empty"))
            continue
        for guid, code, user, at in item.codings:
            rows.append((guid, item.guid, part.guid, start, end, code, user, at, item.note))


def _mended(records: Records) -> dict[str, pl.DataFrame]:
    """The tables, without references that lead nowhere: a coding without its code is lost, an unknown user is nobody.

    GUIDs of codings are made unique; references to a recording or a PDF mean the text that stands for it.
    """
    rows, losses, alias = records.rows, records.losses, records.alias
    for name in ("cases", "sets"):
        rows[name] = [(*row[:4], [alias.get(guid, guid) for guid in row[4]], *row[5:]) for row in rows[name]]
    tables = {name: table(name, rows[name]) for name in SCHEMAS}
    passages, users, codes = (tables[name] for name in ("passages", "users", "codes"))
    coded = pl.col("code").is_null() | pl.col("code").is_in(codes["guid"].to_list())
    losses += [Loss("coding", guid, "code_missing") for guid in passages.filter(~coded)["guid"]]
    known = pl.col("user").is_in(users["guid"].to_list())
    strangers = passages.filter(coded & ~known)["user"].unique().sort()
    losses += [Loss("user", guid, "user_missing") for guid in strangers]
    turn = pl.col("guid").cum_count().over("guid")
    tables["passages"] = passages.filter(coded).with_columns(
        guid=pl.when(turn > 1).then(pl.format("{}#{}", "guid", turn)).otherwise(pl.col("guid")),
        user=pl.when(known).then(pl.col("user")),
    )
    return tables


def _result(project: Project, records: Records, file: str, findings: list[Finding]) -> Result:
    if has_errors(findings):
        return Project(), records.losses, findings
    tables = _mended(records)
    if records.losses:
        findings = [
            *findings,
            finding("qda_losses", file=file, value=len(records.losses), kinds=_kinds(records.losses)),
        ]
    made = Project(project.name, project.origin, project.description, **tables)
    return made, records.losses, findings


def _kinds(losses: Sequence[Loss]) -> str:
    counts: Iterator[tuple[str, int]] = iter(sorted(Counter(loss.what for loss in losses).items()))
    return ", ".join(f"{what} {count}" for what, count in counts)
