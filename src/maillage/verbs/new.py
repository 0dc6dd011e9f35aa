"""`maillage new`: a study that checks clean: its country, its settings explained, a guide, a narrative to write in."""

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from babel import Locale

from maillage import pack as packs
from maillage.errors import MaillageError
from maillage.intake.neighbours import bordering, countries
from maillage.labels import Labels
from maillage.pack import Pack
from maillage.publish.guide_text import guide_text
from maillage.study import heads, met
from maillage.study.disk import replace
from maillage.study.folder import CODER, open_study
from maillage.study.rounds import PERIOD

IGNORED = "out/\n.cache/\n"
ATTRIBUTES = "*.jsonl -text\n"
TEMPLATE = """# Settings of the study, explained in docs/study.md. A text may differ by language: {{en: ..., fr: ...}}.
id: "{id}"
title: {{en: {title_en}, fr: {title_fr}}}
languages: [{languages}]
countries: ["{country}"]
period: "{period}"
pack: {pack}
pack_version: "{version}"
boundary_version: ""        # which boundaries the place codes belong to, e.g. "COD-AB 2021"
seed: 1
coders: ["{coder}"]         # pseudonyms, in order of precedence
audiences:
  public: {{threshold: 5}}
  partners: {{threshold: 3}}
  team: {{threshold: 0}}
zones: {{}}                   # name: [place codes]
key_findings: []            # ids of out/estimates.csv, as links/ALL/cooperation
published_samples: {{}}       # source: largest sample its per cents can rest on
# sealed: none              # only where nobody real was interviewed; else informants, as soon as there is a vault
status: draft               # draft, reviewed, cleared
synthetic: false            # true for invented data: every page then says so
"""


@dataclass(frozen=True, slots=True)
class Start:
    """What the user says of a new study; `period` is a year."""

    pack: str
    langs: Sequence[str]
    country: str
    coder: str
    period: str
    title: str | None = None


def new(path: Path, start: Start) -> list[Path]:
    """Lay out a study and return the files written. Raises MaillageError `study_exists`, `country_unknown`."""
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise MaillageError("study_exists", folder=path)
    if not start.langs or not set(start.langs) <= {"en", "fr"}:
        raise MaillageError("languages_unknown", exit_code=2, langs=",".join(start.langs))
    if not CODER.match(start.coder):
        raise MaillageError("coder_name", exit_code=2, coder=start.coder)
    if not PERIOD.match(start.period):
        raise MaillageError("period_form", exit_code=2, value=start.period)
    names = country_names(start.country)
    pack = packs.load(start.pack)
    files = {
        "study.yml": settings_text(path.name, start, names, pack),
        ".gitattributes": ATTRIBUTES,
        ".gitignore": IGNORED,
        "tables/countries.csv": places_text(start.country, names),
        "tables/countries.yml": card_text(names),
    }
    files |= {f"narrative/{lang}.md": narrative_text(pack, lang) for lang in start.langs}
    if pack.guide:
        guides = {lang: guide_text(pack.guide, Labels(lang, pack, None), title=names[lang]) for lang in start.langs}
        files |= {f"guide/guide.{lang}.md": text for lang, text in guides.items()}
    for folder in ("log", "documents", "tables", "narrative", "guide"):
        (path / folder).mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        replace(path / name, text.encode())
    made = open_study(path)
    for memory in (heads, met):  # another study may have stood here
        memory.forget(made.path, made.settings.id)
    return [path / name for name in files]


def country_names(country: str) -> dict[str, str]:
    """Names of a country in both languages (CLDR). Raises MaillageError `country_unknown`."""
    names = {lang: str(Locale(lang).territories.get(country, "")) for lang in ("en", "fr")}
    if not re.fullmatch(r"[A-Z]{2}", country) or not all(names.values()):
        raise MaillageError("country_unknown", exit_code=2, country=country)
    return names


def study_id(name: str) -> str:
    """A short id from a folder name: lower-case ASCII letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "study"


def settings_text(name: str, start: Start, names: dict[str, str], pack: Pack) -> str:
    """study.yml of a new study."""
    titles = {lang: start.title or f"{pack.title[lang]}: {names[lang]}" for lang in ("en", "fr")}
    if not start.title:
        titles["fr"] = f"{pack.title['fr']} : {names['fr']}"
    return TEMPLATE.format(
        id=study_id(name), title_en=quoted(titles["en"]), title_fr=quoted(titles["fr"]),
        languages=", ".join(dict.fromkeys(start.langs)), country=start.country, period=start.period, pack=pack.id,
        version=pack.version, coder=start.coder,
    )  # fmt: skip


def quoted(text: str) -> str:
    """A text as YAML quotes it, whatever signs it holds."""
    return json.dumps(text, ensure_ascii=False)


def places_text(country: str, names: dict[str, str]) -> str:
    """The country as the first place, and those beside it, so that a flow can name them."""
    lines = ["code,name,name_en,name_fr,level,lat,lon"]
    own = countries().get(country, {})
    lines.append(
        f'{country},"{names["en"]}","{names["en"]}","{names["fr"]}",admin0,{own.get("lat", "")},{own.get("lon", "")}'
    )
    for item in bordering(country):
        texts = f'"{item["en"]}","{item["en"]}","{item["fr"]}"'
        lines.append(f"{item['code']},{texts},country,{item['lat']},{item['lon']}")
    return "\n".join(lines) + "\n"


def card_text(names: dict[str, str]) -> str:
    """The card of the table of countries."""
    return (
        "kind: places\nfile: tables/countries.csv\n"
        f'title: {{en: "{names["en"]} and the countries beside it", fr: "{names["fr"]} et les pays voisins"}}\n'
        "source: Natural Earth and the Unicode CLDR\nlicence: public domain and Unicode License\n"
        "gives_way: true  # what a table of your own says of the same country counts\n"
    )


def narrative_text(pack: Pack, lang: str) -> str:
    """A narrative with the report's sections and nothing in them yet."""
    labels = Labels(lang, pack, None)
    hint = labels.phrase("narrative_hint")
    sections = "\n".join(f"# {section['title'][lang]} {{#{section['id']}}}\n" for section in pack.report["sections"])
    return f"<!-- {hint} -->\n\n{sections}"
