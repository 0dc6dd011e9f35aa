"""The interview guide as Markdown: the questions to read on a screen or a phone, made in an instant."""

from collections.abc import Iterator

from maillage.guides import Guide
from maillage.labels import Labels
from maillage.publish.form_items import STATES


def guide_text(about: Guide, labels: Labels, *, title: str) -> str:
    """The guide in the language of `labels`: notes, consent, the four states, questions by theme with their probes."""
    return "\n".join(_lines(about, labels, title)) + "\n"


def _lines(about: Guide, labels: Labels, title: str) -> Iterator[str]:
    lang, phrase = labels.lang, labels.phrase
    yield from (f"# {about.title[lang]}", "", f"{title}, {phrase('guide_for')}", "")
    yield from (f"## {phrase('guide_before')}", "", *(f"- {note[lang]}" for note in about.before), "")
    yield from (f"## {phrase('guide_person')}", "", *(f"- {text[lang]}" for text in about.person.values()), "")
    yield from (f"## {phrase('guide_consent')}", "", phrase("guide_read"), "")
    yield from (line for text in about.read for line in (f"> {text[lang]}", ">"))
    yield ""
    for name, options in (("consent", about.levels), ("use", about.uses)):
        yield from (f"**{about.said[name][lang]}**", "", *(f"- {text[lang]}" for text in options.values()), "")
    yield from (f"**{about.said['quotes'][lang]}**", "", about.said["thanks"][lang], "")
    yield from (f"## {phrase('guide_states')}", "", phrase("guide_states_why"), "")
    yield from (f"- **{labels.code('status_answers', state)}**. {phrase(f'guide_{state}')}" for state in STATES)
    yield ""
    number = 0
    for theme in about.themes:
        yield from (f"## {theme.title[lang]}", "")
        for ask in theme.questions:
            number += 1
            asked = ", ".join(labels.code("questions", question) for question in ask.asks)
            yield from (f"**{number}. {ask.ask[lang]}**", "", *(f"- {probe[lang]}" for probe in ask.probes))
            yield from (*([""] if ask.probes else []), phrase("guide_records", questions=asked), "")
