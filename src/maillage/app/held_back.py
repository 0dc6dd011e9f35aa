"""What the gate holds back, for the team's screen: counts by question and reason, or number by number."""

from collections import Counter
from collections.abc import Sequence

from maillage.app.options import Session, audience_name
from maillage.labels import Labels, phrases
from maillage.study.folder import open_study
from maillage.study.signatures import CHOOSE, Signature
from maillage.verbs.gate import Proposal

WORDS = {
    "en": {
        "team": "For the team's eyes only: what is held back from {audience}, and why. Do not pass this list on.",
        "row": "{id}: {said}{reason}{counted}",
        "both": "; {k} of {n}",
        "n": "; rests on {n}",
        "k": "; {k} tell of it",
        "rung": "    published as {rung}",
        "others": "    may also be: {rungs}",
        "none": "    no coarser number is let out",
        "nothing": "Nothing is held back.",
        "unmatched": (
            "Of {of} nothing is held back: it is an id (or the beginning of one), or the code or name of a place."
        ),
        "group": "{measure}: {label}",
        "count": "    {said}{reason}: {count}{coarser}",
        "coarser": ", of them read at a coarser rung: {count}",
        "more": "Number by number: maillage gate --all, or --of with an id, a measure or a place.",
        "choose": "{date} {by} chose {rung} for {number} ({audience}): {why}",
        "except": "{date} {by} lets {number} through to {audience}: {why}",
        "behind": "    behind it {people} people, of whom a neighbour can tell {alone} from all others heard",
        "lapsed": "    holds no longer: other statements stand behind the number now",
        "few": "Few or none: 2 people or fewer, perhaps nobody; where somebody is accused, 4 or fewer.",
        "all_but_few": (
            "All, or all but a few: all but 2 people or fewer; where somebody is accused, all but 4 or fewer."
        ),
        "no_rule": (
            "No rule: such a number (of how many markets people name, and how alike) could be counted back to who said "
            "what, so the gate never lets it out and no coarser one can stand for it. Nothing is to be mended."
        ),
        "differencing": (
            "Would give answers away: by subtracting a published number, one of today or of an earlier release, from "
            "it."
        ),
    },
    "fr": {
        "team": "Pour l'équipe seulement : ce qui n'est pas publié ({audience}), et pourquoi. Ne pas transmettre.",
        "row": "{id} : {said}{reason}{counted}",
        "both": " ; {k} sur {n}",
        "n": " ; repose sur {n}",
        "k": " ; {k} en parlent",
        "rung": "    publié comme {rung}",
        "others": "    peut aussi être : {rungs}",
        "none": "    aucun nombre moins fin ne sort",
        "nothing": "Aucun nombre n'est tenu à l'écart.",
        "unmatched": (
            "De {of}, rien n'est tenu à l'écart : indiquez un identifiant (ou son début), le code ou le nom d'un lieu."
        ),
        "group": "{measure} : {label}",
        "count": "    {said}{reason} : {count}{coarser}",
        "coarser": ", dont lisibles à un échelon moins fin : {count}",
        "more": "Nombre par nombre : maillage gate --all, ou --of avec un identifiant, une mesure ou un lieu.",
        "choose": "{date} {by} a choisi {rung} pour {number} ({audience}) : {why}",
        "except": "{date} {by} laisse passer {number} vers {audience} : {why}",
        "behind": (
            "    derrière lui {people} personnes, dont un voisin en distingue {alone} de toutes les autres entendues"
        ),
        "lapsed": "    ne vaut plus : d'autres énoncés sont désormais derrière ce nombre",
        "few": "Peu ou pas de personnes : 2 au plus, peut-être aucune ; là où quelqu'un est accusé, 4 au plus.",
        "all_but_few": (
            "Toutes, ou toutes sauf quelques-unes : toutes sauf 2 au plus ; là où quelqu'un est accusé, toutes sauf 4 "
            "au plus."
        ),
        "no_rule": (
            "Pas de règle : d'un tel nombre (combien de marchés les personnes citent, et à quel point elles se "
            "ressemblent) on pourrait remonter à qui a dit quoi ; le contrôle ne le laisse donc jamais sortir, et "
            "aucun nombre moins fin ne le remplace. Rien n'est à corriger."
        ),
        "differencing": (
            "Révélerait des réponses : si l'on en soustrait un nombre publié, d'aujourd'hui ou d'une diffusion "
            "antérieure."
        ),
    },
}
EXPLAINED = ("few", "all_but_few", "no_rule", "differencing")


