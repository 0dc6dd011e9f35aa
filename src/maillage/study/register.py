"""The names that no text of a study may hold, and what stands in their place; kept in the vault and nowhere else.

Each batch is a closed file of its own, so that copies of a study unite by name. Names of an informant are closed to
that informant's key inside it: erasing the informant takes them away too. Names of others are closed to the vault.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from maillage.errors import MaillageError
from maillage.study import age, keyring, sealing, vault, vault_files
from maillage.study.disk import replace
from maillage.study.folder import Study
from maillage.study.vault import Open

FILES = "names-*.age"
CARD = "identity"  # of an informant's card: values other than the source are names, aliases, contacts


@dataclass(frozen=True, slots=True)
class Named:
    """A name (or alias, number, address) and its pseudonym; `source` blank for people who were not interviewed."""

    name: str = field(repr=False)
    pseudonym: str
    source: str = ""


def enter(study: Study, named: Sequence[Named]) -> None:
    """Keep names. Raises MaillageError `vault_missing`, `source_no_key` for an informant without a key or erased."""
    told = vault.read_known(study.path)
    if not told.field_key:
        raise MaillageError("vault_missing")
    lost = [one.source for one in named if one.source and one.source not in told.informants.keys() - told.erased]
    if lost:
        raise MaillageError("source_no_key", source=lost[0])
    rows = [_row(one, told.informants) for one in named]
    path = study.path / vault.FOLDER / FILES.replace("*", secrets.token_hex(8))
    replace(path, age.close(orjson.dumps(rows), [told.field_key]))


def _row(one: Named, keys: Mapping[str, str]) -> dict[str, Any]:
    said = {"name": one.name, "pseudonym": one.pseudonym}
    return sealing.sealed(said, one.source, keys[one.source]) if one.source else said


def looked_into(study: Study) -> Open:
    """The vault, to read: nothing that a crash left is put right. Raises MaillageError `keyring_closed`,
    `keyring_foreign`."""
    assert study.key is not None
    raw = (study.path / vault.FOLDER / vault.RING).read_bytes()
    return Open(study, keyring.opened(raw, study.key, study.settings.id), study.key)


def names(opened: Open) -> list[Named]:
    """Every name that is not erased, from batches and from the cards of informants, each once, sorted.

    Raises MaillageError `vault_file_damaged`.
    """
    found = {one for source in opened.ring.sources for one in _of_card(opened, source)}
    for path in sorted((opened.study.path / vault.FOLDER).glob(FILES)):
        plain = age.unclose(path.read_bytes(), opened.ring.field_key)
        if plain is None:
            raise MaillageError("vault_file_damaged", file=path.name)
        for row in orjson.loads(plain):
            said = sealing.unsealed(row, opened.ring.sources) if "src" in row else row
            if said is not None:
                found.add(Named(said["name"], said["pseudonym"], row.get("src", "")))
    return sorted(found, key=lambda one: (one.source, one.pseudonym, one.name))


def _of_card(opened: Open, source: str) -> list[Named]:
    """Names on an informant's card; its pseudonym is the id of the source."""
    if not (opened.study.path / vault.FOLDER / f"{vault.stem(source)}.age").is_file():
        return []
    known = vault_files.fetch(opened, source).get(CARD) or {}
    values = [value for key, value in known.items() if key != "source"]
    flat = [item for value in values for item in (value if isinstance(value, list) else [value])]
    return [Named(item, source, source) for item in flat if isinstance(item, str) and item.strip()]
