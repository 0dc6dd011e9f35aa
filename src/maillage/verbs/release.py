"""`maillage release`: check, compute, pass the gate, write reports, data and manifest into one folder."""

import dataclasses
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from maillage import run
from maillage.blocks import Document
from maillage.errors import Finding, MaillageError, finding, has_errors
from maillage.estimate import statement_of
from maillage.evidence import Results
from maillage.publish import brief, chartpack, data, docx, html, narrative, pdf, quotes, report
from maillage.publish.gate import Release
from maillage.publish.manifest import NAME, manifest
from maillage.publish.quotes import Heard
from maillage.publish.report_findings import unprinted
from maillage.publish.view import view
from maillage.signing import Signer, release_signer
from maillage.study import keys
from maillage.study.check import check_age
from maillage.study.folder import Study
from maillage.uncollected import uncollected
from maillage.verbs import exceptions, gate
from maillage.verbs.check import NARRATIVE, check_results
from maillage.verbs.keyed import key_numbers
from maillage.verbs.opening import unlocked
from maillage.verbs.quoting import heard
from maillage.verbs.since import Since

Step = Callable[[str], None]
OLD = ".old"  # of the release that is being replaced
PREVIEW = "preview"  # a status that no study.yml can have


def _quiet(name: object) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What a release says to the team alone: exceptions for this audience that hold no longer, and what became of the
    numbers that earlier releases told."""

    lapsed: Sequence[Finding]
    since: Since


def release(
    study: Study | Path | str,
    out: Path | str,
    *,
    audience: str,
    langs: Sequence[str] | None = None,
    to: str = "",
    preview: bool = False,
    step: Step = _quiet,
    told: Callable[[Beside], None] = _quiet,
) -> Release:
    """Build the release of a study (or the folder of one) into `out`, whole or not at all; returns what it lets out.

    to: for whom it is, for the ledger, which keeps every release that rests on people before it is written.
    told: is told what only the team may read.
    preview: a try, which says on every page that it is not to be passed on and which the ledger does not keep.

    Raises MaillageError `release_blocked` (errors of check, as findings, among them that this is an older copy of the
    study, which may lack that somebody withdrew), `language_missing`, `out_not_release` (an existing folder that is no
    release), and those of the gate.
    """
    study = unlocked(study)
    path, out = study.path, Path(out)
    langs = study.settings.languages if langs is None else tuple(langs)
    unknown = [lang for lang in langs if lang not in study.settings.languages]
    if unknown or not langs:
        raise MaillageError(
            "language_missing", exit_code=2, langs=", ".join(unknown), known=", ".join(study.settings.languages)
        )
    _refuse_foreign(out)
    results = run.run(study, step=step)
    older = check_age(study)  # a log that is gone is no error of a study, but it may hold that somebody withdrew
    problems = [*older, *check_results(path, results.evidence, results)]
    if older or has_errors(problems):
        raise MaillageError("release_blocked", findings=problems, count=len(problems))
    texts = {lang: narrative.read(path / NARRATIVE, lang) for lang in langs}
    step("gate")
    quoted = [one for lang, text in texts.items() for one in quotes.used(text, lang)]
    held = heard(study, results.evidence) if quoted else Heard()
    results = _previewed(results) if preview else results
    disputed = _disputed(path, results)
    cleared, kept = gate.cleared(study, results, audience=audience, langs=langs, quoted=quoted, heard=held)
    signer = _signer(cleared)
    files = render(cleared, texts, step, disputed=disputed)
    if not preview:
        gate.sent(study, kept, to=to)
    write(cleared, files, out, signer)
    told(_beside(study, results, audience, kept))
    return cleared


def _beside(study: Study, results: Results, audience: str, kept: Mapping[str, Any] | None) -> Beside:
    lapsed = [item for item in exceptions.lapsed(study, results) if item.facts["audience"] == audience]
    return Beside(lapsed, kept["since"] if kept else Since())


def _previewed(results: Results) -> Results:
    """The same results, of a study whose status, on every page and in the manifest, is that nobody may have them."""
    settings = dataclasses.replace(results.evidence.study, status=PREVIEW)
    return dataclasses.replace(results, evidence=dataclasses.replace(results.evidence, study=settings))


def _disputed(path: Path, results: Results) -> frozenset[str]:
    """Key findings with a contradiction that nobody settled; of a published share, the statement it is a share of."""
    torn = set(results.contradictions.filter(pl.col("status") == "open")["id"].to_list())
    shares = results.estimates.filter(pl.col("measure") == "published").iter_rows(named=True)
    behind = {row["id"]: statement_of(row) for row in shares} if torn else {}
    return frozenset(torn & {behind.get(ident, ident) for ident in key_numbers(path, results)})


def _refuse_unprinted(cleared: Release, page: Document, disputed: frozenset[str]) -> None:
    """No report that says how sure a key finding is and keeps silent that sources contradict each other on it.

    Where the gate does not let it be told, the report says that it does not tell.
    """
    said = set(cleared.findings.filter("contradiction")["id"].to_list())
    blocks = [block for section in page.sections for block in section.blocks]
    found = [finding("contradiction_unprinted", file=f"report.{page.lang}", value=ident, lang=page.lang)
             for ident in unprinted(blocks, disputed & said)]  # fmt: skip
    if found:
        raise MaillageError("release_blocked", findings=found, count=len(found))


def _signer(cleared: Release) -> Signer:
    """The team sees which device built a release; for anybody else the study signs, and nobody is named."""
    if cleared.audience != "team":
        return release_signer(cleared.settings.id)
    device = keys.device()
    return Signer(device.key, device.name)


@uncollected()
def render(
    cleared: Release, texts: dict[str, str], step: Step, *, disputed: frozenset[str] = frozenset()
) -> dict[str, bytes]:
    """All files of a release but the manifest: path -> bytes. What goes to paper is set while the rest is written.

    disputed: key findings that may not be told without their contradiction.
    """
    with ThreadPoolExecutor(max_workers=2) as setter:
        pages: dict[str, Document] = {}
        papers: dict[str, Future[bytes]] = {}
        for lang in cleared.langs:
            labels = view(cleared, lang).labels
            step(f"report.{lang}")
            document = report.document(cleared, narrative.resolve(texts[lang], cleared, labels), lang)
            _refuse_unprinted(cleared, document, disputed)
            short = brief.brief(document, cleared)
            papers |= _on_paper(document, short, setter, public=cleared.audience == "public")
            pages |= {f"report.{lang}.html": document, f"brief.{lang}.html": short}
        files = {name: html.render(document).encode() for name, document in pages.items()}
        files |= chartpack.files({lang: pages[f"report.{lang}.html"] for lang in cleared.langs}, png=False)
        step("data")
        files |= {f"data/{name}": content for name, content in data.files(cleared).items()}
        step("pdf")
        return files | {name: paper.result() for name, paper in papers.items()}


def _on_paper(
    document: Document, short: Document, setter: ThreadPoolExecutor, *, public: bool
) -> dict[str, Future[bytes]]:
    """The report as PDF and for editors, and the brief, on their way."""
    lang = document.lang
    return {
        f"report.{lang}.pdf": setter.submit(pdf.render, document),
        f"brief.{lang}.pdf": setter.submit(brief.render, short),
        f"report.{lang}.docx": setter.submit(docx.render, document, keep=public),
    }


def write(cleared: Release, files: dict[str, bytes], out: Path, signer: Signer) -> None:
    """Write a release beside its place and move it there, so that a reader never sees half of one."""
    out.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    try:
        for name, content in (files | {NAME: manifest(cleared, files, signer)}).items():
            target = fresh / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        fresh.chmod(0o755)
        _put_in_place(fresh, out)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _put_in_place(fresh: Path, out: Path) -> None:
    """Swap a finished folder in; the one before comes back if the swap fails. What an earlier swap left that was cut
    off goes: it is an old release out of sight."""
    old = fresh.with_name(f"{fresh.name}{OLD}")
    there = out.exists()
    if there:
        out.rename(old)
    try:
        fresh.rename(out)
    except OSError:
        if there:
            old.rename(out)
        raise
    for left in out.parent.iterdir():
        if left.name.startswith(f".{out.name}.") and left.name.endswith(OLD) and (left / NAME).is_file():
            shutil.rmtree(left)


def _refuse_foreign(out: Path) -> None:
    """A folder with other things in it is never replaced."""
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / NAME).is_file())):
        raise MaillageError("out_not_release", out=out)
