"""The closed files of a vault: what belongs to one informant, field notes, and what was computed."""

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from maillage.errors import MaillageError
from maillage.study import age
from maillage.study.disk import replace
from maillage.study.folder import Study
from maillage.study.vault import FOLDER, RESULTS, Open, read_known, stem


def store(vault: Open, source: str, body: Mapping[str, Any]) -> None:
    """Keep the card of one informant (who they are) closed to their key.

    Raises MaillageError `source_no_key`.
    """
    raw = age.close(_plain(body), [age.public(_secret(vault, source)) or ""])
    replace(vault.study.path / FOLDER / f"{stem(source)}.age", raw)


def fetch(vault: Open, source: str) -> dict[str, Any]:
    """What `store` kept. Raises MaillageError `source_no_key`, `vault_file_missing`, `vault_file_damaged`."""
    path = vault.study.path / FOLDER / f"{stem(source)}.age"
    secret = _secret(vault, source)
    if not path.is_file():
        raise MaillageError("vault_file_missing", file=path.name)
    return _read(path, secret)


def keep_results(study: Study, files: Mapping[str, bytes]) -> None:
    """Keep what was computed closed to the people of the vault. Raises MaillageError `vault_missing`."""
    told = read_known(study.path)
    if not told.recipients:
        raise MaillageError("vault_missing")
    for name, content in files.items():
        replace(study.path / FOLDER / f"{RESULTS}{name}.age", age.close(content, told.recipients))


def results(study: Study, name: str, key: str) -> bytes:
    """What `keep_results` kept. Raises MaillageError `vault_file_missing`, `vault_file_damaged`."""
    path = study.path / FOLDER / f"{RESULTS}{name}.age"
    if stem(name) != name or not path.is_file():
        raise MaillageError("vault_file_missing", file=path.name)
    plain = age.unclose(path.read_bytes(), key)
    if plain is None:
        raise MaillageError("vault_file_damaged", file=path.name)
    return plain


def note(study: Study, body: Mapping[str, Any]) -> Path:
    """Keep a field note where no secret key is: closed to the field key, readable only after the next unlocking.

    Raises MaillageError `vault_missing`.
    """
    told = read_known(study.path)
    if not told.field_key:
        raise MaillageError("vault_missing")
    path = study.path / FOLDER / f"field-{secrets.token_hex(8)}.age"
    replace(path, age.close(_plain(body), [told.field_key]))
    return path


def notes(vault: Open) -> list[tuple[Path, dict[str, Any]]]:
    """The field notes that wait, opened; the caller removes each once it is kept elsewhere.

    Raises MaillageError `vault_file_damaged`.
    """
    waiting = sorted((vault.study.path / FOLDER).glob("field-*.age"))
    return [(path, _read(path, vault.ring.field_key)) for path in waiting]


def _plain(body: Mapping[str, Any]) -> bytes:
    return orjson.dumps(body, option=orjson.OPT_SORT_KEYS)


def _secret(vault: Open, source: str) -> str:
    secret = vault.ring.sources.get(source)
    if secret is None:
        raise MaillageError("source_no_key", source=source)
    return secret


def _read(path: Path, secret: str) -> dict[str, Any]:
    plain = age.unclose(path.read_bytes(), secret)
    if plain is None:
        raise MaillageError("vault_file_damaged", file=path.name)
    return orjson.loads(plain)
