"""One file a command: where the floors meet."""
