"""`maillage run` on the command line."""

import sys

import click
from rich.console import Console

from maillage.app.options import Session, common, in_words
from maillage.verbs.run import counts, older, run_path

DONE = {
    "en": "{estimates} estimates and {findings} findings in {folder}.",
    "fr": "{estimates} estimations et {findings} constats dans {folder}.",
}
SEALED = {
    "en": "{estimates} estimates and {findings} findings, closed in the vault: maillage vault read estimates.csv",
    "fr": "{estimates} estimations et {findings} constats, scellés dans le coffre : maillage vault read estimates.csv",
}


@click.command("run")
@click.option("--by-period", is_flag=True, help="further estimates by year / estimations par année en plus")
@common
def command(session: Session, by_period: bool) -> int:
    """Compute every measure / calculer toutes les mesures."""
    with Console(stderr=True, quiet=not sys.stderr.isatty()).status("") as status:
        results = run_path(session.study, by_period=by_period, step=status.update)
    found = counts(results)
    if session.json:
        session.data(found)
    else:
        words = SEALED if results.evidence.study.sealed == "informants" else DONE
        session.say(words[session.lang].format(**found, folder=session.study / "out"))
    for problem in older(session.study):
        session.say(in_words(problem, session.lang))
    return 0
