"""The YAML files that come with maillage, parsed once a machine: every command spent a tenth of a second on them."""

from pathlib import Path
from typing import Any

import orjson
import yaml

from maillage import cached


def read(path: Path) -> Any:
    """What the file says; for files of the package alone. Raises those of YAML."""
    text = path.read_bytes()
    kept = cached.kept("yaml", text, lambda: _plain(text))
    return orjson.loads(kept) if kept else yaml.load(text, Loader=yaml.CSafeLoader)


def _plain(text: bytes) -> bytes:
    """As JSON; empty where JSON cannot say the same, as with keys that are numbers."""
    said = yaml.load(text, Loader=yaml.CSafeLoader)
    try:
        made = orjson.dumps(said)
    except TypeError:
        return b""
    return made if repr(orjson.loads(made)) == repr(said) else b""
