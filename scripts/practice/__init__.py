"""The practice study: an invented country whose every answer is known beforehand, made from a seed."""
