"""A git repository of our own for one study folder, in the user's configuration folder: bytes in, bytes out.

It never lies in the study, so that what a study brought along on a USB key can run nothing: no hooks, no filters, no
commands of a foreign configuration.
"""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from maillage.errors import MaillageError
from maillage.study import disk
from maillage.study.folder import Study
from maillage.study.keys import configuration_folder

BRANCH = "main"
OURS, THEIRS = "refs/heads/ours", "refs/remotes/theirs"
MODES = {"100644", "100755"}
SAFE = ("-c", f"core.hooksPath={os.devnull}", "-c", "core.autocrlf=false", "-c", "gc.auto=0")
LATE = (b"fetch first", b"non-fast-forward", b"cannot lock ref")


class Repository:
    """Talks to git; every method raises MaillageError `sync_failed` with what git said."""

    def __init__(self, study: Study, coder: str) -> None:
        """Make it where there is none yet. Raises MaillageError `sync_no_git`."""
        program = shutil.which("git")
        if program is None:
            raise MaillageError("sync_no_git")
        self._program, self._coder = program, coder
        key = hashlib.sha256(f"{study.settings.id} {study.path.resolve()}".encode()).hexdigest()[:16]
        self._folder = configuration_folder() / "sync" / f"{key}.git"
        if not self._folder.is_dir():
            disk.make_folder(self._folder.parent)
            self._git("init", "-q", "--bare", "--template=", "--object-format=sha1", str(self._folder))

    def address(self, remote: str | None) -> None:
        """Remember an address, or a folder. Raises MaillageError `sync_no_remote` for None at first."""
        if remote is not None:
            folder = Path(remote).expanduser()
            self._git("config", "remote.theirs.url", str(folder.resolve()) if folder.is_dir() else remote)
        elif not self._git("config", "remote.theirs.url", ok=False):
            raise MaillageError("sync_no_remote")

    def fetch(self) -> str | None:
        """The newest commit of the server; None where it has none."""
        if not self._git("ls-remote", "theirs", f"refs/heads/{BRANCH}"):
            return None
        self._git("fetch", "-q", "--no-tags", "theirs", f"+refs/heads/{BRANCH}:{THEIRS}")
        return self._git("rev-parse", THEIRS)

    def push(self, commit: str) -> bool:
        """Send; False where somebody else sent in between."""
        done = self._run(["push", "-q", "theirs", f"{commit}:refs/heads/{BRANCH}"])
        if done.returncode and not any(word in done.stderr for word in LATE):
            raise _refused(done)
        return done.returncode == 0

    def step(self, commit: str) -> None:
        """From now on this copy is in step with `commit`."""
        self._git("update-ref", OURS, commit)

    def base(self, theirs: str) -> str | None:
        """The last commit that both copies had."""
        ours = self._git("rev-parse", "-q", "--verify", OURS, ok=False)
        return (self._git("merge-base", ours, theirs, ok=False) or None) if ours else None

    def tree(self, commit: str | None) -> dict[str, str]:
        """Name of each file of a commit -> name of its content; links are not among them."""
        listed = self._run(["ls-tree", "-r", "-z", commit]).stdout if commit else b""
        rows = (row.partition("\t") for row in listed.decode("utf-8", "surrogateescape").split("\0") if row)
        return {name: about.split()[2] for about, _, name in rows if about.split()[0] in MODES}

    def blob(self, name: str) -> bytes:
        """The bytes of a content."""
        return self._run(["cat-file", "blob", name]).stdout

    def commit(self, files: Mapping[str, Path], theirs: str | None, gone: Callable[[str], bool]) -> str:
        """These files on top of theirs as a commit, without those that are `gone`; theirs where nothing differs."""
        index = self._folder / "index.maillage"
        index.unlink(missing_ok=True)
        paths = "".join(f"{path.resolve()}\n" for path in files.values()).encode("utf-8", "surrogateescape")
        blobs = self._git("hash-object", "-w", "--no-filters", "--stdin-paths", given=paths).split() if files else []
        rows = [f"100644 {blob}\t{name}\0" for name, blob in zip(files, blobs, strict=True)]
        rows += [f"0 {'0' * 40}\t{name}\0" for name in self.tree(theirs) if name not in files and gone(name)]
        if theirs:
            self._git("read-tree", theirs, index=index)
        given = "".join(rows).encode("utf-8", "surrogateescape")
        self._git("update-index", "-z", "--index-info", given=given, index=index)
        tree = self._git("write-tree", index=index)
        if theirs and self._git("rev-parse", f"{theirs}^{{tree}}") == tree:
            return theirs
        ours = self._git("rev-parse", "-q", "--verify", OURS, ok=False)
        parents = [word for parent in dict.fromkeys((theirs, ours)) if parent for word in ("-p", parent)]
        return self._git("commit-tree", tree, *parents, "-m", "Merge copies of the study")

    def _git(self, *words: str, given: bytes | None = None, index: Path | None = None, ok: bool = True) -> str:
        """What git answers; with `ok` false nothing, where it fails."""
        done = self._run(words, given, index)
        if done.returncode and ok:
            raise _refused(done)
        return "" if done.returncode else done.stdout.decode("utf-8", "replace").strip()

    def _run(
        self, words: Sequence[str], given: bytes | None = None, index: Path | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_") or "SSH" in key}
        person = {"NAME": self._coder, "EMAIL": f"{self._coder}@example.invalid"}  # the pseudonym, not git's own name
        named = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in person.items()}
        env = kept | named | {"GIT_ALLOW_PROTOCOL": "file:git:http:https:ssh", "LC_ALL": "C"}
        env |= {"GIT_INDEX_FILE": str(index)} if index else {}
        place = [] if words[0] == "init" else ["--git-dir", str(self._folder)]
        command = [self._program, *SAFE, *place, *words]
        folder = self._folder.parent
        return subprocess.run(command, input=given, capture_output=True, env=env, cwd=folder, check=False)  # noqa: S603


def _refused(done: subprocess.CompletedProcess[bytes]) -> MaillageError:
    return MaillageError("sync_failed", why=done.stderr.decode("utf-8", "replace").strip()[-300:])
