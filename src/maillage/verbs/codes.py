"""`maillage codes`: every code with its labels in both languages, and which codes meet in the text."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from maillage import tables
from maillage.errors import MaillageError
from maillage.measure.together import co_occurrence
from maillage.pack import Pack
from maillage.verbs.opening import unlocked, whole


def codes(pack: Pack, name: str | None = None) -> list[dict[str, object]]:
    """One record a code: list, code, en, fr, definitions, attributes. Raises MaillageError `list_unknown`."""
    rows = list(_all(pack))
    known = sorted({str(row["list"]) for row in rows})
    if name is not None and name not in known:
        raise MaillageError("list_unknown", exit_code=2, name=name, lists=", ".join(known))
    return [row for row in rows if name in (None, row["list"])]


def together(path: Path) -> list[dict[str, Any]]:
    """Codes that meet on passages of a study (`measure.together.co_occurrence`), as records. Names of coders are not in
    them. Raises MaillageError `vault_locked`."""
    passages = whole(unlocked(path)).coded.passages
    return co_occurrence(passages).to_dicts()


def _all(pack: Pack) -> Iterator[dict[str, object]]:
    for key, question in pack.questions.items():
        yield _row("questions", key, question.label, {}, {"kind": question.kind, "answers": question.answers})
    for name, entries in pack.lists.items():
        for code, entry in entries.items():
            yield _row(name, code, entry.label, entry.definition, entry.attributes)
    for code, action in pack.actions.items():
        yield _action(code, action, None)
        for sub, own in (action.get("sub_actions") or {}).items():
            yield _action(sub, own, code)
    for name, entries in tables.codes().items():
        for code, label in entries.items():
            yield _row(name, code, label, {}, {})


def _action(code: str, action: Mapping[str, Any], of: str | None) -> dict[str, object]:
    about = {key: action.get(key) for key in ("horizon", "zones", "factors", "needs")}
    return _row("actions", code, action["label"], {}, {"of": of, **about})


def _row(
    name: str, code: str, label: Mapping[str, str], definition: Mapping[str, str], attributes: Mapping[str, object]
) -> dict[str, object]:
    about = {f"definition_{lang}": definition.get(lang, "") for lang in ("en", "fr")}
    return {"list": name, "code": code, "en": label["en"], "fr": label["fr"], **about, "attributes": attributes}
