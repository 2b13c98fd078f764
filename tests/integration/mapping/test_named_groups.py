"""Groups of columns whose names follow no pattern: each is written out, and reads as a pattern would."""

import pytest
from support.mapping_site import HEAD, read_site, run_table

from etl.mapping.compiler.measured_columns import measured_columns
from etl.mapping.compiler.source_columns import check_columns
from warehouse.errors import DeliveryError, MappingError

NAMED = (
    HEAD
    + """\
  lab_result:
    from: visits
    unpivot:
      name: test
      columns_by_group:
        ALT: {result: SGPT, low: "ALT 하한", high: GPT_UL}
        AST: {result: GOT(AST), low: null, high: "{test} x"}
    unless_empty: [result]
    columns:
      patient_id: pid
      taken_on: {constant: "2010-01-01"}
      analyte_code: {column: test, recode: {ALT: alt}}
      reported_value: {column: result, number: {}}
      reported_unit: {constant: U/L}
      lower_limit: {column: low, number: {}}
      upper_limit: {column: high, number: {}}
"""
)
COLUMNS = ["pid", "SGPT", "ALT 하한", "GPT_UL", "GOT(AST)", "{test} x"]
RECORDS = [["P1", "40", "5", "35", "NA", "40"], ["P2", "", "5", "", "51", "upper"], ["P3", "x", "", "", " 7 ", "9"]]


def test_each_group_names_its_own_columns(tmp_path):
    mapping = read_site(tmp_path, NAMED)
    outcome = run_table(mapping, "lab_result", COLUMNS, RECORDS)
    names = ("_record", "_ordinal", "analyte_code", "reported_value", "lower_limit", "upper_limit")
    assert [tuple(row[name] for name in names) for row in outcome.rows] == [
        (1, 1, "alt", 40, 5, 35),
        (2, 2, None, 51, None, None),
        (3, 1, "alt", None, None, None),
        (3, 2, None, 7, None, 9),
    ]
    assert [(row["_record"], row["_ordinal"]) for row in outcome.empty] == [(1, 2), (2, 1)]
    told = {(p["_record"], p["_ordinal"], p["rule"], p["source_column"]) for p in outcome.problems}
    assert told == {
        (2, 2, "not_a_number", "{test} x"),
        (2, 2, "unlisted_code", "GOT(AST)"),
        (3, 1, "not_a_number", "SGPT"),
        (3, 2, "unlisted_code", "GOT(AST)"),
    }
    assert measured_columns(mapping, "visits") == set(COLUMNS) - {"pid"}


def test_names_that_do_follow_a_pattern_read_the_same_either_way(tmp_path):
    pattern = NAMED.replace(
        NAMED[NAMED.index("      columns_by_group") : NAMED.index("    unless_empty")],
        "      groups: [ALT, AST]\n      columns: {result: '{group} v', low: '{group} l', high: '{group} h'}\n",
    )
    named = pattern.replace(
        "groups: [ALT, AST]\n      columns: {result: '{group} v', low: '{group} l', high: '{group} h'}",
        "columns_by_group: {ALT: {result: ALT v, low: ALT l, high: ALT h}, AST: {high: AST h, low: AST l, result: AST v}}",
    )
    assert named != pattern != NAMED
    columns = ["pid", *(f"{group} {what}" for group in ("ALT", "AST") for what in "vlh")]
    records = [[*record, "3"] for record in RECORDS]
    outcomes = [
        run_table(read_site(tmp_path / str(n), text), "lab_result", columns, records)
        for n, text in enumerate((pattern, named))
    ]
    assert outcomes[0] == outcomes[1]
    assert len(outcomes[0].rows) == 4


