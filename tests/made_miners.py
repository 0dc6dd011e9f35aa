"""Sixteen people, three of them miners; six tell of cooperation."""

from maillage.study.entries import Draft

PEOPLE = 16


def heard(at: int, stakeholder: str | None = None) -> list[Draft]:
    """The entries of one of them and of what they say; stakeholder: of which class, else miners and traders."""
    who = {"id": f"I{at:02}", "kind": "interview", "consent": "anonymous",
           "stakeholder": stakeholder or ("artisanal_miner" if at < 3 else "trader")}  # fmt: skip
    said = {"source": who["id"], "kind": "link", "question": "link",
            "answer": "cooperation" if at % 3 == 0 else "denied"}  # fmt: skip
    return [Draft("assert", "source", who), Draft("assert", "observation", said)]


def everybody(stakeholder: str | None = None) -> list[Draft]:
    """The entries of all."""
    return [draft for at in range(PEOPLE) for draft in heard(at, stakeholder)]
