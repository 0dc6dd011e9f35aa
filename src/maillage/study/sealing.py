"""Closing and opening the body of an entry that rests on an informant: age to the informant's own key."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

import orjson

from maillage.study import age
from maillage.study.entries import canonical

INFORMANTS = frozenset({"interview", "focus_group", "expert_meeting"})


def sealed(data: Mapping[str, Any], source: str, public: str) -> dict[str, Any]:
    """What stands in the log instead of `data`: whose it is, and the closed body."""
    body = age.close(canonical(data), [public])
    return {"src": source, "body": base64.b64encode(body).decode("ascii")}


def unsealed(closed: Mapping[str, Any], secrets: Mapping[str, str]) -> dict[str, Any] | None:
    """The body, or None where the key is not here (locked, erased) or the body was tampered with."""
    secret = secrets.get(str(closed.get("src")))
    if secret is None:
        return None
    try:
        plain = age.unclose(base64.b64decode(str(closed.get("body")), validate=True), secret)
        body = None if plain is None else orjson.loads(plain)
    except (binascii.Error, orjson.JSONDecodeError):
        return None
    return body if isinstance(body, dict) else None
