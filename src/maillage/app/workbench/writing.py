"""Becoming the writer of a study that another workbench wrote in until now."""

import re

from starlette.responses import Response

from maillage.app.workbench.visit import Visit

SOURCE = re.compile(r"/source/[!-.0-[\]-~]+")  # a page of one source, in the signs that addresses are written in


def take_over(visit: Visit) -> Response:
    """Take the lock if it is free, and go on where the coder was. Raises MaillageError of `Hold.refused`."""
    if visit.hold is not None and not visit.hold.take() and (problem := visit.hold.refused()):
        raise problem
    back = visit.said.get("back", "")
    return visit.anew(back if SOURCE.fullmatch(back) else "/")
