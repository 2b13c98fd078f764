"""What builds the environment and the documents; no part of the program."""
