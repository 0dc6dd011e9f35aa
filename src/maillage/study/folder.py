"""The study folder: open it, read its settings, lay out a new one."""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from maillage import checklists, plain_yaml
from maillage import pack as packs
from maillage.errors import Finding, MaillageError, finding
from maillage.evidence import Audience, Settings
from maillage.pack import Pack
from maillage.study import care, judged, rounds

SETTINGS = "study.yml"
VAULT = "vault/keyring.age"
DEFAULT_AUDIENCES = {"public": Audience(5), "partners": Audience(3), "team": Audience(0)}
KEYS: dict[str, type | tuple[type, ...]] = {
    "id": str, "title": (str, dict), "languages": list, "countries": list, "period": (str, int, date), "pack": str,
    "pack_version": (str, int, float), "boundary_version": (str, int, float, date), "seed": int,
    "zones": dict, "rounds": dict, "audiences": dict, "coders": list, "key_findings": list, "published_samples": dict,
    "source_titles": dict,
    "lead": str, "sealed": str, "synthetic": bool, "status": str,
    "notice": (str, dict), "reporting": dict, **care.KEYS, **judged.KEYS,
}  # fmt: skip
CODER = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}\Z")
REQUIRED = ("id", "title", "languages", "pack", "coders")


@dataclass(frozen=True, slots=True)
class Study:
    """A study folder: where it is, what its settings say, the pack it uses. Nothing is computed yet.

    `key`: the secret key of a person of its vault, in memory only, for whoever may read what informants said.
    """

    path: Path
    settings: Settings
    pack: Pack
    key: str | None = field(default=None, repr=False)


def open_study(path: str | Path) -> Study:
    """Open a study folder. Raises MaillageError `study_missing` or `study_settings` (all problems as findings)."""
    folder = Path(path)
    if not (folder / SETTINGS).is_file():
        raise MaillageError("study_missing", folder=folder)
    raw, problems = _load(folder / SETTINGS)
    if not problems:
        problems = _problems(raw)
    if problems:
        raise MaillageError("study_settings", findings=problems, count=len(problems))
    stated_clear = raw.get("sealed") == "none"
    if (folder / VAULT).is_file():
        raw.setdefault("sealed", "informants")
    settings = replace(_settings(raw), stated_clear=stated_clear)
    return Study(folder, settings, packs.load(settings.pack, folder))


def _load(path: Path) -> tuple[dict[str, Any], list[Finding]]:
    """study.yml as a mapping, or why it is none."""
    try:
        raw = plain_yaml.read_file(path)
    except plain_yaml.KeyTwiceError as problem:
        where = plain_yaml.line_of(problem)
        return {}, [finding("settings_key_twice", file=SETTINGS, line=where, field=problem.key)]
    except UnicodeDecodeError:
        return {}, [finding("settings_encoding", file=SETTINGS)]
    except yaml.YAMLError as problem:
        return {}, [finding("settings_yaml", file=SETTINGS, line=plain_yaml.line_of(problem))]
    if not isinstance(raw, dict):
        return {}, [finding("settings_yaml", file=SETTINGS, line=1)]
    return raw, []


def _problems(raw: Mapping[str, Any]) -> list[Finding]:
    """Unknown keys, missing keys, values of the wrong kind."""
    found = [
        finding("settings_key_unknown", file=SETTINGS, field=str(k), known=", ".join(KEYS))
        for k in raw
        if k not in KEYS
    ]
    found += [finding("settings_key_missing", file=SETTINGS, field=key) for key in REQUIRED if not raw.get(key)]
    for key, kind in KEYS.items():
        value = raw.get(key)
        if value is not None and not isinstance(value, kind):
            found.append(finding("settings_value", file=SETTINGS, field=key, value=value))
    found = found or [finding("settings_value", file=SETTINGS, field=key, value=value) for key, value in _odd(raw)]
    if found:
        return found
    if not set(raw["languages"]) <= {"en", "fr"}:
        found.append(finding("settings_language", file=SETTINGS, field="languages", value=raw["languages"]))
    for name, rule in (raw.get("audiences") or {}).items():
        threshold = rule.get("threshold") if isinstance(rule, dict) else None
        known = isinstance(rule, dict) and rule.keys() <= {"threshold", "includes"}
        if name not in DEFAULT_AUDIENCES or not known or type(threshold) is not int or threshold < 0:
            found.append(finding("settings_audience", file=SETTINGS, field=f"audiences.{name}", value=rule))
        elif threshold < DEFAULT_AUDIENCES[name].threshold:
            found.append(
                finding("audience_looser", file=SETTINGS, field=f"audiences.{name}", value=threshold,
                        least=DEFAULT_AUDIENCES[name].threshold)
            )  # fmt: skip
    languages = {str(lang) for lang in raw["languages"]}
    found += rounds.odd(raw.get("rounds") or {}, SETTINGS, lambda text: _is_text(text, languages))
    found += _reporting(raw.get("reporting") or {}, set(raw["languages"]))
    found += [finding("settings_care", file=SETTINGS, field=key, value=value) for key, value in care.odd(raw)]
    found += [finding("settings_judged", file=SETTINGS, field=key, value=value) for key, value in judged.odd(raw)]
    if raw.get("lead") and raw["lead"] not in map(str, raw["coders"]):
        found.append(finding("settings_value", file=SETTINGS, field="lead", value=raw["lead"]))
    choices = {"sealed": ("none", "informants"), "status": ("draft", "reviewed", "cleared")}
    odd = [key for key, allowed in choices.items() if raw.get(key, allowed[0]) not in allowed]
    return found + [finding("settings_value", file=SETTINGS, field=key, value=raw[key]) for key in odd]


