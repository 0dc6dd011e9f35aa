"""`maillage worklist` on the command line."""

from collections.abc import Mapping

import click

from maillage.app.options import Session, common
from maillage.intake.load import load_tables
from maillage.labels import Labels
from maillage.study.folder import open_study
from maillage.study.settling import NONE
from maillage.verbs.assign import done as finish
from maillage.verbs.worklist import Difference, Worklist, worklist

LISTS = {"market": "markets", "actor": "actors", "other": "actors"}
WORDS = {
    "en": {
        "todo": "To code: {sources}", "blind": "{source} (blind)",
        "waiting": "Still coded blind by somebody: {sources}",
        "nothing": "Nothing to do.", "says": "    {coder}: {answer} ({ids})", "silent": "    {coder}: nothing",
        "decided": " (decided)", "finished": "{source}: done.", "none": "none",
        "counts": "    {coder} decided: counts {ids} ({reason})",
    },
    "fr": {
        "todo": "À coder : {sources}", "blind": "{source} (en aveugle)",
        "waiting": "Encore en codage à l'aveugle : {sources}",
        "nothing": "Rien à faire.", "says": "    {coder} : {answer} ({ids})", "silent": "    {coder} : rien",
        "decided": " (tranché)", "finished": "{source} : terminé.", "none": "rien",
        "counts": "    {coder} a tranché : compte {ids} ({reason})",
    },
}  # fmt: skip


@click.command("worklist")
@click.option("--coder", help="whose; the first coder's otherwise / de qui ; sinon du premier codeur")
@click.option("--done", help="a source the coder has finished / une source que le codeur a terminée")
@click.option("--decided", is_flag=True, help="decided ones too / aussi ce qui est tranché")
@common
def command(session: Session, coder: str | None, done: str | None, decided: bool) -> int:
    """Show what to code and where coders differ / montrer ce qui reste à coder et où les codeurs diffèrent."""
    if done is not None:
        finish(session.study, done, coder=coder)
        session.say(WORDS[session.lang]["finished"].format(source=done))
        return 0
    work = worklist(session.study, coder=coder, decided=decided)
    if session.json:
        session.data(record(work))
        return 0
    for line in _lines(work, WORDS[session.lang], words_of(session)):
        click.echo(line)
    return 0


def words_of(session: Session) -> Labels:
    """The words of the study, its places too."""
    study = open_study(session.study)
    places = load_tables(study.path, study.settings, study.pack.lookups, light=True).places
    return Labels(session.lang, study.pack, places, study.settings.zone_labels)


def _about(unit: Mapping[str, str | None], labels: Labels) -> str:
    """What coders differ on, in words."""
    said = {name: value for name, value in unit.items() if value and value != NONE}
    words = {"question": labels.code("questions", said["question"])}
    words |= {name: labels.code(LISTS[name], said[name]) for name in LISTS if name in said}
    words |= {"place": labels.place(said["place"])} if "place" in said else {}
    return " · ".join(words.get(name, value) for name, value in said.items())


def _answer(code: str, question: str, labels: Labels) -> str:
    """An answer in words: several where the coder gave several, a negated one with its polarity."""
    asked = labels.pack.questions.get(question)
    told: list[str] = []
    for part in code.split(";"):
        name, _, polarity = part.partition(":")
        status = labels.code("status_answers", name)
        word = status if status != name else labels.code(asked.answers or "", name) if asked else name
        told.append(f"{word} ({labels.code('polarity', polarity)})" if polarity else word)
    return ", ".join(told)


def _lines(work: Worklist, words: dict[str, str], labels: Labels) -> list[str]:
    lines: list[str] = []
    if work.todo:
        sources = [words["blind"].format(source=source) if blind else source for source, blind in work.todo]
        lines.append(words["todo"].format(sources=", ".join(sources)))
    if work.waiting:
        lines.append(words["waiting"].format(sources=", ".join(work.waiting)))
    for one in work.differences:
        lines.append(f"{one.id}  {_about(one.unit, labels)}{words['decided'] if one.decided else ''}")
        for answer in one.answers:
            told = _answer(answer["answer"] or "", str(one.unit["question"]), labels)
            facts = {"coder": answer["coder"], "answer": told, "ids": ", ".join(answer["observations"])}
            lines.append(words["says" if answer["answer"] else "silent"].format(**facts))
        for decided in one.decisions:
            ids = ", ".join(decided["observations"]) or words["none"]
            lines.append(words["counts"].format(coder=decided["coder"], ids=ids, reason=decided["reason"]))
    return lines or [words["nothing"]]


def record(work: Worklist) -> dict[str, object]:
    """A work list as --json prints it."""
    return {
        "todo": [{"source": source, "blind": blind} for source, blind in work.todo],
        "waiting": list(work.waiting),
        "differences": [_difference(one) for one in work.differences],
    }


def _difference(one: Difference) -> dict[str, object]:
    answers, told = ([dict(item) for item in items] for items in (one.answers, one.decisions))
    return {"id": one.id, **one.unit, "answers": answers, "decided": one.decided, "decisions": told}
