"""A mapping compiled to readable SQL."""
