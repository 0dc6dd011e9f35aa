"""Libraries that are heavy to import and needed by few studies: named at the top of a file, imported at first use."""

import importlib
from typing import Any


class Later:
    """Stands for a module until somebody asks it for something.

    At the top of a file: `if TYPE_CHECKING: from scipy import special`, `else: special = Later("scipy.special")`.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        found = getattr(importlib.import_module(self._name), attribute)
        setattr(self, attribute, found)
        return found
