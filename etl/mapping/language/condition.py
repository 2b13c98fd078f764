"""Models of `keep_if` and `then_keep_if`: a condition that decides whether a record counts."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from etl.mapping.language.base import Line, as_list


def _as_condition(value: Any) -> Any:
    return {"when": value} if isinstance(value, str) else value


class Condition(Line):
    """A condition that a record must meet, and what the ledger calls it."""

    when: str = Field(description="A condition in SQL over this source's columns.", min_length=1)
    name: str | None = Field(None, description="What the ledger calls it; the condition's own text when not said.")

    @property
    def rule(self) -> str:
        """The name in the ledger."""
        return self.name or self.when


Conditions = Annotated[
    list[Annotated[Condition, BeforeValidator(_as_condition, json_schema_input_type=Condition | str)]],
    BeforeValidator(as_list, json_schema_input_type=list[Condition | str] | Condition | str),
]
