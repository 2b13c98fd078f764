"""A study as a file: the models behind studies/<name>.yaml, strict, in the order in which a reader meets them.

The models hold the form only. `etl.study.definition.check_names` checks that every name leads somewhere.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

CountMethod = Literal["pearson_chi_square", "yates_chi_square", "fisher_exact"]
NumberMethod = Literal["student_t", "welch_t", "kruskal_wallis"]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]


class Part(BaseModel):
    """Any part of a study file: what it does not know is refused."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


def _as_text(value: Any) -> Any:
    return {"en": value} if isinstance(value, str) else value


class Text(Part):
    """Words for people, in English and Korean."""

    en: str = Field(description="In English.", min_length=1)
    ko: str | None = Field(None, description="In Korean; the English words where it is not given.")

    @property
    def korean(self) -> str:
        """The Korean words, or the English ones where there are none."""
        return self.ko or self.en


Words = Annotated[Text, BeforeValidator(_as_text, json_schema_input_type=Text | str)]


class Level(Part):
    """One level of a categorical variable: cells that have one of these values, or numbers in an interval."""

    label: Words | None = Field(None, description="What readers see; the level itself when not given.")
    values: list[str | int] = Field([], description="Values of the column that belong to the level.")
    above: float | None = Field(None, description="Numbers above this one belong to the level.")
    at_least: float | None = Field(None, description="Numbers from this one on belong to the level.")
    below: float | None = Field(None, description="Numbers below this one belong to the level.")
    at_most: float | None = Field(None, description="Numbers up to this one belong to the level.")

    @model_validator(mode="after")
    def _is_one_form(self) -> "Level":
        bounds = (self.above, self.at_least, self.below, self.at_most)
        has_bounds = any(bound is not None for bound in bounds)
        if bool(self.values) == has_bounds:
            raise ValueError("give either 'values' or bounds (above, at_least, below, at_most)")
        if (self.above is not None and self.at_least is not None) or (
            self.below is not None and self.at_most is not None
        ):
            raise ValueError("give one lower and one upper bound at most")
        return self


def _as_level(value: Any) -> Any:
    if isinstance(value, str | int):
        return {"values": [value]}
    return {"values": value} if isinstance(value, list) else value


LevelForm = Annotated[Level, BeforeValidator(_as_level, json_schema_input_type=Level | list[str | int] | str | int)]


class Variable(Part):
    """One thing known of each patient: a column of analysis.cohort, as a number or in levels."""

    column: Name = Field(description="The column of analysis.cohort.")
    label: Words = Field(description="What readers see.")
    kind: Literal["number", "levels", "yes_no"] = Field("levels", description="A number, levels, or yes and no.")
    levels: dict[str, LevelForm] = Field(
        {}, description="The levels in order; the first is the reference of models. Of yes_no: no, then yes."
    )
    unit: str | None = Field(None, description="Unit of the number, after the division.")
    divide_by: float = Field(1, gt=0, description="What the column's number is divided by.")
    decimals: int = Field(2, ge=0, le=6, description="Decimals of means in tables.")
    applies_to: dict[Name, list[str]] = Field(
        {}, description="Levels by variable: of all other patients the variable is not missing, it does not apply."
    )
    onset: Name | None = Field(
        None, description="Kind of analysis.onset: what is known only after time zero begins on that day."
    )

    @model_validator(mode="after")
    def _has_its_levels(self) -> "Variable":
        if self.kind == "levels" and not self.levels:
            raise ValueError("a variable in levels needs 'levels'")
        if self.kind == "number" and self.levels:
            raise ValueError("a number has no levels; write kind: levels")
        if self.kind == "yes_no" and not self.is_yes_no:
            raise ValueError("the levels of yes_no are 'no' and 'yes', in this order")
        return self

    @property
    def all_levels(self) -> dict[str, Level]:
        """The levels in order, those of yes_no written out; none for a number."""
        if self.kind == "yes_no" and not self.levels:
            return {
                "no": Level(label=Text(en="No", ko="아니오"), values=["false"]),
                "yes": Level(label=Text(en="Yes", ko="예"), values=["true"]),
            }
        return self.levels

    @property
    def is_yes_no(self) -> bool:
        """Whether its levels are no and yes, in this order; `kind: levels` can have them, too."""
        return list(self.all_levels) == ["no", "yes"]


class Population(Part):
    """Patients who have one of the named levels of every named variable."""

    label: Words = Field(description="What readers see.")
    where: dict[Name, list[str]] = Field(description="Levels by variable.", min_length=1)


class Row(Part):
    """One row of a table: a variable, and how its groups are compared."""

    variable: Name = Field(description="The variable.")
    show: list[str] = Field([], description="Levels that are printed; all when none is named.")
    summary: Literal["mean_sd", "mean", "median", "median_quartiles"] = Field(
        "mean_sd", description="How a number is printed; every summary is computed."
    )
    test: CountMethod | NumberMethod | None = Field(
        None, description="The test that the publication used; the stated rule's own choice is computed next to it."
    )
    label: Words | None = Field(None, description="What readers see; the variable's label when not given.")
    footnote: Words | None = Field(None, description="What a reader must know of the row.")


def _as_row(value: Any) -> Any:
    return {"variable": value} if isinstance(value, str) else value


class Table(Part):
    """A table of patients: a row for each variable, a column for each group."""

    title: Words = Field(description="The table's title.")
    population: Name = Field(description="Who is in it.")
    groups: Name | None = Field(None, description="The variable whose levels are the columns; all in one when absent.")
    rows: list[Annotated[Row, BeforeValidator(_as_row, json_schema_input_type=Row | str)]] = Field(min_length=1)
    footnote: Words | None = Field(None, description="What a reader must know of the table.")


