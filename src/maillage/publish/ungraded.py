"""Why a number bears no word of confidence, as far as what is published of it tells."""

from collections.abc import Sequence

from maillage.certainty import GRADED
from maillage.estimate import statement_of
from maillage.publish.explain import Behind
from maillage.publish.rules import MAYBE_NONE
from maillage.publish.view import Row

PERIOD = "@"  # ids of one year or round; findings are of all together


def unweighed(idents: Sequence[str], known: Behind) -> str:
    """The reason of the first of these numbers that has one; blank where none is known."""
    rows = [known.estimates[ident] for ident in idents if ident in known.estimates]
    keys = [key for row in rows if (key := _key(row, known))]
    return known.labels.phrase(keys[0]) if keys else ""


def _key(row: Row, known: Behind) -> str:
    """The phrase that says why; only from what the audience reads of the number, so that it tells nothing more."""
    if row["status"] == "withheld":
        return "ungraded_withheld"
    if row["status"] != "ok":
        return "ungraded_no_number"
    if row["measure"] == "published":
        return "" if statement_of(row) in known.findings else "ungraded_published"
    if row["measure"] not in GRADED or PERIOD in row["id"]:
        return "ungraded_kind"
    if row["id"] in known.findings:
        return ""
    if row["band"] in MAYBE_NONE:
        return "ungraded_maybe_none"
    return "ungraded_nobody" if row["k"] == 0 else ""
