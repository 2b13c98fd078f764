"""The forms of mapping.yaml, and how a mistake in them is reported."""
