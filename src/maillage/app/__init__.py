"""Where the user comes in: the command line."""
