"""One thin file a command: it reads the words, calls the verb of the same name and shows what came back."""
