"""What all commands share: --study, --json, --lang, and how findings and problems are shown."""

import json
import os
import sys
import tempfile
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import click

from maillage.app.cli import language
from maillage.errors import Finding, MaillageError, has_errors
from maillage.labels import phrases


@dataclass(frozen=True, slots=True)
class Session:
    """What the user asked for: which study, machine or human output, which language."""

    study: Path
    json: bool
    lang: str

    def say(self, text: str) -> None:
        """Words for a person; with --json they go to standard error."""
        click.echo(text, err=self.json)

    def data(self, value: object) -> None:
        """A machine's answer."""
        click.echo(json.dumps(value, ensure_ascii=False, indent=1))

    def findings(self, findings: Sequence[Finding]) -> int:
        """Show findings (a JSON list with --json), each once, and return the exit code: 1 with at least one error.

        Files stand in the order in which they were read, their findings by line.
        """
        findings = list({str(item): item for item in findings}.values())
        files = list(dict.fromkeys(item.file for item in findings))
        findings.sort(key=lambda item: (files.index(item.file), item.line or 0))
        if self.json:
            self.data([item.record(self.lang) for item in findings])
        else:
            for item in findings:
                click.echo(in_words(item, self.lang))
        return 1 if has_errors(findings) else 0


def in_words(item: Finding, lang: str) -> str:
    """A finding on two lines: where and what, then the remedy."""
    where = ":".join(str(part) for part in (item.file, item.line, item.field) if part is not None)
    level = {"en": {"error": "error", "warning": "warning"}, "fr": {"error": "erreur", "warning": "attention"}}
    said = f"{level[lang][item.level]} [{item.code}] {item.message(lang)}\n    {item.remedy(lang)}"
    return f"{where}: {said}" if where else said


def audience_name(audience: str, lang: str) -> str:
    """What an audience is called; one that only the study knows goes by its code."""
    return phrases().get(f"audience_{audience}", {}).get(lang, audience)


def common(function: Callable[..., int | None]) -> Callable[..., None]:
    """Give a command --study, --json and --lang, hand it a `Session` first, and leave with the code it returns.

    The three may stand before the command as well; those after it win.
    """

    @click.option("--study", type=click.Path(path_type=Path), help="study folder / dossier de l'étude  [default: .]")
    @click.option("--json", "as_json", is_flag=True, help="output for machines / sortie pour machines")
    @click.option("--lang", type=click.Choice(["fr", "en"]), help="language of messages / langue des messages")
    @wraps(function)
    def wrapped(study: Path | None, as_json: bool, lang: str | None, **rest: Any) -> None:
        before = click.get_current_context().find_root().params
        folder = study or Path(before.get("study") or "")
        chosen = lang or before.get("lang") or language()
        session = Session(folder, as_json or bool(before.get("as_json")), chosen)
        try:
            code = function(session, **rest)
        except MaillageError as problem:
            code = _refuse(session, problem)
        except BrokenPipeError:
            raise
        except OSError as problem:
            code = _refuse(session, _of_the_system(problem))
        click.get_current_context().exit(code or 0)

    return wrapped


def _refuse(session: Session, problem: MaillageError) -> int:
    """Show why a command stopped; its findings as a list where it has some."""
    if problem.findings:
        session.findings(problem.findings)
    elif session.json:
        session.data([problem.record(session.lang)])
    click.echo(problem.text(session.lang), err=True)
    return problem.exit_code


def _of_the_system(problem: OSError) -> MaillageError:
    """A disk that is full, a folder that may not be written: the user's to mend, not a fault of the program."""
    return MaillageError("system_refused", file=problem.filename or "-", why=problem.strerror or type(problem).__name__)


def show_problem(problem: Exception, lang: str) -> int:
    """The outermost door: a sentence instead of a traceback, which goes to a file that the sentence names."""
    if isinstance(problem, MaillageError):
        click.echo(problem.text(lang), err=True)
        return problem.exit_code
    if os.environ.get("MAILLAGE_DEBUG"):
        traceback.print_exception(problem)
        return 1
    with tempfile.NamedTemporaryFile("w", prefix="maillage-", suffix=".txt", delete=False, encoding="utf-8") as file:
        print(type(problem).__name__, file=file)  # not its message: that can quote what somebody said
        traceback.print_tb(problem.__traceback__, file=file)
    name = type(problem).__name__
    sentence = {
        "en": f"Something went wrong inside maillage ({name}). Nothing was lost; details: {file.name}",
        "fr": f"Un incident s'est produit dans maillage ({name}). Rien n'est perdu ; détails : {file.name}",
    }
    click.echo(sentence[lang], err=True)
    sys.stderr.flush()
    return 1
