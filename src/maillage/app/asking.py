"""A question on the screen that is answered with yes or no."""

import sys

import click

from maillage.app.options import Session

CHOICES = {"en": "[y/N]", "fr": "[o/N]"}
YES = ("y", "yes", "o", "oui")


def can_ask(session: Session) -> bool:
    """Whether somebody sits there to answer: not with --json, nor where the words come from a file or a program."""
    return not session.json and sys.stdin.isatty()


def agreed(question: str, lang: str) -> bool:
    """Whether the answer is yes, in either language; anything else, or none, is no."""
    try:
        answer = click.prompt(
            f"{question} {CHOICES[lang]}", default="", show_default=False, prompt_suffix=" ", err=True
        )
    except click.Abort:
        click.echo(err=True)
        return False
    return answer.strip().casefold() in YES
