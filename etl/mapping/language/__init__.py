"""The Pydantic models of mapping.yaml, one file for each idea, and how a mistake in their form is reported."""
