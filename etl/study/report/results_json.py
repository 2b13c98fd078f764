"""The study's numbers as analysis results data, in the structure of CDISC's Analysis Results Standard (ARS).

A reporting event has analysis sets (populations), data subsets (levels of variables), analysis groupings (variables
whose levels are columns or strata), methods with their operations, and analyses, each with its results: an operation,
the groups and subset that it is of, the raw and the formatted value.
"""

import json
from typing import TYPE_CHECKING, Any

from etl.study.report.outline import Outline

if TYPE_CHECKING:
    import duckdb

RESULTS_SQL = """
SELECT
    result_id, analysis_id, population, grouping_variable, group_level, variable, level, sequence, method, operation,
    raw_value, formatted_value, text, note
FROM analysis.result
WHERE study_id = ?
ORDER BY analysis_id, result_id
"""
POPULATIONS_SQL = "SELECT population, label FROM reference.study_population WHERE study_id = ? ORDER BY position"


def results_text(con: "duckdb.DuckDBPyConnection", outline: Outline) -> str:
    """Write the reporting event as JSON; each row of analysis.result of the study is one result.

    Returns:
        the JSON text, with a line for each result.
    """
    cursor = con.execute(RESULTS_SQL, [outline.study_id])
    names = [column[0] for column in cursor.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    event = {
        "id": outline.study_id,
        "name": f"{outline.title}",
        "version": "1",
        "analysisSets": _analysis_sets(con, outline.study_id, rows),
        "dataSubsets": _data_subsets(rows),
        "analysisGroupings": _groupings(rows),
        "methods": _methods(rows),
        "analyses": _analyses(rows),
    }
    return json.dumps({"reportingEvent": event}, ensure_ascii=False, indent=1) + "\n"


def _analysis_sets(con: "duckdb.DuckDBPyConnection", study_id: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    labels = dict(con.execute(POPULATIONS_SQL, [study_id]).fetchall())
    used = dict.fromkeys([*labels, *sorted({row["population"] for row in rows})])
    return [{"id": name, "label": labels.get(name, name)} for name in used]


def _data_subsets(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Name every level of a variable that a number is of."""
    subsets = sorted({_subset_of(row) for row in rows if row["level"] is not None})
    return [
        {
            "id": f"{variable}={level}",
            "condition": {"variable": variable, "comparator": "EQ", "value": [level]},
        }
        for variable, level in subsets
    ]


def _subset_of(row: dict[str, Any]) -> tuple[str, str]:
    """Name variable and level of a number; a level without a variable is a cause, of cumulative incidence."""
    return row["variable"] or "cause", row["level"]


def _groupings(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    groups: dict[str, set[str]] = {}
    for row in rows:
        if row["group_level"] is not None:
            groups.setdefault(_grouping_of(row), set()).add(row["group_level"])
    return [
        {
            "id": name,
            "groupingVariable": name,
            "dataDriven": True,
            "groups": [{"id": f"{name}={level}", "label": level} for level in sorted(levels)],
        }
        for name, levels in sorted(groups.items())
    ]


def _methods(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    operations: dict[str, set[str]] = {}
    for row in rows:
        operations.setdefault(row["method"], set()).add(row["operation"])
    return [
        {
            "id": method,
            "name": method.replace("_", " "),
            "operations": [{"id": f"{method}.{name}", "name": name} for name in sorted(names)],
        }
        for method, names in sorted(operations.items())
    ]


def _analyses(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put the results together by analysis, variable and method: an analysis of ARS has one of each."""
    analyses: dict[tuple[str, str | None, str], list[dict[str, Any]]] = {}
    for row in rows:
        analyses.setdefault((row["analysis_id"], row["variable"], row["method"]), []).append(row)
    return [
        {
            "id": ".".join(filter(None, (analysis, variable, method))),
            "analysisId": analysis,
            "analysisSetId": members[0]["population"],
            "variable": variable,
            "methodId": method,
            "results": [_result(member) for member in members],
        }
        for (analysis, variable, method), members in analyses.items()
    ]


def _result(row: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": row["result_id"],
        "operationId": f"{row['method']}.{row['operation']}",
        "rawValue": row["raw_value"],
        "formattedValue": row["formatted_value"] or row["text"],
    }
    if row["level"] is not None:
        found["dataSubsetId"] = "=".join(_subset_of(row))
    if row["group_level"] is not None:
        grouping = _grouping_of(row)
        found["resultGroups"] = [{"groupingId": grouping, "groupId": f"{grouping}={row['group_level']}"}]
    if row["sequence"]:
        found["sequence"] = row["sequence"]
    if row["note"]:
        found["note"] = row["note"]
    return found


def _grouping_of(row: dict[str, Any]) -> str:
    """Name the grouping factor: the table's or curve's variable, or else what the analysis groups by."""
    return row["grouping_variable"] or f"group of {str(row['analysis_id']).partition('.')[0]}"
