"""Actors under several names: statements count under the one that the table of actors says is the same.

The log keeps the name that a coder entered; a blank `same_as` in the table takes a merger back.
"""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from maillage.evidence import Evidence
from maillage.pack import Pack

SIDES = ("actor", "other")


def same(pack: Pack) -> Mapping[str, str]:
    """Code of an actor -> code of the one it is. A chain, a kind of the pack or an unknown code is no merger."""
    known = pack.lists.get("actors", {})
    said = {code: str(entry.attributes["same_as"]) for code, entry in known.items() if entry.attributes.get("same_as")}
    return {code: other for code, other in said.items()
            if other in known and other not in said and known[other].attributes.get("named")}  # fmt: skip


def merged(evidence: Evidence) -> Evidence:
    """The evidence with each actor under one name, for settled statements and for those of every coder."""
    names = same(evidence.pack)
    if not names:
        return evidence
    one = [pl.col(side).replace(names) for side in SIDES]
    return replace(evidence, observations=evidence.observations.with_columns(one),
                   codings=evidence.codings.with_columns(one))  # fmt: skip
