"""What can be wrong with the evidence of a study as a whole: logs, consent, references that lead nowhere."""

from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path

import polars as pl

from maillage import composites, tables
from maillage.errors import Finding, finding
from maillage.evidence import Evidence
from maillage.study import devices, heads, ledger, log, transcripts, vault_state, witness
from maillage.study.folder import Study
from maillage.study.merge import CONFLICTS

COUNTRIES = {"admin0", "country", "world_region"}
PLACE_COLUMNS = ("place", "from_place", "to_place")


def check_log(path: Path, study_id: str) -> list[Finding]:
    """Everything wrong with the logs of a study folder, in order of file name; then what witnesses saw and is not."""
    problems = [problem for file in log.files(path) for problem in log.verify(file, study_id)]
    return [*problems, *witness.check(path, study_id)]


def check_copy(study: Study) -> list[Finding]:
    """What is wrong with this copy of a study: an older one put back, files that wait for a choice, the vault.

    Where nothing is older, this computer remembers the heads it saw.
    """
    read = {path.name: log.read(path) for path in log.files(study.path)}
    older = check_age(study, read)
    if not any(item.code == "log_rollback" for item in older):
        seen = {name: (len(one.entries), one.head) for name, one in read.items() if one.damage is None}
        heads.remember(study.path, study.settings.id, seen)
    waiting = sorted(path for path in (study.path / CONFLICTS).rglob("*") if path.is_file())
    names = [path.relative_to(study.path).as_posix() for path in waiting]
    return [
        *older,
        *ledger.missing(study),
        *(finding("conflict_waits", file=name) for name in names),
        *devices.check(study.path, study.settings.coders),
        *vault_state.check(study.path),
        *transcripts.check(study.path),
    ]


def check_age(study: Study, read: Mapping[str, log.LogFile] | None = None) -> list[Finding]:
    """Logs that are older than this computer saw them here, and those that are gone. Nothing is remembered.

    read: the logs by name of file, where they were read already.
    """
    read = {path.name: log.read(path) for path in log.files(study.path)} if read is None else read
    whole = [(name, one.entries) for name, one in read.items() if one.damage is None and not one.torn]
    older = [heads.rolled_back(study.path, study.settings.id, *log_file) for log_file in whole]
    known = heads.trusted(study.path, study.settings.id)
    logs = {name for name in known if not name.startswith(ledger.PREFIX)}
    gone = [finding("log_gone", file=name, had=known[name][0]) for name in sorted(logs - read.keys())]
    return [*(item for item in older if item), *gone]


def check_evidence(evidence: Evidence) -> list[Finding]:
    """Consent, unknown sources, codes and places, sources twice, countries without places."""
    known = set(evidence.places["code"].to_list())
    missing = [country for country in evidence.study.countries if country not in known]
    return [
        *_sources_twice(evidence.sources),
        *_unknown_sources(evidence),
        *_consent(evidence),
        *_unknown_codes(evidence),
        *_unknown_places(evidence),
        *_settings(evidence),
        *_indices(evidence),
        *(finding("countries_without_places", file="study.yml", field="countries", value=item) for item in missing),
    ]


def _settings(evidence: Evidence) -> list[Finding]:
    """Settings that name an actor, a source or a version of the pack that is not there."""
    study, sources = evidence.study, set(evidence.sources["id"].to_list())
    named = [(name, actor) for name, rule in study.audiences.items() for actor in rule.includes]
    lost = [(name, actor) for name, actor in named if actor not in evidence.pack.codes("actors")]
    near = ", ".join(evidence.pack.codes("actors"))
    differs = study.pack_version and _plain(study.pack_version) != _plain(evidence.pack.version)
    return [
        *(finding("includes_unknown", file="study.yml", field=f"audiences.{name}.includes", value=actor, actors=near)
          for name, actor in lost),
        *(finding("sample_unknown", file="study.yml", field="published_samples", value=source)
          for source in study.published_samples if source not in sources),
        *([finding("pack_version_differs", file="study.yml", field="pack_version", value=study.pack_version,
                   installed=evidence.pack.version)] if differs else []),
    ]  # fmt: skip


def _indices(evidence: Evidence) -> list[Finding]:
    """Indices of a level of which the study, though it has smaller places than countries, has no place."""
    levels = set(evidence.places["level"].to_list())
    wanted = {name: str(spec.get("level", composites.LEVEL)) for name, spec in evidence.pack.indices.items()}
    return [
        finding("index_no_places", file=composites.FILE, field=f"{name}.level", value=name, wanted=level)
        for name, level in wanted.items()
        if level not in levels and levels - COUNTRIES
    ]


def _plain(version: str) -> str:
    """A version without zeros at its end: 1 and 1.0 are one."""
    return version.removesuffix(".0")


def _sources_twice(sources: pl.DataFrame) -> list[Finding]:
    twice = sources.filter(pl.col("id").is_duplicated())["id"].unique().sort().to_list()
    return [finding("source_twice", file="log", field="id", value=item) for item in twice]


def _unknown_sources(evidence: Evidence) -> list[Finding]:
    lost = evidence.observations.join(evidence.sources, left_on="source", right_on="id", how="anti")
    return [
        finding("source_unknown", file="log", field="source", value=item, source=source)
        for item, source in lost.select("id", "source").iter_rows()
    ]


def _consent(evidence: Evidence) -> list[Finding]:
    """A refusal is data; statements of somebody who refused are not."""
    refused = evidence.sources.filter(pl.col("consent") == "none")["id"].to_list()
    counts = evidence.observations.filter(pl.col("source").is_in(refused)).group_by("source").len().sort("source")
    return [
        finding("consent_missing", file="log", field="consent", value=source, count=count)
        for source, count in counts.iter_rows()
    ]


def code_list(evidence: Evidence, name: str) -> Sequence[str]:
    """The codes of a list, of the house or of the pack; empty where the pack has no such list."""
    core = tables.codes()
    return list(core[name]) if name in core else evidence.pack.codes(name)


def _unknown_codes(evidence: Evidence) -> list[Finding]:
    """Codes that the pack does not have: it may have changed since they were entered."""
    found: list[Finding] = []
    for column in tables.table("observations").columns:
        if column.codes is None or column.name in ("answer", "credibility") or column.type not in ("code", "codes"):
            continue
        known = code_list(evidence, column.codes)
        given = evidence.observations[column.name].to_list()
        said = set(chain.from_iterable(filter(None, given)) if column.type == "codes" else given)
        if not known or said - {None} <= set(known):
            continue
        values = evidence.observations.select("id", column.name)
        values = (values.explode(column.name) if column.type == "codes" else values).drop_nulls()
        wrong = values.filter(~pl.col(column.name).is_in(list(known)))
        found += [
            finding("code_unknown_here", file="log", field=column.name, value=item, found=code, list=column.codes)
            for item, code in wrong.iter_rows()
        ]
    return found


def _unknown_places(evidence: Evidence) -> list[Finding]:
    zones = {f"zone:{name}" for name in evidence.zones["zone"].unique().to_list()}
    known = set(evidence.places["code"].to_list()) | zones
    found: list[Finding] = []
    for column in PLACE_COLUMNS:
        if set(evidence.observations[column].to_list()) - {None} <= known:
            continue
        values = evidence.observations.select("id", column).drop_nulls()
        wrong = values.filter(~pl.col(column).is_in(sorted(known)))
        found += [
            finding("place_unknown_here", file="log", field=column, value=item, found=place)
            for item, place in wrong.iter_rows()
        ]
    return found
