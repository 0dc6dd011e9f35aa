"""Estimates to choices: actions beside the needs and the evidence of each area, and how firm a ranking is."""

from maillage.decide import priorities

__all__ = ["priorities"]
