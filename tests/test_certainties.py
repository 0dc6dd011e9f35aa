"""Words of many sets of clusters at once are the words of each."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.certainties import rank, words_of
from maillage.certainty import Cluster, word

CLUSTERS = st.builds(
    Cluster,
    stance=st.sampled_from(["for", "against", "mixed", "silent"]),
    kind=st.sampled_from(["interview", "desk", "judicial", "event"]),
    credit=st.booleans(),
    final=st.booleans(),
    classes=st.sampled_from([(), ("elder",), ("elder", "trader"), ("trader",)]),
)


@settings(max_examples=300)
@given(st.lists(CLUSTERS, min_size=1, max_size=6, unique=True), st.data())
def test_all_at_once_is_one_by_one(clusters: list[Cluster], data: st.DataObject) -> None:
    row = st.lists(st.integers(0, 5), min_size=len(clusters), max_size=len(clusters)).filter(any)
    counts = data.draw(st.lists(row, min_size=1, max_size=8))
    each = [rank(word({item: count for item, count in zip(clusters, row, strict=True) if count})) for row in counts]
    assert words_of(clusters)(np.array(counts)).tolist() == each


def test_none_is_no_word() -> None:
    silent = Cluster("silent", "interview", credit=False)
    assert words_of([silent])(np.array([[3]])).tolist() == [rank(None)] == [-1]
    assert words_of([silent])(np.empty((0, 1), dtype=np.int64)).tolist() == []
