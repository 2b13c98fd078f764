"""What a study asks for, read from reference.study_*: the labels and the order of everything in its report."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class Variable:
    """A variable of the study with its levels (name and label, in order); a number has none."""

    name: str
    label: str
    unit: str | None
    is_number: bool
    onset: str | None
    levels: dict[str, str]


@dataclass(frozen=True)
class Curve:
    """A survival curve of the study."""

    name: str
    title: str
    title_ko: str
    endpoint: str
    endpoint_label: str
    endpoint_label_ko: str
    population: str
    by: str | None
    figure: str | None


@dataclass(frozen=True)
class StudyTable:
    """A table of the study."""

    name: str
    title: str
    population: str
    group: str | None
    footnote: str | None


@dataclass(frozen=True)
class ModelAsked:
    """A model that the study asks for; `selection` is each, all or forward_conditional."""

    name: str
    title: str
    title_ko: str
    population: str
    outcome: str | None
    outcome_level: str | None
    endpoint: str | None
    selection: str
    significant_in: str | None


@dataclass(frozen=True)
class Outline:
    """A study's own words."""

    study_id: str
    title: str
    source: str | None
    definition_sha256: str
    variables: dict[str, Variable]
    populations: dict[str, str]
    tables: tuple[StudyTable, ...]
    curves: tuple[Curve, ...]
    models: tuple[ModelAsked, ...]
    fits: dict[str, str]
    """Labels of the ways in which models are fitted and set next to one another, in the order of columns."""
    korean: dict[tuple[str, str], str]
    """Korean label by variable and level; with an empty level, of the variable itself."""

    def level_label(self, variable: str | None, level: str | None) -> str:
        """The label of a level; the level itself when the study has no word for it."""
        known = self.variables.get(variable or "")
        return (known.levels.get(level or "") if known else None) or str(level or "")

    def variable_label(self, variable: str | None) -> str:
        """The label of a variable with its unit."""
        known = self.variables.get(variable or "")
        if known is None:
            return str(variable or "")
        return f"{known.label}, {known.unit}" if known.unit else known.label


def read_outline(con: "duckdb.DuckDBPyConnection", study_id: str) -> Outline | None:
    """Read the outline of a study; None when the warehouse has none of that name."""
    head = con.execute(
        "SELECT title, source, definition_sha256 FROM reference.study WHERE study_id = ?", [study_id]
    ).fetchone()
    if head is None:
        return None
    levels: dict[str, dict[str, str]] = {}
    korean: dict[tuple[str, str], str] = {}
    for variable, level, label, label_ko in con.execute(
        "SELECT variable, level, label, label_ko FROM reference.study_level WHERE study_id = ? "
        "ORDER BY variable, position",
        [study_id],
    ).fetchall():
        levels.setdefault(variable, {})[level] = label
        korean[variable, level] = label_ko or label
    rows = con.execute(
        "SELECT variable, label, unit, is_number, onset, label_ko FROM reference.study_variable WHERE study_id = ? "
        "ORDER BY position",
        [study_id],
    ).fetchall()
    korean |= {(row[0], ""): row[5] or row[1] for row in rows}
    variables = {
        name: Variable(name, label, unit, is_number, onset, levels.get(name, {}))
        for name, label, unit, is_number, onset, _ in rows
    }
    tables = con.execute(
        "SELECT table_id, title, population, group_variable, footnote FROM reference.study_table WHERE study_id = ? "
        "ORDER BY position",
        [study_id],
    ).fetchall()
    curves = con.execute(
        "SELECT curve, title, title_ko, curve.endpoint, label, label_ko, population, by_variable, figure "
        "FROM reference.study_curve AS curve JOIN reference.study_endpoint AS endpoint USING (study_id, endpoint) "
        "WHERE study_id = ? ORDER BY position",
        [study_id],
    ).fetchall()
    models = con.execute(
        "SELECT model, title, title_ko, population, outcome_variable, outcome_level, endpoint, selection, significant_in "
        "FROM reference.study_model WHERE study_id = ? ORDER BY position",
        [study_id],
    ).fetchall()
    populations = con.execute(
        "SELECT population, label FROM reference.study_population WHERE study_id = ? ORDER BY position", [study_id]
    ).fetchall()
    fits = con.execute(
        "SELECT fit_kind, label FROM reference.fit_kind WHERE place IS NOT NULL ORDER BY place"
    ).fetchall()
    return Outline(
        study_id=study_id,
        title=head[0],
        source=head[1],
        definition_sha256=head[2],
        variables=variables,
        populations=dict(populations),
        tables=tuple(StudyTable(*row) for row in tables),
        curves=tuple(Curve(*row) for row in curves),
        models=tuple(ModelAsked(*row) for row in models),
        fits=dict(fits),
        korean=korean,
    )
