"""Second readers, slow and obvious, one for each format; none of them shares code with the project's own."""
