"""maillage: from evidence to a bilingual study in which every number can be opened.

    import maillage as ml
    study = ml.open("studies/mali")
    results = ml.run(study)
    results.estimates.filter(measure="links", place="ML07")
    ml.trace(study, results, "links/ML07/coopetition")

Names are found when they are first used: importing the package imports nothing else.
"""

import importlib

_WHERE = {
    "open": ("maillage.study.folder", "open_study"),
    "new": ("maillage.verbs.new", "new"),
    "check": ("maillage.verbs.check", "check"),
    "trace": ("maillage.verbs.trace", "trace"),
    "release": ("maillage.verbs.release", "release"),
    "run": ("maillage.run", None),
    "measure": ("maillage.measure", None),
    "decide": ("maillage.decide", None),
    "publish": ("maillage.publish", None),
}


def __getattr__(name: str) -> object:
    """A public name, imported on first use."""
    if name not in _WHERE:
        raise AttributeError(f"module 'maillage' has no attribute {name!r}")
    module, attribute = _WHERE[name]
    found = importlib.import_module(module)
    return found if attribute is None else getattr(found, attribute)


def __dir__() -> list[str]:
    """The public names."""
    return sorted(_WHERE)
