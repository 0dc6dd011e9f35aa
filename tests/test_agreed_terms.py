"""One French word for one thing: terms that a reader met in two forms keep to the form agreed on."""

import re
from pathlib import Path

import pytest

from maillage import labels as words
from maillage import plain_yaml

SOURCE = Path(words.__file__).parent
ROOT = Path(__file__).parents[1]
AGREED = {
    r"soupçons? déclaré|déclarations? de soupçon": "déclarations d'opérations suspectes",
    r"trafic de migrants": "trafic illicite de migrants",
    r"zakat imposée": "zakat forcée",
    r"bord du pays": "frontière",
    r"\b(?:est|sont) dits? (?:le )?\w+er\b|\bdits? exister\b": "a sentence with « on dit que » or the conditional",
    r"trop petite\b": "trop faible, of a p value",
}
ENGLISH = {
    r"\bimposed zakat\b": "forced zakat",
    r"\btold of\b": "mentioned, described, said",
    r"\bhangs? together\b": "resemble each other",
}


def told() -> list[tuple[str, str, str]]:
    """File, language and text: every sentence of the package and its pack, and the text of the study of Mali."""
    files = [*SOURCE.glob("phrases/*.yml"), *SOURCE.glob("packs/**/*.yml")]
    found = [
        (path.name, lang, text) for path in files for lang, text in _texts(plain_yaml.read(path.read_text("utf-8")))
    ]
    for lang in ("en", "fr"):
        path = ROOT / "studies" / "mali" / "narrative" / f"{lang}.md"
        found.append((path.name, lang, path.read_text("utf-8")))
    return found


def _read(path: Path) -> object:
    return plain_yaml.read(path.read_text("utf-8"))


def _texts(item: object) -> list[tuple[str, str]]:
    if isinstance(item, list):
        return [text for part in item for text in _texts(part)]
    if not isinstance(item, dict):
        return []
    own = [(lang, item[lang]) for lang in ("en", "fr") if isinstance(item.get(lang), str)]
    return own + [text for part in item.values() for text in _texts(part)]


@pytest.mark.parametrize(("lang", "wrong", "right"), [
    *(("fr", wrong, right) for wrong, right in AGREED.items()),
    *(("en", wrong, right) for wrong, right in ENGLISH.items()),
])  # fmt: skip
def test_a_term_keeps_to_its_agreed_form(lang: str, wrong: str, right: str) -> None:
    met = [(name, text[:90]) for name, of, text in told() if of == lang and re.search(wrong, text, re.IGNORECASE)]
    assert not met, f"say {right}"


def test_the_french_of_an_index_keeps_zone_for_the_zones_of_a_study() -> None:
    for name in (
        "phrases/index.yml",
        "phrases/charts_index.yml",
        "packs/nexus/indices.yml",
        "packs/nexus/measures.yml",
    ):
        texts = _texts(plain_yaml.read((SOURCE / name).read_text("utf-8")))
        assert not [text for lang, text in texts if lang == "fr" and re.search(r"\bzones?\b", text)], name