def title(session: Session, found: Sequence[Proposal], audience: str, of: str | None) -> None:
    """For whom the list is, or that there is none. of: what was asked for."""
    words = WORDS[session.lang]
    key = "team" if found else "nothing" if of is None else "unmatched"
    session.say(words[key].format(audience=audience_name(audience, session.lang), of=of))


def grouped(session: Session, found: Sequence[Proposal]) -> None:
    """How many numbers of each question are held back, by what is said instead and why; then how to see each."""
    words, labels = WORDS[session.lang], Labels(session.lang, open_study(session.study).pack, None)
    counted = Counter((one.measure, one.said, one.reason) for one in found)
    coarser = Counter((one.measure, one.said, one.reason) for one in found if one.rung)
    for measure in sorted({one.measure for one in found}):
        session.say(words["group"].format(measure=measure, label=labels.measure(measure)))
        for key, count in counted.most_common():
            if key[0] == measure:
                more = words["coarser"].format(count=coarser[key]) if coarser[key] else ""
                facts = {"said": _said(key[1], session.lang), "reason": _reason(key[2], session.lang)}
                session.say(words["count"].format(**facts, count=count, coarser=more))
    if found:
        session.say(words["more"])


def one_by_one(session: Session, found: Sequence[Proposal]) -> None:
    """Each number with its reason, its counts, and where it is read."""
    words = WORDS[session.lang]
    for one in found:
        counts = "both" if one.k is not None and one.n is not None else "n" if one.n is not None else "k"
        told = words[counts].format(k=one.k, n=one.n) if one.k is not None or one.n is not None else ""
        facts = {"said": _said(one.said, session.lang), "reason": _reason(one.reason, session.lang)}
        session.say(words["row"].format(id=one.id, counted=told, **facts))
        if one.rung:
            session.say(words["rung"].format(rung=one.rung))
        if others := [rung for rung in one.rungs if rung != one.rung]:
            session.say(words["others"].format(rungs=", ".join(others)))
        elif one.said == "withheld" and not one.rung:
            session.say(words["none"])


def explained(session: Session, found: Sequence[Proposal]) -> None:
    """What the words of the list mean that do not say it themselves."""
    used = {one.said for one in found} | {one.reason for one in found}
    for name in EXPLAINED:
        if name in used:
            session.say(WORDS[session.lang][name])


def signed(session: Session, found: Sequence[Signature], lapsed: Sequence[str | None]) -> None:
    """What the lead signed; of an exception whom it exposes, and whether it holds no longer. lapsed: entries."""
    words = WORDS[session.lang]
    for one in found:
        facts = {name: getattr(one, name) for name in ("date", "by", "number", "rung", "why", "people", "alone")}
        name = audience_name(one.audience, session.lang)
        session.say(words["choose" if one.what == CHOOSE else "except"].format(**facts, audience=name))
        if one.people is not None:
            session.say(words["behind"].format(**facts))
        if one.entry in lapsed:
            session.say(words["lapsed"])


def _said(said: str, lang: str) -> str:
    return phrases()["chart_cell_withheld" if said == "withheld" else f"gate_{said}"][lang]


def _reason(code: str | None, lang: str) -> str:
    if code is None:
        return ""
    return f" ({phrases()[f'reason_{code}'][lang] if f'reason_{code}' in phrases() else code})"
