"""Vaults whose files were cut, exchanged or taken away: never an empty vault, always a word of it."""

from collections.abc import Callable
from pathlib import Path

from bad import CHECK, RUN, STATEMENTS, Bad
from made_age import close_cheaply

from maillage.study import age, identity, keyring, vault
from maillage.study.folder import open_study
from maillage.verbs import vault as verbs
from maillage.verbs.add import Request, add

PASSPHRASE = "quatre mots sans aucun rapport"
TALK = "Awa Touré a parlé du marché de Gao.\n"
RELEASE = ("release", "--study", "{study}", "--out", "{folder}/out")
UNLOCK = ("vault", "unlock", "--study", "{study}")
PEOPLE = ("vault", "people", "--study", "{study}")
VERIFY = ("verify", "{study}")
CODES = ("vault", "read", "i1", "--study", "{study}")


def person(config: Path) -> str:
    """Somebody's key in their configuration folder; returns the secret one."""
    secret, public = age.make()
    config.mkdir(parents=True, exist_ok=True)
    (config / identity.public_file().name).write_text(f"{public}\n", "utf-8")
    (config / identity.secret_file().name).write_bytes(close_cheaply(secret.encode(), PASSPHRASE))
    return secret


def sealed(study: Path, folder: Path) -> Path:
    """Gives a study a vault, one informant and one interview; the passphrase is in the environment."""
    verbs.create(study, [f"bo={age.make()[1]}"], "ana")
    (folder / "people.csv").write_text("id,kind,place,date,consent\ni1,interview,Gao,2024-03,anonymous\n", "utf-8")
    (folder / "i1.txt").write_text(TALK, "utf-8")
    (folder / "statements.csv").write_text("".join(STATEMENTS.splitlines(keepends=True)[:2]), "utf-8")
    assert not add(study, folder / "people.csv", Request(kind="sources")).refused
    assert not add(study, folder / "i1.txt", Request(kind="interview")).refused
    return study


def ring(change: Callable[[bytes], bytes | None]) -> Callable[[Path, Path], Path]:
    """Changes the keyring, or takes it away."""

    def make(folder: Path, study: Path) -> Path:
        path = study / vault.FOLDER / vault.RING
        content = change(path.read_bytes())
        path.unlink() if content is None else path.write_bytes(content)
        return path

    return make


def transcript(change: Callable[[bytes], bytes | None]) -> Callable[[Path, Path], Path]:
    def make(folder: Path, study: Path) -> Path:
        (path,) = (study / vault.FOLDER).glob("i1~*.age")
        content = change(path.read_bytes())
        path.unlink() if content is None else path.write_bytes(content)
        return path

    return make


def for_strangers(raw: bytes) -> bytes:
    """As a keyring would be that others made for themselves."""
    return age.close(b"{}", [age.make()[1]])


def planted(folder: Path, study: Path) -> Path:
    """A keyring that whoever knows the public keys can close for the people of the vault, with keys of their own."""
    secret = identity.unlock(PASSPHRASE)
    path = study / vault.FOLDER / vault.RING
    now = keyring.opened(path.read_bytes(), secret, open_study(study).settings.id)
    empty = {"sources": {}, "field_key": age.make()[0], "generation": 9}
    path.write_bytes(keyring.closed(keyring.Keyring(**_fields(now) | empty)))
    return path


def nonsense(folder: Path, study: Path) -> Path:
    """A keyring that opens and holds no keyring."""
    path = study / vault.FOLDER / vault.RING
    path.write_bytes(age.close(b'{"v":1}', [identity.public_key()]))
    return path


def _fields(ring_now: keyring.Keyring) -> dict[str, object]:
    return {name: getattr(ring_now, name) for name in keyring.Keyring.__slots__}


ALL = (RUN, RELEASE, PEOPLE, VERIFY, CHECK)
VAULTS = {
    "keyring: cut short": Bad(ring(lambda raw: raw[: len(raw) // 2]), UNLOCK, ("keyring_closed",), more=ALL),
    "keyring: empty": Bad(ring(lambda raw: b""), UNLOCK, ("keyring_closed",), more=ALL),
    "keyring: for somebody else": Bad(ring(for_strangers), UNLOCK, ("keyring_closed",), more=ALL),
    "keyring: taken away": Bad(ring(lambda raw: None), UNLOCK, ("keyring_gone",), more=ALL),
    "keyring: made by somebody without the vault": Bad(planted, UNLOCK, ("keyring_planted",), more=ALL),
    "keyring: something else inside": Bad(nonsense, UNLOCK, ("keyring_damaged",), more=ALL),
    "transcript: cut short": Bad(transcript(lambda raw: raw[:-100]), CODES, ("transcript_gone",), more=(CHECK, VERIFY)),
    "transcript: closed to a stranger": Bad(
        transcript(lambda raw: age.close(TALK.encode(), [age.make()[1]])), CODES, ("transcript_gone",),
        more=(CHECK, VERIFY),
    ),
    "transcript: taken away": Bad(transcript(lambda raw: None), CODES, ("transcript_gone",), more=(CHECK, VERIFY)),
}  # fmt: skip
