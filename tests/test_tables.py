"""The dictionary of tables: whole in both languages; what does not conform is said row by row."""

import polars as pl
import pytest

from maillage import tables
from maillage.errors import MaillageError


@pytest.mark.parametrize("name", tables.names())
def test_every_column_is_explained_in_both_languages(name: str) -> None:
    known = tables.table(name)
    assert known.title["en"]
    assert known.title["fr"]
    for column in known.columns:
        assert column.type in tables.TYPES
        assert column.meaning["en"].strip()
        assert column.meaning["fr"].strip()
    assert list(tables.empty(name).schema) == known.names


def test_what_conforms_gets_all_columns_in_order_and_type() -> None:
    frame = pl.DataFrame({"value": ["3"], "id": ["x"], "measure": ["m"], "kind": ["k"], "status": ["ok"]})
    conformed = tables.conform(frame, "estimates")
    assert conformed.columns == tables.table("estimates").names
    assert conformed["value"].to_list() == [3.0]
    assert conformed["trace"].dtype == pl.List(pl.String)
    assert tables.conform(conformed, "estimates").equals(conformed)


def test_every_problem_is_found_with_row_and_column() -> None:
    frame = pl.DataFrame(
        {"id": ["x", None], "measure": ["m", "m"], "kind": ["k", "k"], "value": ["3", "many"], "colour": ["r", "g"]}
    )
    with pytest.raises(MaillageError) as problem:
        tables.conform(frame, "estimates")
    found = {(item.code, item.row, item.field) for item in problem.value.findings}
    assert found == {
        ("column_unknown", None, "colour"), ("value_missing", 2, "id"), ("value_type", 2, "value"),
        ("column_missing", None, "status"),
    }  # fmt: skip
    assert problem.value.facts["count"] == 4


def test_a_record_with_a_column_nobody_knows_is_a_mistake_of_ours() -> None:
    with pytest.raises(AssertionError, match="colour"):
        tables.build([{"id": "x", "colour": "red"}], "estimates")


def test_code_lists_of_columns_exist() -> None:
    from maillage import pack

    known = {*tables.codes(), "questions", *pack.load("nexus").lists}
    for name in tables.names():
        for column in tables.table(name).columns:
            assert column.codes is None or column.codes in known, f"{name}.{column.name}"


def test_a_column_is_found_by_name() -> None:
    assert tables.table("sources")["kind"].required
    with pytest.raises(StopIteration):
        tables.table("sources")["nothing"]
