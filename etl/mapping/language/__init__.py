"""The Pydantic models of mapping.yaml, and how a mistake in their form is reported."""
