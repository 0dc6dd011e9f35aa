"""What a coder does to a source: say something of it, mark a passage, write a memo, take back, undo, finish."""

from datetime import datetime

from starlette.responses import Response

from maillage import tables
from maillage.app.workbench.codebook import code_page
from maillage.app.workbench.reading import opened
from maillage.app.workbench.visit import Visit, sentences
from maillage.errors import MaillageError
from maillage.verbs.assign import done
from maillage.verbs.coding import desk, memo, retract, undo
from maillage.verbs.statement import Passage, mark_read, state

LISTS = {"codes", "places", "ids"}
MARKS = {"genesis", "checkpoint"}


def keep(visit: Visit) -> Response:
    """Keep what the form says: a code on the passage, a statement, or both. Raises those of the verbs."""
    passage, code, question = _passage(visit), visit.said.get("code", ""), visit.said.get("question", "")
    if code and passage is None:
        raise MaillageError("passage_unchosen")
    if not code and not question:
        raise MaillageError("nothing_chosen")
    words: list[str] = []
    if question:
        stated = state(visit.place, _columns(visit), coder=visit.coder, passage=passage)
        words += [visit.t("same")] if not stated.ids else []
        words += sentences(stated.findings, visit.lang)
    if code and passage is not None:
        mark_read(visit.place, visit.path["source"], passage, code, coder=visit.coder, note=visit.said.get("note"))
    return opened(visit, " ".join([kept(visit), *words]))


def _passage(visit: Visit) -> Passage | None:
    """The passage of the form, None where no words were chosen. Raises MaillageError `passage_moved`."""
    start, end = visit.said.get("start", ""), visit.said.get("end", "")
    if not start and not end:
        return None
    if not (start.isascii() and start.isdigit() and end.isascii() and end.isdigit()):
        raise MaillageError("passage_moved", value=visit.path["source"])
    # a form sends line ends as CR LF, a kept text has LF
    quote = visit.said.get("quote", "").replace("\r\n", "\n")
    return Passage(int(start), int(end), visit.said.get("sha256", ""), quote)


def _columns(visit: Visit) -> dict[str, str]:
    """The columns of a statement that the form holds; lists as a table writes them."""
    columns = {column.name: column for column in tables.table("observations").columns}
    said = {name: "; ".join(values) if columns[name].type in LISTS else values[-1]
            for name, values in visit.several.items() if name in columns}  # fmt: skip
    chosen = {name: text for name, text in said.items() if name not in ("id", "kind", "start", "end")}
    return chosen | {"source": visit.path["source"]}


def kept(visit: Visit) -> str:
    """When the coder's last entry was written, and where it stands in their log."""
    own = [entry for entry in desk(visit.place, visit.coder).known.entries
           if entry.by == visit.me and entry.op not in MARKS]  # fmt: skip
    if not own:
        return ""
    last = max(own, key=lambda entry: (entry.at, entry.seq))
    hour = datetime.fromisoformat(last.at).astimezone()
    return visit.t("kept", hour=f"{hour:%H}", minute=f"{hour:%M}", entry=last.seq)


def note(visit: Visit) -> Response:
    """Write a memo on the source, on something said of it, or on a code."""
    memo(visit.place, visit.said.get("text", ""), about=visit.said.get("about"), coder=visit.coder)
    return code_page(visit, kept(visit)) if "code" in visit.path else opened(visit, kept(visit))


def take_back(visit: Visit) -> Response:
    """Take something back, with the reason."""
    retract(visit.place, visit.said.get("id", ""), why=visit.said.get("why", ""), coder=visit.coder)
    return opened(visit, f"{visit.t('taken_back')} {kept(visit)}")


def undone(visit: Visit) -> str:
    """Undo the coder's last entry, wherever it was made, and say so."""
    _, kind = undo(visit.place, coder=visit.coder)
    return f"{visit.t('undone', what=visit.t(f'kind_{kind}'))} {kept(visit)}"


def undo_last(visit: Visit) -> Response:
    """Undo, and stay at the source."""
    return opened(visit, undone(visit))


def finish(visit: Visit) -> Response:
    """The coder is done with the source."""
    done(visit.place, visit.path["source"], coder=visit.coder)
    return opened(visit, f"{visit.t('finished')} {kept(visit)}")
