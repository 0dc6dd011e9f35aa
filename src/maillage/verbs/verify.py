"""`maillage verify`: a study or a release against hashes and signatures, an edited report against its release."""

import re
from dataclasses import replace
from pathlib import Path

from maillage import signing
from maillage.errors import Finding, MaillageError, finding, has_errors
from maillage.intake import cards, zipped
from maillage.intake.docx_parts import Package, Styles
from maillage.publish import edited
from maillage.publish.manifest import NAME, device
from maillage.publish.verify import described, publisher
from maillage.publish.verify import verify as verify_release
from maillage.study import log, transcripts, vault_state
from maillage.study.check import check_age, check_log
from maillage.study.filenames import TEXTS, text_file
from maillage.study.folder import SETTINGS, Study, open_study
from maillage.study.observations import replay
from maillage.verbs.entering import damage
from maillage.verbs.withdrawing import away

KEY = re.compile("[0-9a-f]{16,64}")
AROUND = ("footnotes", "endnotes", "header", "footer")  # parts of a Word file with words beside its text
OF_FILES = {"card_hash", "card_file_missing", "card_path"}


def verify(path: Path, release: Path | None = None, key: str | None = None) -> list[Finding]:
    """Findings on a release folder, a study folder or a Word report that somebody edited.

    release: folder of the release that the report is held against; without one, against what the file remembers.
    key: public key (or 16 and more of its first hex digits) that must have signed the release.
    Raises MaillageError `nothing_to_verify`, `release_without_report`, `key_form`, `key_without_release`,
    `docx_foreign`, and those of `intake.zipped` for a damaged file.
    """
    if key is not None and not KEY.fullmatch(key):
        raise MaillageError("key_form", exit_code=2, value=key)
    if path.is_file():
        return _verify_report(path, release, key)
    if release is not None:
        raise MaillageError("release_without_report", exit_code=2, path=path)
    if (path / NAME).is_file():
        return [*verify_release(path, key), *([] if key else _own_key(path))]
    if key is not None:
        raise MaillageError("key_without_release", exit_code=2, path=path)
    if (path / SETTINGS).is_file():
        return _verify_study(open_study(path))
    raise MaillageError("nothing_to_verify", folder=path)


def _own_key(release: Path) -> list[Finding]:
    """A release of a study that this user publishes too, signed with another key than theirs."""
    told = described(release)
    if told is None:
        return []
    own = signing.known_key(str(told.get("study")))
    signer = publisher(release)
    by_device = told.get("audience") == "team" and device(told)  # nobody else's release is signed by a device
    if own is None or by_device or own == signer:
        return []
    return [finding("publisher_not_you", file=NAME, value=signer or "-", own=own)]


def _verify_report(path: Path, release: Path | None, key: str | None) -> list[Finding]:
    """Figures of a Word report that are no longer as they were printed."""
    if key is not None and release is None:
        raise MaillageError("key_without_release", exit_code=2, path=path)
    found, remembered = _figures(path)
    other: list[Finding] = []
    if release is not None:
        broken = verify_release(release, key)
        if has_errors(broken):
            return broken
        printed = [_figures(report) for report in sorted(release.glob("report.*.docx"))]
        known = [
            replace(told, times=seen.times, digits=told.digits | seen.digits)  # older ones forgot header and footer
            for seen, told in printed if told is not None
        ]  # fmt: skip
        other = _of_another(path, remembered, {told.release for told in known})
        remembered = max(known, key=lambda figures: edited.alike(found, figures), default=None)
    if remembered is None:
        raise MaillageError("docx_foreign", file=path.name)
    return [*other, *edited.compare(found, remembered, path.name)]


def _of_another(report: Path, remembered: edited.Figures | None, releases: set[str]) -> list[Finding]:
    """Whether a report says that it comes from another release than the one it is held against."""
    of = remembered.release if remembered else ""
    return [finding("report_of_another", file=report.name, value=of)] if of and of not in releases else []


def _figures(path: Path) -> tuple[edited.Figures, edited.Figures | None]:
    """The figures that stand in a Word file, and those it remembers."""
    with zipped.members(path) as parts:
        package = Package(path.name, parts)
        text = package.tree(package.main)
        carried = [edited.remembered(part) for part in package.related("customXml")]
        around = [part for kind in AROUND for part in package.related(kind)]
        found = edited.read(*([text] if text is not None else []), *around, hides=Styles(package).hidden)
    return found, next((part for part in carried if part is not None), None)


def _verify_study(study: Study) -> list[Finding]:
    """Logs against their chains, their keys and what this computer saw of them, tables against their cards,
    documents, keyring and closed transcripts against the log."""
    _, problems = cards.read_cards(study.path)
    tables = [item for item in problems if item.code in OF_FILES]
    known = replay(study)
    sources = known.sources
    told = sources.filter(sources["sha256"].is_not_null()).select("id", "locator", "sha256").iter_rows()
    texts = [(source, _text_of(study.path, source, locator), digest) for source, locator, digest in told]
    kept, gone = [*texts, *_originals(study.path)], away(known)
    left = [item for item in kept if item[0] not in gone or (study.path / item[1]).exists()]
    changed = [finding("document_changed", file=name) for _, name, digest in left if not _is(study.path, name, digest)]
    closed = [*vault_state.check(study.path), *transcripts.check(study.path)]
    found = [*check_log(study.path, study.settings.id), *check_age(study), *damage(known), *tables, *changed, *closed]
    return list({str(item): item for item in found}.values())


def _text_of(study: Path, source: str, locator: str | None) -> str:
    """The file with the text of a source: what its row names where that is a file, else where texts are kept."""
    kept = text_file(study, source).relative_to(study).as_posix()
    return locator if locator and ((study / locator).is_file() or locator.startswith(f"{TEXTS}/")) else kept


def _originals(study: Path) -> list[tuple[str, str, str]]:
    """Source, path and hash of every original that was ever added; a new version does not replace it."""
    told = [entry.data for path in log.files(study) for entry in log.read(path).entries if entry.kind == "source"]
    names = ("id", "original", "original_sha256")
    return sorted(
        {tuple[str, str, str](str(data.get(name, "")) for name in names) for data in told if "original" in data}
    )


def _is(study: Path, name: str | None, digest: str) -> bool:
    file = study / (name or "")
    return file.is_file() and cards.sha256(file) == digest