def _reporting(told: Mapping[Any, Any], languages: set[str]) -> Iterator[Finding]:
    """Items that no checklist has, and texts that are none in each of the study's languages."""
    known = checklists.items()
    for code, text in told.items():
        where = f"reporting.{code}"
        if code not in known:
            near = ", ".join(difflib.get_close_matches(str(code), known, n=3)) or "coreq_1"
            yield finding("reporting_item_unknown", file=SETTINGS, field=where, value=code, nearest=near)
        elif isinstance(text, dict) and text.get("audience", "public") not in DEFAULT_AUDIENCES:
            names = ", ".join(DEFAULT_AUDIENCES)
            yield finding("reporting_audience", file=SETTINGS, field=f"{where}.audience", value=text["audience"],
                          audiences=names)  # fmt: skip
        elif not _is_text(text, languages) or not all(map(str.strip, _texts(text).values())):
            yield finding("reporting_text", file=SETTINGS, field=where, value=text, langs=", ".join(sorted(languages)))


def _odd(raw: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Keys whose lists and mappings hold something they cannot, and that value."""
    for key in ("languages", "countries", "key_findings"):
        yield from ((key, item) for item in raw.get(key) or () if not isinstance(item, str))
    yield from (("coders", name) for name in raw["coders"] if not CODER.match(str(name)))
    yield from ((key, raw[key]) for key in ("coders", "languages") if len(set(map(str, raw[key]))) < len(raw[key]))
    if "seed" in raw and (isinstance(raw["seed"], bool) or not 0 <= raw["seed"] < 2**63):
        yield "seed", raw["seed"]
    languages = {str(lang) for lang in raw["languages"]}
    for name, entry in (raw.get("zones") or {}).items():
        places = entry.get("places") if isinstance(entry, dict) else entry
        if not isinstance(name, str) or not isinstance(places, list) or not all(isinstance(p, str) for p in places):
            yield f"zones.{name}", entry
        elif isinstance(entry, dict) and not _is_text(entry.get("label", ""), languages):
            yield f"zones.{name}.label", entry["label"]
    for source, most in (raw.get("published_samples") or {}).items():
        if not isinstance(most, int) or most < 1:
            yield f"published_samples.{source}", most
    titles = (raw.get("source_titles") or {}).items()
    yield from ((f"source_titles.{source}", title) for source, title in titles if not _is_text(title, set()))
    yield from ((key, raw[key]) for key in ("title", "notice") if not _is_text(raw.get(key) or "", languages))
    for name, rule in (raw.get("audiences") or {}).items():
        includes = rule.get("includes") if isinstance(rule, dict) else None
        if includes is not None and not (isinstance(includes, list) and all(isinstance(x, str) for x in includes)):
            yield f"audiences.{name}.includes", includes
    if raw.get("period") and not rounds.is_period(str(raw["period"])):
        yield "period", raw["period"]


def _is_text(value: Any, languages: set[str]) -> bool:
    """A text, or one in each of the study's languages."""
    if not isinstance(value, dict):
        return isinstance(value, str)
    return languages <= value.keys() and all(isinstance(text, str) for text in value.values())


def _settings(raw: Mapping[str, Any]) -> Settings:
    languages = tuple(str(lang) for lang in raw["languages"])
    zones: dict[str, tuple[str, ...]] = {}
    zone_labels: dict[str, Mapping[str, str]] = {}
    for name, entry in (raw.get("zones") or {}).items():
        zones[name] = tuple(entry["places"] if isinstance(entry, dict) else entry)
        if isinstance(entry, dict) and "label" in entry:
            zone_labels[name] = _texts(entry["label"])
    audiences = dict(DEFAULT_AUDIENCES)
    for name, rule in (raw.get("audiences") or {}).items():
        audiences[name] = Audience(rule["threshold"], tuple(rule.get("includes") or ()))
    return Settings(
        id=raw["id"],
        title=_texts(raw["title"]),
        languages=languages,
        countries=tuple(raw.get("countries") or ()),
        period=str(raw.get("period") or ""),
        pack=raw["pack"],
        pack_version=str(raw.get("pack_version") or ""),
        boundary_version=str(raw.get("boundary_version") or ""),
        seed=raw.get("seed", 1),
        coders=tuple(str(coder) for coder in raw["coders"]),
        audiences=audiences,
        zones=zones,
        zone_labels=zone_labels,
        rounds=rounds.periods(told := raw.get("rounds") or {}),
        round_labels={name: _texts(label) for name, label in rounds.labels(told).items()},
        round_versions=rounds.versions(told),
        key_findings=tuple(raw.get("key_findings") or ()),
        published_samples=raw.get("published_samples") or {},
        source_titles={source: _texts(text) for source, text in (raw.get("source_titles") or {}).items()},
        lead=raw.get("lead") or str(raw["coders"][0]),
        sealed=raw.get("sealed", "none"),
        synthetic=raw.get("synthetic", False),
        status=raw.get("status", "draft"),
        notice=_texts(raw.get("notice") or {}),
        reporting={code: _texts(text) for code, text in (raw.get("reporting") or {}).items()},
        care=care.read(raw),
        cerqual=judged.read(raw),
        likelihood=raw.get("likelihood") or "",
    )


def _texts(value: str | Mapping[str, str]) -> Mapping[str, str]:
    """A text by language; one text stands for both."""
    return {"en": value, "fr": value} if isinstance(value, str) else value