def test_an_axis_crosses_named_groups(tmp_path):
    text = (
        NAMED.replace("      name: test\n", "      name: test\n      groups: {visit: '1..2'}\n")
        .replace(
            'ALT: {result: SGPT, low: "ALT 하한", high: GPT_UL}', "ALT: {result: 'SGPT{visit}', low: limit, high: null}"
        )
        .replace(
            'AST: {result: GOT(AST), low: null, high: "{test} x"}',
            "AST: {result: 'v{visit} GOT', low: null, high: null}",
        )
    )
    text = text.replace('{constant: "2010-01-01"}', '{column: visit, date: "%Y"}')
    outcome = run_table(
        read_site(tmp_path, text),
        "lab_result",
        ["pid", "SGPT1", "SGPT2", "v1 GOT", "v2 GOT", "limit"],
        [["P1", "1", "2", "3", "4", "5"]],
    )
    values = [(row["_ordinal"], row["analyte_code"], row["reported_value"], row["lower_limit"]) for row in outcome.rows]
    assert values == [(1, "alt", 1, 5), (2, None, 3, None), (3, "alt", 2, 5), (4, None, 4, None)]
    assert {p["source_column"] for p in outcome.problems if p["column_name"] == "taken_on"} == {
        "SGPT1",
        "SGPT2",
        "v1 GOT",
        "v2 GOT",
    }


def test_a_column_of_a_group_that_was_not_delivered_is_reported_at_its_group(tmp_path):
    with pytest.raises(DeliveryError, match=r"mapping\.yaml:15: the source 'visits' .* has no column 'GOT\(AST\)'"):
        check_columns(read_site(tmp_path, NAMED), {"visits": ("pid", "SGPT", "ALT 하한", "GPT_UL", "{test} x")})


MISTAKES = [
    ("{name: t}", "say 'groups' and 'columns', or 'columns_by_group'"),
    ("{name: t, groups: [a]}", "say 'groups' and 'columns', or 'columns_by_group'"),
    ("{columns_by_group: {a: {x: A}}}", "'columns_by_group' goes with 'name', the new column that says the group"),
    ("{name: t, columns: {x: '{group}'}, columns_by_group: {a: {x: A}}}", "'columns' and 'columns_by_group' exclude each other"),
    ("{name: t, groups: [a], columns_by_group: {a: {x: A}}}", "'columns_by_group' names its groups itself"),
    ("{name: t, groups: {t: [a]}, columns_by_group: {a: {x: A}}}", "'t' is the name of an axis, too"),
    ("{name: t, groups: {v: [a]}, columns_by_group: {a: {x: A}}}", "no column holds {v}, so its groups are all alike"),
    ("{name: t, columns_by_group: {a: {x: A, y: C}, b: {x: B}}}", "the group 'b' does not say 'y', which another"),
    ("{name: t, columns_by_group: {a: {x: A}, b: {x: null}}}", "the group 'b' has no column"),
    ("{name: t, columns_by_group: {}}", "must be at least 1 entry"),
    ("{name: t, columns_by_group: {a: {x: 1}}}", 'must be text in quotes; found 1 (write "1" for a code)'),
    ("{name: t, columns_by_group: {a: {x: name}}}", "'name' is dropped under 'identity:'"),
    ("{name: t, columns_by_group: {a: {pid: A}}}", "'pid' is a column under 'identity:'"),
    ("{name: t, columns_by_group: {a: {_slot: A}}}", "'_slot' is not a name for a new column"),
    ("{name: t, columns_by_group: {a: {x: A}, b: {x: X}}}", "the new column 'x' has the name of a source column"),
    ("{name: t, columns_by_grop: {a: {x: A}}}", "'columns_by_grop' is not an option here. Did you mean 'columns_by_group'?"),
]  # fmt: skip


@pytest.mark.parametrize(("unpivot", "sentence"), MISTAKES, ids=[unpivot for unpivot, _ in MISTAKES])
def test_a_mistake_is_reported_with_its_line(tmp_path, unpivot, sentence):
    text = HEAD + f"  patient:\n    from: visits\n    unpivot: {unpivot}\n    columns: {{patient_id: pid}}\n"
    with pytest.raises(MappingError, match=r"mapping\.yaml:11: ") as raised:
        read_site(tmp_path, text)
    assert sentence in str(raised.value)
