"""`maillage worklist` on the command line."""

import click

from maillage.app.options import Session, common
from maillage.verbs.assign import done as finish
from maillage.verbs.worklist import Difference, Worklist, worklist

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
    for line in _lines(work, WORDS[session.lang]):
        click.echo(line)
    return 0


def _lines(work: Worklist, words: dict[str, str]) -> list[str]:
    lines: list[str] = []
    if work.todo:
        sources = [words["blind"].format(source=source) if blind else source for source, blind in work.todo]
        lines.append(words["todo"].format(sources=", ".join(sources)))
    if work.waiting:
        lines.append(words["waiting"].format(sources=", ".join(work.waiting)))
    for one in work.differences:
        about = [value for value in one.unit.values() if value and value != "none"]
        lines.append(f"{one.id}  {' · '.join(about)}{words['decided'] if one.decided else ''}")
        for answer in one.answers:
            facts = {"coder": answer["coder"], "answer": answer["answer"], "ids": ", ".join(answer["observations"])}
            lines.append(words["says" if answer["answer"] else "silent"].format(**facts))
        for told in one.decisions:
            ids = ", ".join(told["observations"]) or words["none"]
            lines.append(words["counts"].format(coder=told["coder"], ids=ids, reason=told["reason"]))
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
