"""`maillage verify`: a study or a release, held against its hashes and signatures."""

from pathlib import Path

from maillage.errors import Finding, MaillageError, finding
from maillage.intake import cards
from maillage.publish.manifest import NAME
from maillage.publish.verify import verify as verify_release
from maillage.study import log, transcripts
from maillage.study.check import check_log
from maillage.study.folder import SETTINGS, Study, open_study
from maillage.study.observations import replay
from maillage.verbs.entering import damage

OF_FILES = {"card_hash", "card_file_missing", "card_path"}


def verify(folder: Path) -> list[Finding]:
    """Findings on a release folder or a study folder. Raises MaillageError `nothing_to_verify`."""
    if (folder / NAME).is_file():
        return verify_release(folder)
    if (folder / SETTINGS).is_file():
        return _verify_study(open_study(folder))
    raise MaillageError("nothing_to_verify", folder=folder)


def _verify_study(study: Study) -> list[Finding]:
    """Logs against their chains and keys, tables against their cards, documents and closed transcripts against
    the log."""
    _, problems = cards.read_cards(study.path)
    tables = [item for item in problems if item.code in OF_FILES]
    known = replay(study)
    sources = known.sources
    told = sources.filter(sources["sha256"].is_not_null()).select("locator", "sha256").iter_rows()
    kept = [*told, *_originals(study.path)]
    changed = [finding("document_changed", file=name) for name, digest in kept if not _is(study.path, name, digest)]
    closed = transcripts.check(study.path)
    found = [*check_log(study.path, study.settings.id), *damage(known), *tables, *changed, *closed]
    return list({str(item): item for item in found}.values())


def _originals(study: Path) -> list[tuple[str, str]]:
    """Path and hash of every original that was ever added; a new version does not replace it."""
    told = [entry.data for path in log.files(study) for entry in log.read(path).entries if entry.kind == "source"]
    pairs = {(str(data["original"]), str(data["original_sha256"])) for data in told if "original" in data}
    return sorted(pairs)


def _is(study: Path, name: str | None, digest: str) -> bool:
    file = study / (name or "")
    return file.is_file() and cards.sha256(file) == digest
