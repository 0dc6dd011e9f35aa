"""What a vault keeps of an interview: the text that is coded, the clear one, the original, and the way between them.

One closed file a version, named after its own hash, so that nothing is overwritten and copies of a study unite by
name. The log names the hash of the closed file: whoever knows an informant's public key could make one, but not one
that the log names.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import orjson

from maillage.errors import Finding, MaillageError, finding
from maillage.study import age, log, vault
from maillage.study.disk import replace
from maillage.study.folder import Study

Cut = tuple[int, int, int, int]
SMALL, STEP, STRIDE = 1 << 16, 1 << 12, 1 << 16  # bytes: a closed file must not tell how long somebody spoke


@dataclass(frozen=True, slots=True)
class Transcript:
    """One version of an interview.

    text: with pseudonyms, what passages refer to. clear: before. cuts: places of both, as in an offset map (old start
    and end, new start and end, code points). original: the bytes of the file that came, under the name `file`.
    """

    text: str
    clear: str = field(repr=False)
    cuts: tuple[Cut, ...]
    file: str = field(repr=False)
    original: bytes = field(repr=False)


def fingerprint(text: str) -> str:
    """SHA-256 of a text in UTF-8, by which passages name it."""
    return sha256(text.encode()).hexdigest()


def store(study: Study, source: str, transcript: Transcript) -> str:
    """Close a version to its informant's key and keep it; returns the hash of the closed file, for the log.

    Raises MaillageError `source_no_key`.
    """
    public = vault.read_known(study.path).informants.get(source)
    if public is None:
        raise MaillageError("source_no_key", source=source)
    raw = age.close(_padded(_plain(transcript)), [public])
    blob = sha256(raw).hexdigest()
    replace(_path(study.path, source, blob), raw)
    return blob


def fetch(study: Study, source: str, blob: str, secrets: Mapping[str, str]) -> Transcript:
    """The version of this hash. secrets: source id -> secret key.

    Raises MaillageError `vault_locked`, `transcript_gone` (no such file, or not the one the log names).
    """
    path = _path(study.path, source, blob)
    if source not in secrets:
        raise MaillageError("vault_locked")
    raw = path.read_bytes() if path.is_file() else b""
    plain = age.unclose(raw, secrets[source]) if sha256(raw).hexdigest() == blob else None
    if plain is None:
        raise MaillageError("transcript_gone", file=path.name, value=source)
    return _read(plain)


def versions(study: Study, source: str, secret: str) -> dict[str, Transcript]:
    """Every version of an interview that lies here and is whole, by its hash, whether the log names it or not."""
    found: dict[str, Transcript] = {}
    for path in vault.files_of(study.path, source):
        raw = path.read_bytes()
        blob = sha256(raw).hexdigest()
        plain = age.unclose(raw, secret) if path.name == _path(study.path, source, blob).name else None
        if plain is not None:
            found[blob] = _read(plain)
    return found


def check(study: Path) -> list[Finding]:
    """Closed files that the log names and that are not here whole; it can be seen while the vault is locked."""
    entries = [entry for path in log.files(study) for entry in log.read(path).entries]
    told = vault.known(entries)
    named = {(str(e.sealed["src"]), str(e.sealed["blob"])) for e in entries if e.sealed and "blob" in e.sealed}
    paths = {(source, blob): _path(study, source, blob) for source, blob in named if source not in told.erased}
    return [
        finding("transcript_gone", file=path.name, value=source)
        for (source, blob), path in sorted(paths.items())
        if not path.is_file() or sha256(path.read_bytes()).hexdigest() != blob
    ]


def _path(study: Path, source: str, blob: str) -> Path:
    return study / vault.FOLDER / f"{vault.stem(source)}{vault.VERSION}{blob[:16]}.age"


def _plain(one: Transcript) -> bytes:
    """A line of JSON, then the original as it came."""
    head = {
        "text": one.text, "clear": one.clear, "cuts": [list(cut) for cut in one.cuts], "file": one.file,
        "size": len(one.original),
    }  # fmt: skip
    return orjson.dumps(head) + b"\n" + one.original


def _padded(plain: bytes) -> bytes:
    step = STEP if len(plain) <= SMALL else STRIDE
    return plain.ljust(-(-len(plain) // step) * step, b"\0")


def _read(plain: bytes) -> Transcript:
    line, _, rest = plain.partition(b"\n")
    head = orjson.loads(line)
    cuts = tuple((a, b, c, d) for a, b, c, d in head["cuts"])
    return Transcript(head["text"], head["clear"], cuts, head["file"], rest[: head["size"]])
