"""Every kind of finding is declared once, with an answer to every question that is asked of it."""

import ast
import re
from collections import Counter
from dataclasses import MISSING, fields, replace
from pathlib import Path
from typing import get_args

import pytest

from etl.findings import (
    CATEGORIES,
    RULES,
    SEVERITIES,
    Against,
    Costs,
    FoundBy,
    Rule,
    Shows,
    rules_against,
    rules_found_by,
)
from etl.quality.plausibility import DIRECTORY
from schemas.catalogue import all_tables

WHOLE = RULES["not_a_number"]
ANSWERS = [field.name for field in fields(Rule) if field.default is MISSING]


@pytest.mark.parametrize("question", ANSWERS)
def test_a_rule_without_an_answer_is_refused(question: str) -> None:
    answers = {name: getattr(WHOLE, name) for name in ANSWERS if name != question}
    with pytest.raises(TypeError, match=question):
        Rule(**answers)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_every_answer_is_one_of_those_that_there_are(rule: Rule) -> None:
    assert mistakes(rule) == []


MAPPING_WORDS = re.compile(r"mapping|yaml|'\w+:?'|recode|\bhcc\b|schemas/")
"""What a hospital has never seen: the mapping, its options, the program."""

HOSPITAL_WORDS = re.compile(r"Correct the (?:cell|date|value|record|workbook)|Fill")
"""What only the hospital can do: change its own data."""


def is_of_the_mapping(rule: Rule) -> bool:
    """Whether the finding is about what we make of a delivery, so that the hospital has nothing to do."""
    return rule.found_by == "headers" or rule.severity == "note" or rule.checks == ("isin",)


def test_only_what_the_mapping_makes_is_nothing_to_a_hospital() -> None:
    assert {rule.name for rule in RULES.values() if not rule.for_hospital} == {
        "blank_lines",
        "default_taken",
        "never_filled",
        "not_in_code_list",
        "unused_column",
        "unused_file",
        "unused_sheet",
        "unused_source",
    }


def mistakes(rule: Rule) -> list[str]:
    """List the answers of a rule that are none, or that do not go together."""
    known = {
        "found_by": get_args(FoundBy),
        "category": CATEGORIES,
        "severity": SEVERITIES,
        "costs": get_args(Costs),
        "shows": get_args(Shows),
        "against": (None, *get_args(Against)),
    }
    found = [name for name, answers in known.items() if getattr(rule, name) not in answers]
    found += [name for name in ("name", "says", "for_data_manager") if not getattr(rule, name)]
    found += ["for_hospital"] if not rule.for_hospital and not is_of_the_mapping(rule) else []
    found += ["for_hospital speaks of the mapping"] if MAPPING_WORDS.search(rule.for_hospital) else []
    to_hospital = (rule.says_to_hospital or rule.says) if rule.for_hospital else ""
    found += ["says to the hospital what only we know"] if MAPPING_WORDS.search(to_hospital) else []
    found += ["for_data_manager tells the hospital"] if HOSPITAL_WORDS.search(rule.for_data_manager) else []
    for name in ("says", "says_to_hospital"):
        said = getattr(rule, name)
        found += [name] if set(re.findall(r"{(\w*)}", said)) - {"found", "expected"} else []
        found += [f"{name} ends in a full stop"] if said.endswith(".") else []
    found += [
        name
        for name in ("for_hospital", "for_data_manager")
        if (said := getattr(rule, name)) and not said.endswith(".")
    ]
    found += ["against"] if rule.found_by in {"changes", "sites"} and rule.against is None else []
    found += ["checks"] if rule.checks and rule.found_by != "gate" else []
    found += ["costs"] if rule.found_by in {"headers", "rows", "changes", "sites"} and rule.costs != "none" else []
    return found


@pytest.mark.parametrize(
    ("changed", "mistake"),
    [
        ({"found_by": "nobody"}, "found_by"),
        ({"costs": "cell"}, "costs"),
        ({"says": "{value} is wrong"}, "says"),
        ({"for_hospital": ""}, "for_hospital"),
        ({"for_data_manager": ""}, "for_data_manager"),
        ({"for_hospital": "Correct the cell"}, "for_hospital"),
        ({"for_hospital": "List it under 'missing'."}, "for_hospital speaks of the mapping"),
        ({"says": "the mapping lacks {found}"}, "says to the hospital what only we know"),
        ({"says_to_hospital": "{value} is wrong"}, "says_to_hospital"),
        ({"for_hospital": "Correct mapping.yaml."}, "for_hospital speaks of the mapping"),
        ({"for_data_manager": "Correct the cell."}, "for_data_manager tells the hospital"),
        ({"found_by": "changes", "costs": "none"}, "against"),
        ({"checks": ("isin",)}, "checks"),
        ({"found_by": "rows"}, "costs"),
    ],
)
def test_a_mistaken_answer_is_found(changed: dict[str, object], mistake: str) -> None:
    assert mistake in mistakes(replace(WHOLE, **changed))  # type: ignore[arg-type]