class Endpoint(Part):
    """A time to an event: days and whether the event was seen, from two columns of analysis.cohort."""

    label: Words = Field(description="What readers see.")
    time: Name = Field(description="Column with days from time zero to the event or to censoring.")
    event: Name = Field(description="Column that is true where the event was seen, false where it was censored.")
    competing_time: Name | None = Field(
        None, description="Days to the event or the competing one, whichever came first."
    )
    competing_event: Name | None = Field(None, description="True where either was seen.")


class Curve(Part):
    """A Kaplan-Meier curve, or several that are compared."""

    title: Words = Field(description="What readers see.")
    endpoint: Name = Field(description="The endpoint.")
    population: Name = Field(description="Who is in it.")
    by: Name | None = Field(None, description="The variable whose levels are compared.")
    figure: str | None = Field(None, description="The figure of the publication, such as 1A.")


class Outcome(Part):
    """A binary outcome: one level of a variable against its other levels."""

    variable: Name = Field(description="The variable.")
    level: str = Field(description="The level that counts as the outcome.")


class Screened(Part):
    """Candidates that another model has found significant, each on its own."""

    significant_in: Name = Field(description="The model with `selection: each`.")
    below: float = Field(0.05, gt=0, lt=1, description="Whole factors with a p below this are candidates.")


class Model(Part):
    """A logistic model of an outcome, or a Cox model of an endpoint."""

    title: Words = Field(description="What readers see.")
    population: Name = Field(description="Who is in it.")
    outcome: Outcome | None = Field(None, description="What a logistic model explains.")
    endpoint: Name | None = Field(None, description="What a Cox model explains.")
    ties: Literal["breslow", "efron", "exact"] = Field("breslow", description="How a Cox model handles ties.")
    variables: list[Name] = Field(min_length=1, description="The candidates, in the order of the table.")
    candidates: Screened | None = Field(None, description="Only those variables are candidates.")
    selection: Literal["each", "all", "forward_conditional"] = Field(
        "all", description="Each variable on its own, all together, or forward conditional stepwise."
    )
    enter_below: float = Field(0.05, gt=0, lt=1, description="A variable enters at a score test's p below this.")
    remove_above: float = Field(0.10, gt=0, lt=1, description="It leaves at a conditional p above this.")

    @model_validator(mode="after")
    def _has_one_outcome(self) -> "Model":
        if (self.outcome is None) == (self.endpoint is None):
            raise ValueError("give either 'outcome' (logistic) or 'endpoint' (Cox)")
        return self

    @property
    def kind(self) -> Literal["logistic", "cox"]:
        """Logistic for an outcome, Cox for an endpoint."""
        return "logistic" if self.outcome else "cox"


class Sensitivity(Part):
    """What a reviewer asks for next to the publication's own analyses; each kind names what it is run for."""

    landmark_months: list[float] = Field([], description="Landmarks for variables that begin after time zero.")
    time_dependent: list[Name] = Field([], description="Endpoints for which they are time-dependent in Cox models.")
    later_variables: list[Name] = Field(
        [], description="Yes-or-no variables with an onset that are in no Cox model, and are fitted in these ways, too."
    )
    ties: list[Name] = Field([], description="Cox models that are fitted again with Efron's ties.")
    stratified_by_site: list[Name] = Field([], description="Models fitted again with the hospital as stratum.")
    heterogeneity: list[Name] = Field([], description="Models whose terms are estimated in each hospital.")
    imputed: list[Name] = Field([], description="Models fitted again after multiple imputation.")
    imputations: int = Field(20, ge=2, le=200, description="How many imputations.")
    firth: list[Name] = Field([], description="Logistic models fitted again by Firth's penalised likelihood.")
    weighted: list[Name] = Field([], description="Logistic models fitted again with weights for censoring.")
    horizon_days: float | None = Field(None, gt=0, description="The day at which the weighted outcome is judged.")
    horizon_endpoint: Name | None = Field(
        None, description="The weighted outcome is living beyond the horizon without this endpoint's event."
    )
    validated: list[Name] = Field([], description="Models whose calibration and discrimination are measured.")
    bootstrap: int = Field(200, ge=0, le=10_000, description="Bootstrap samples of the selection of variables.")
    splines: list[Name] = Field([], description="Numbers whose linearity is tested in the models that have them.")
    competing: list[Name] = Field([], description="Curves for which cumulative incidence is estimated.")
    event_rates: list[Name] = Field([], description="Kinds of analysis.onset counted per time on the drug.")
    seed: int = Field(20210613, ge=0, lt=2**31, description="Seed of everything that draws.")


class StudyFile(Part):
    """A study: who is in it, what is known of them, and which tables, curves and models it has."""

    study: Name = Field(description="Name of the study, as of the file.")
    title: Words = Field(description="Title of the study.")
    source: str = Field("", description="The publication that the study repeats.")
    published: str | None = Field(
        None, pattern=r"^[^/\\.][^/\\]*$", description="CSV of printed figures under studies/published/."
    )
    populations: dict[Name, Population] = Field(min_length=1)
    variables: dict[Name, Variable] = Field(min_length=1)
    tables: dict[Name, Table] = Field({})
    endpoints: dict[Name, Endpoint] = Field({})
    curves: dict[Name, Curve] = Field({})
    models: dict[Name, Model] = Field({})
    sensitivity: Sensitivity = Field(Sensitivity())
