"""What we know and who said so: the folder of plain files and its append-only log."""