def test_every_check_of_the_model_is_reported_by_one_rule() -> None:
    made = {"not_nullable"} | {check for table in all_tables() for column in table.columns for check in column.checks}
    reported = Counter(check for rule in RULES.values() for check in rule.checks)
    assert made <= set(reported)
    assert set(reported.values()) == {1}


def test_a_search_of_rows_is_a_query_of_the_same_name() -> None:
    assert {file.stem.partition("__")[0] for file in DIRECTORY.glob("*.sql")} == set(rules_found_by("rows"))


def test_rules_are_asked_for_by_what_they_are() -> None:
    assert rules_found_by("headers") == ("unused_column", "unused_source", "never_filled")
    assert rules_found_by("changes") == ("unit_changed", "scale_changed", "codes_changed")
    assert rules_found_by("sites") == ("scale_differs", "fill_rate_differs")
    assert rules_against("last delivery") == ("patient_withdrawn", "unit_changed", "scale_changed", "codes_changed")
    assert rules_against("other hospitals") == ("same_person", "scale_differs", "fill_rate_differs")
    costless = {name for name in rules_found_by("mapping") if RULES[name].costs == "none"}
    assert {"condition_unknown", "unit_missing"} <= costless
    assert {RULES[name].costs for name in ("parent_refused", "unknown_parent")} == {"row"}


def test_cells_of_a_hospital_are_shown_in_quotes() -> None:
    assert {rule.name for rule in RULES.values() if rule.shows == "cell"} == {
        "not_a_number",
        "not_a_date",
        "not_a_boolean",
        "unlisted_code",
        "default_taken",
        "no_anchor_day",
        "no_counted_day",
        "no_match",
        "unit_does_not_fit",
        "unlisted_unit",
        "not_in_code_list",
        "wrong_form",
    }


def lists_of_rules(program: str) -> list[int]:
    """Number the lines of a program where two or more names of rules stand in one list, tuple or set, or as keys."""
    found = []
    for node in ast.walk(ast.parse(program)):
        items = node.keys if isinstance(node, ast.Dict) else getattr(node, "elts", [])
        named = [item.value for item in items if isinstance(item, ast.Constant) and item.value in RULES]
        if len(named) > 1 and isinstance(node, ast.List | ast.Tuple | ast.Set | ast.Dict):
            found.append(node.lineno)
    return found


def test_no_program_lists_rules_of_its_own() -> None:
    programs = [path for path in sorted(Path("etl").rglob("*.py")) if "synthetic" not in path.parts]
    assert len(programs) > 100
    assert [path for path in programs if lists_of_rules(path.read_text(encoding="utf-8"))] == []


def test_a_list_of_rules_that_slips_in_is_found() -> None:
    assert lists_of_rules('QUOTED = frozenset({"not_a_number", "not_a_date"})') == [1]
    assert lists_of_rules('\nHOW = {"isin": "not_in_code_list", "unused_file": 1, "unused_sheet": 2}') == [2]
    assert lists_of_rules('ONE = ("not_a_number", "x")') == []


def test_one_function_writes_findings() -> None:
    programs = [*Path("etl").rglob("*.py"), *Path("etl").rglob("*.sql")]
    assert [path.name for path in programs if writes_findings(path.read_text(encoding="utf-8"))] == [
        "write_findings.py"
    ]


def writes_findings(text: str) -> list[str]:
    written = r'INTO quality\.(?:finding\b|{)|insert_\w+\(\s*\w+,\s*f?"quality\.(?:finding\b|{)'
    return re.findall(written, text, flags=re.IGNORECASE)


def test_a_second_writer_of_findings_is_found() -> None:
    assert writes_findings("con.execute('INSERT INTO quality.finding SELECT 1')")
    assert writes_findings('insert_rows(con, "quality.finding", columns, rows)')
    assert writes_findings('insert_rows(con, f"quality.{table}", columns, rows)')
    assert not writes_findings("SELECT 1 FROM quality.finding")
