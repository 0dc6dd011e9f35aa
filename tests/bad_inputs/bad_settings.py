"""Settings and cards of a study that came on a USB key: paths that leave it, texts that never end."""

from collections.abc import Callable
from pathlib import Path

from bad import ADD, CHECK, ROWS, RUN, Bad, content

LAUGHS = "[&a0 [x, x]" + "".join(f", &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40)) + "]"
CARD = (*ADD, "places", "--map", "{file}")


def settings(line: str) -> Callable[[Path, Path], Path]:
    """Adds a line to study.yml; a key that stands there already is replaced."""

    def make(folder: Path, study: Path) -> Path:
        path, key = study / "study.yml", line.partition(":")[0]
        kept = [text for text in path.read_text("utf-8").splitlines() if not text.startswith(f"{key}:")]
        path.write_text("\n".join([*kept, line, ""]), "utf-8")
        return path

    return make


def card(line: str) -> Callable[[Path, Path], Path]:
    def make(folder: Path, study: Path) -> Path:
        path = study / "tables" / "places.yml"
        key = line.partition(":")[0]
        kept = [text for text in path.read_text("utf-8").splitlines() if not text.startswith(f"{key}:")]
        path.write_text("\n".join([*kept, line, ""]), "utf-8")
        return path

    return make


WRONG = ("study_settings",)
SETTINGS = {
    "a pack outside": Bad(settings("pack: ../../../etc"), CHECK, ("pack_missing",), more=(RUN,)),
    "a coder who is a path": Bad(settings('coders: ["../../x"]'), CHECK, (), ROWS, more=(RUN,)),
    "a table outside": Bad(card("file: ../../../etc/passwd"), CHECK, ("card_path",), ROWS, more=(RUN,)),
    "aliases that multiply": Bad(settings("countries: " + LAUGHS), CHECK, ("settings_yaml",), more=(RUN,)),
    "an alias of itself": Bad(settings("zones: &z {x: *z}"), CHECK, ("settings_yaml",), more=(RUN,)),
    "nested without end": Bad(settings("zones: " + "{a: " * 20_000 + "}" * 20_000), CHECK, ("settings_yaml",)),
    "an object of Python": Bad(
        settings("zones: !!python/object/apply:os.system [id]"), CHECK, ("settings_yaml",), more=(RUN,)
    ),
    "a card: an alias of itself": Bad(content("c.yml", "map: &a {code: *a}\n"), CARD, ("card_yaml",)),
}  # fmt: skip
