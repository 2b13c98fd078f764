"""Study options: the values that the files hold pass, and what is none of an option's own is refused in a sentence."""

import duckdb
import pytest

from warehouse.errors import OptionError
from warehouse.views.rules import open_rules, set_options

REFUSED = [
    ("response_confirmation", "confirmd", "is 'confirmd'; expected is one of: unconfirmed, confirmed."),
    ("response_confirmation", "", "is ''; expected is one of: unconfirmed, confirmed."),
    ("karnofsky_90_ecog", "2", "expected is one of: 0, 1."),
    ("index_date_to", "31.03.2014", "expected is a date such as 2014-03-31."),
    ("index_date_to", "20140331", "expected is a date such as 2014-03-31."),
    ("minimum_sd_days", "six weeks", "expected is a whole number, not negative, of days."),
    ("minimum_sd_days", "-42", "expected is a whole number, not negative, of days."),
    ("minimum_sd_days", "42 43", "expected is a whole number, not negative, of days."),
    ("minimum_sd_days", "41.5", "expected is a whole number, not negative, of days."),
    ("long_term_months", "two", "expected is a number, not negative, in months."),
    ("exact_interval_percent", "NaN", "expected is a number, not negative, in %."),
    ("index_drug", "sorafenib lenvatinib", "expected is one code of the code list 'systemic_drug': "),
    ("eligible_bclc_reported", "B X", "expected is one code or more, with blanks between them, of the code list 'bclc"),
    ("eligible_bclc_reported", "", "expected is one code or more"),
    ("bmi_class_edges", "25 23", "expected is two numbers or more that rise, in kg/m2, with blanks between them."),
    ("bmi_class_edges", "23 fat", "expected is two numbers or more that rise"),
]


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    return open_rules()


@pytest.mark.parametrize(("name", "value", "sentence"), REFUSED)
def test_what_is_none_of_an_options_own_is_refused(
    con: duckdb.DuckDBPyConnection, name: str, value: str, sentence: str
) -> None:
    with pytest.raises(OptionError, match=f"^schemas/reference/study_option.csv: the option '{name}' is ") as refusal:
        set_options(con, {name: value})
    assert sentence in str(refusal.value)
    assert str(refusal.value).endswith("Correct it there.")


def test_every_choice_of_every_option_passes(con: duckdb.DuckDBPyConnection) -> None:
    chosen = 0
    for name, unit in con.execute("SELECT name, unit FROM reference.study_option WHERE contains(unit, '|')").fetchall():
        for choice in unit.split("|"):
            set_options(con, {name: choice.strip()})
            chosen += 1
    assert chosen > 50


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("bmi_class_edges", "18.5 23 25"),
        ("eligible_bclc_reported", "C"),
        ("minimum_sd_days", "0"),
        ("days_per_month", "30.4375"),
    ],
)
def test_other_values_of_the_right_kind_pass(con: duckdb.DuckDBPyConnection, name: str, value: str) -> None:
    set_options(con, {name: value})
    assert con.execute("SELECT value FROM reference.study_option WHERE name = ?", [name]).fetchall() == [(value,)]
