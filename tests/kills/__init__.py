"""Kills at random moments, over all commands that write; not part of the suite: `make kills`."""
