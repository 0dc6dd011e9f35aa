"""Into the log what no command enters from a table: passages, codes of the study's own, memos, assignments."""

import csv
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from maillage.intake.cards import make_card
from maillage.intake.load import load_tables
from maillage.intake.observations import read_observations
from maillage.intake.records import Reader
from maillage.intake.sources import read_sources
from maillage.study import identity, vault, vault_files
from maillage.study.entries import Draft
from maillage.study.folder import open_study
from maillage.study.keeping import keep
from maillage.study.observations import replay
from maillage.verbs.add import Request, add
from practice.world import CODERS

CODES = (
    {"id": "hearsay", "label_fr": "ouï-dire", "label_en": "hearsay", "definition_fr": "Ce que la personne tient d'autrui.",
     "definition_en": "What the person has from somebody else."},
    {"id": "fear", "label_fr": "peur de parler", "label_en": "fear of speaking",
     "definition_fr": "La personne hésite ou refuse de répondre.", "definition_en": "The person hesitates or refuses to answer."},
)  # fmt: skip
MEMOS = (
    {"about": "I17", "source": "I17", "text": "Souhaite pouvoir se retirer ; à rappeler avant toute diffusion."},
    {
        "about": "I13",
        "source": "I13",
        "text": "I13, I14 et I15 le tiennent des mêmes personnes : une seule origine (well_talk).",
    },
)
WORDS = "an exercise, no secret"  # the passphrase of the invented people of the sealed variant


def rows(study: Path, name: str) -> list[dict[str, str]]:
    """A table of coding/."""
    return list(csv.DictReader((study / "coding" / name).read_text("utf-8").splitlines()))


def drafts(study: Path, coder: str) -> list[Draft]:
    """What one coder adds beside their observations."""
    found = [Draft("assert", "passage", _passage(row)) for row in rows(study, "passages.csv") if row["coder"] == coder]
    if coder == next(iter(CODERS)):
        found += [Draft("assert", "code", data) for data in CODES]
        found += [Draft("assert", "memo", data) for data in MEMOS]
        found += [Draft("assert", "assignment", data) for data in rows(study, "assignments.csv")]
    return found


def _passage(row: Mapping[str, str]) -> dict[str, Any]:
    span = {"start": int(row["start"]), "end": int(row["end"])}
    return {"source": row["source"], **span, "code": row["code"], "sha256": row["sha256"]}


def enter(study: Path, coder: str) -> None:
    """Enter them."""
    keep(open_study(study), coder, drafts(study, coder))


def enter_sealed(study: Path, inbox: Path, laptops: Path) -> str:
    """The same study with informants sealed: a vault of the first two coders; returns the paper recovery key.

    Identities and transcripts of informants go into the vault, nowhere else.
    """
    settings = study / "study.yml"
    settings.write_text(settings.read_text("utf-8").replace("sealed: none", "sealed: informants"), "utf-8")
    for file in sorted((study / "raw").glob("*.yml"), reverse=True):
        table = next(path for path in (study / "raw").glob(f"{file.stem}.*") if path != file)
        add(study, table, Request(card=file))
    first, second = list(CODERS)[:2]
    people = {first: identity.make(WORDS), second: _other_person(laptops / second)}
    paper = vault.create(open_study(study), first, people)
    opened = vault.unlock(open_study(study), identity.unlock(WORDS), coder=first)
    _keep_tables(opened, study)
    told = {row["source"]: row for row in rows(study, "identities.csv")}
    opened = vault.unlock(open_study(study), identity.unlock(WORDS), coder=first)
    for source in sorted(opened.ring.sources):
        text = inbox / "texts" / f"{source}.txt"
        body = {"text": text.read_text("utf-8")} if text.is_file() else {}
        vault_files.store(opened, source, {**body, "identity": told.get(source, {})})
        text.unlink(missing_ok=True)
    for table in (study / "coding").iterdir():
        table.unlink()  # what informants said and who they are stays only where it is closed
    (study / "truth.csv").unlink()
    return paper


def _other_person(folder: Path) -> str:
    """The second person's key, made on their own laptop."""
    before = os.environ["MAILLAGE_CONFIG"]
    os.environ["MAILLAGE_CONFIG"] = str(folder)
    try:
        return identity.make(WORDS)
    finally:
        os.environ["MAILLAGE_CONFIG"] = before


def _keep_tables(opened: vault.Open, study: Path) -> None:
    """Sources, then each coder's observations and the rest, closed to the informants' keys."""
    here, first = open_study(study), next(iter(CODERS))
    loaded = load_tables(study, here.settings, here.pack.lookups, light=True)
    reader = Reader(here.pack, loaded.gazetteer)
    table = study / "coding" / "sources.csv"
    records, _ = read_sources(table, reader, make_card("sources", {"kind": "sources"}))
    keep(here, first, [Draft("assert", "source", record.data) for record in records], opened=opened)
    known = replay(here, vault.unlock(here, opened.key, coder=first).ring.sources)
    for coder in CODERS:
        file = study / "coding" / f"observations.{coder}.csv"
        records, _ = read_observations(file, reader, known.sources, known.codings)
        said = [Draft("assert", "observation", record.data) for record in records]
        keep(here, coder, [*said, *drafts(study, coder)])
