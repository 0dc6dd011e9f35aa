"""Rounds of study.yml: a period alone, or with a label in each language and the version of the pack asked with."""

from pathlib import Path

import yaml

from folders import STUDIES
from maillage.study.folder import open_study


def test_rounds_come_in_the_order_of_time_with_their_labels_and_versions(tmp_path: Path) -> None:
    raw = yaml.safe_load((STUDIES / "practice" / "study.yml").read_text("utf-8"))
    raw["rounds"] = {
        "after": {"period": "2024-05/2024-06", "label": "seconde", "pack_version": 1.1},
        "before": 2023,
        "middle": {"period": "2024-01", "label": {"en": "in between", "fr": "entre les deux"}},
    }
    (tmp_path / "study.yml").write_text(yaml.safe_dump(raw, allow_unicode=True), "utf-8")
    study = open_study(tmp_path).settings
    assert list(study.rounds.items()) == [("before", "2023"), ("middle", "2024-01"), ("after", "2024-05/2024-06")]
    labels = {"middle": {"en": "in between", "fr": "entre les deux"}, "after": {"en": "seconde", "fr": "seconde"}}
    assert study.named_rounds == {"before": {}, **labels}
    assert study.round_versions == {"after": "1.1"}
