"""The base model of every part of mapping.yaml."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Line(BaseModel):
    """What any part of a mapping may carry: why it is so, who wrote it, who looked at it."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    note: str | None = Field(None, description="Why this line is as it is.")
    author: str | None = Field(None, description="Who wrote it.")
    reviewer: str | None = Field(None, description="Who checked it.")


def as_list(value: Any) -> Any:
    """Let one entry stand for a list of one."""
    return [value] if isinstance(value, str | dict) else value
