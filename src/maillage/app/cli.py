"""The command `maillage`: names its commands at once, imports one only when it is called."""

import gc
import importlib
import locale
import os
import sys
from collections.abc import Sequence
from itertools import pairwise

import click

COMMANDS: dict[str, tuple[str, str]] = {
    "new": ("start a study that checks clean", "commencer une étude qui passe le contrôle"),
    "guide": ("the interview guide, and a form for phones", "le guide d'entretien, et un formulaire pour téléphones"),
    "add": ("add sources, places, zones, events, indicators", "ajouter sources, lieux, zones, événements, indicateurs"),
    "observe": ("enter coded observations from a table", "saisir des observations codées depuis une table"),
    "open": ("the workbench in the browser", "l'atelier dans le navigateur"),
    "vault": ("keep informants apart, closed", "garder les informateurs à part, scellés"),
    "codes": ("list all codes with their labels", "lister tous les codes et leurs libellés"),
    "code": ("add or retire a code of the study", "ajouter un code de l'étude ou le mettre hors d'usage"),
    "assign": ("say who codes which source", "dire qui code quelle source"),
    "worklist": ("what to code, and where coders differ", "ce qui reste à coder, et où les codeurs diffèrent"),
    "arbitrate": ("decide where coders differ", "trancher là où les codeurs diffèrent"),
    "memo": ("write a memo", "écrire un mémo"),
    "quote": ("quote an informant, approve a quote", "citer un informateur, approuver une citation"),
    "retract": ("take an entry back, with a reason", "retirer une entrée, avec une raison"),
    "undo": ("undo your last entry", "annuler votre dernière entrée"),
    "merge": ("take what another copy of the study has", "reprendre ce qu'a une autre copie de l'étude"),
    "sync": ("merge with a copy on a git server, and send", "fusionner avec une copie sur un serveur git, et envoyer"),
    "devices": ("whose computers have a log here", "quels ordinateurs ont un journal ici"),
    "head": ("the head of each log; countersign a partner's", "la tête de chaque journal ; contresigner"),
    "check": ("find what is wrong and say how to mend it", "trouver ce qui ne va pas et dire comment le corriger"),
    "run": ("compute every measure", "calculer toutes les mesures"),
    "index": ("scores and ranks of any table", "scores et rangs de n'importe quel tableau"),
    "coverage": ("who was heard, and whom to hear next", "qui a été entendu, et qui entendre ensuite"),
    "network": ("ties between actors, brokers, ways", "liens entre acteurs, intermédiaires, chemins"),
    "trace": ("from a number to the statements behind it", "d'un nombre aux énoncés qui le fondent"),
    "gate": ("what is held back, where it is said; sign", "ce qui n'est pas publié, où c'est dit ; signer"),
    "risk": ("what a reader could work out of the release", "ce qu'un lecteur pourrait déduire de la diffusion"),
    "release": ("reports, data and map for an audience", "rapports, données et carte pour un public"),
    "ledger": ("what went out, when, to whom", "ce qui est sorti, quand, pour qui"),
    "verify": ("check a study or a release against its hashes", "vérifier une étude ou une diffusion"),
    "export": ("exchange formats", "formats d'échange"),
}
SELDOM = (100_000, 50, 100)  # a command is a short life with few cycles: looking for them took a tenth of a release
HELP = {
    "en": "From evidence to a bilingual study in which every number can be opened.",
    "fr": "Des éléments recueillis à une étude bilingue dont chaque nombre peut être ouvert.",
}


def language(words: Sequence[str] | None = None) -> str:
    """French or English: MAILLAGE_LANG, else the locale, else English. `--lang` wins over both.

    words: of the command; by default those that the program was called with.
    """
    words = sys.argv[1:] if words is None else words
    wished = [word.removeprefix("--lang=") for word in words if word.startswith("--lang=")]
    wished += [after for word, after in pairwise(words) if word == "--lang"]
    for word in wished:
        if word in HELP:
            return word
    chosen = os.environ.get("MAILLAGE_LANG") or os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES")
    chosen = chosen or os.environ.get("LANG") or locale.getlocale()[0] or "en"
    return "fr" if chosen.lower().startswith("fr") else "en"


class Commands(click.Group):
    """A group that knows its commands by name and imports `maillage.app.commands.<name>` on use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command called `cmd_name`, or None."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"maillage.app.commands.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing any of them."""
        column = 1 if language() == "fr" else 0
        with formatter.section("Commandes" if column else "Commands"):
            formatter.write_dl([(name, texts[column]) for name, texts in COMMANDS.items()])


@click.command(cls=Commands, help=HELP[language()], context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="maillage", message="%(prog)s %(version)s")
@click.option("--study", help="study folder / dossier de l'étude")
@click.option("--json", "as_json", is_flag=True, help="output for machines / sortie pour machines")
@click.option("--lang", type=click.Choice(["fr", "en"]), help="language of messages / langue des messages")
def group(study: str | None, as_json: bool, lang: str | None) -> None:
    """The root of all commands; what is said here holds for the command, which reads it from its context."""


def main(args: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code: 0 done, 1 findings or refusal, 2 wrong use."""
    gc.set_threshold(*SELDOM)
    try:
        code = group.main(args=args, prog_name="maillage", standalone_mode=False)
    except click.ClickException as problem:
        sys.exit(importlib.import_module("maillage.app.usage").show(problem, language(args)))
    except click.exceptions.Exit as leave:
        sys.exit(leave.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as problem:  # noqa: BLE001  the outermost door: nobody sees a traceback
        doors = importlib.import_module("maillage.app.options")
        sys.exit(doors.show_problem(problem, language(args)))
    sys.exit(code if isinstance(code, int) else 0)
