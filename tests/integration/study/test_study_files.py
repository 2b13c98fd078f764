"""Study files: every mistake is reported with its line, the studies of the project are valid, hostile text is data."""

from pathlib import Path

import pytest
from support.study_warehouse import study_warehouse

from etl.study.definition.check_columns import check_columns
from etl.study.definition.read_study import known_studies, read_study
from etl.study.definition.schema_json import PATH, schema_text
from warehouse.errors import NotFoundError, StudyError

STUDIES = Path("studies")
GOOD = """\
study: small
title: A small study
populations:
  eligible: {label: Eligible, where: {is_eligible: ["yes"]}}
variables:
  is_eligible: {column: is_eligible, kind: yes_no, label: Eligible}
  sex: {column: sex, label: Sex, levels: {male: [male], female: [female]}}
  age: {column: age_years, kind: number, label: Age}
  ecog: {column: ecog, label: ECOG, levels: {low: {at_most: 1}, high: {above: 1}}}
  statin: {column: takes_statin, kind: yes_no, label: Statin, onset: statin}
  months: {column: sd_duration_months, kind: number, label: Months, applies_to: {sex: [male]}}
tables:
  table_1:
    title: Table 1
    population: eligible
    groups: sex
    rows: [{variable: age, test: welch_t}, {variable: ecog, show: [high], test: fisher_exact}]
endpoints:
  survival: {label: Survival, time: os_days, event: os_event, competing_time: pfs_days, competing_event: pfs_event}
  progression: {label: Progression, time: ttp_days, event: ttp_event}
curves:
  by_sex: {title: By sex, endpoint: survival, population: eligible, by: sex}
  of_all: {title: All, endpoint: progression, population: eligible}
models:
  each: {title: Each, population: eligible, endpoint: survival, variables: [age, sex, ecog, statin], selection: each}
  kept:
    title: Kept
    population: eligible
    endpoint: survival
    variables: [age, sex]
    candidates: {significant_in: each}
    selection: forward_conditional
  male: {title: Male, population: eligible, outcome: {variable: sex, level: male}, variables: [age, ecog]}
sensitivity:
  landmark_months: [2, 6]
  time_dependent: [survival]
  ties: [kept]
  firth: [male]
  weighted: [male]
  horizon_days: 730.5
  horizon_endpoint: survival
  splines: [age]
  competing: [by_sex]
  event_rates: [any_event]
"""

MISTAKES: dict[str, tuple[str, str, str] | tuple[str, str, str, str]] = {
    # What is wrong: what is written in place of what, the sentence, and where the mistake is if not there.
    "no such option": ("title: A small", "titel: A small", "'titel' is not an option here. Did you mean 'title'?"),
    "an option is missing": ("title: A small study\n", "", "'title' is missing in 'small.yaml'.", "study: small"),
    "another file's name": ("study: small", "study: large", "'study' is 'large', the file 'small.yaml'."),
    "a name with blanks": ("  eligible: {label", "  eligible men: {label", "must be text of the form"),
    "a kind that is none": ("kind: number, label: Age", "kind: counted, label: Age", "must be one of"),
    "levels without levels": (
        ", levels: {male: [male], female: [female]}",
        "",
        "a variable in levels needs 'levels'",
        "sex: {column",
    ),
    "a number in levels": (
        "label: Age}",
        "label: Age, levels: {a: [1]}}",
        "a number has no levels; write kind: levels",
    ),
    "yes_no in other words": (
        "label: Statin,",
        'label: Statin, levels: {"on": ["true"]},',
        "the levels of yes_no are 'no' and 'yes'",
    ),
    "values and bounds": ("{at_most: 1}", "{at_most: 1, values: [0]}", "give either 'values' or bounds"),
    "neither values nor bounds": ("{at_most: 1}", "{label: Low}", "give either 'values' or bounds"),
    "two lower bounds": ("{above: 1}", "{above: 1, at_least: 2}", "give one lower and one upper bound at most"),
    "a division by nothing": ("label: Age}", "label: Age, divide_by: 0}", "must be more than 0; found 0"),
    "a division by infinity": ("label: Age}", "label: Age, divide_by: 1.0e999}", "must be a finite number; found inf"),
    "an endless bound": ("{at_most: 1}", "{at_most: 1.0e999}", "must be a finite number; found inf"),
    "a number of 5,000 signs": ("{at_most: 1}", f"{{at_most: {'9' * 5000}}}", "at most 18 signs", "at_most:"),
    "a seed that does not fit": ("[2, 6]", "[2, 6]\n  seed: 2147483648", "must be less than", "seed:"),
    "a control character in a level": (
        "female: [female]",
        '"a\\e[31m": [female]',
        "the name holds a control character.",
    ),
    "a control character in a label": ("label: Age}", 'label: "A\\0ge"}', "the text holds a control character."),
    "a level with blanks around it": (
        "female: [female]",
        '"male ": [female]',
        "the name of the level 'male ' has blanks around it.",
    ),
    "figures from another folder": (
        "title: A small study",
        "title: A\npublished: ../../secret.csv",
        "'published' must be text of the form",
        "published:",
    ),
    "figures from anywhere": (
        "title: A small study",
        "title: A\npublished: /etc/passwd",
        "'published' must be text of the form",
        "published:",
    ),
    "too many decimals": ("label: Age}", "label: Age, decimals: 7}", "must be 6 or less; found 7"),
    "two outcomes": (
        "outcome: {variable: sex, level: male}",
        "outcome: {variable: sex, level: male}, endpoint: survival",
        "give either 'outcome' (logistic) or 'endpoint' (Cox)",
    ),
    "no outcome": (
        "outcome: {variable: sex, level: male}, ",
        "",
        "give either 'outcome' (logistic) or 'endpoint'",
        "male: {title",
    ),
    "a share above one": ("{significant_in: each}", "{significant_in: each, below: 1.5}", "must be less than 1"),
    "no rows": (
        "rows: [{variable: age, test: welch_t}, {variable: ecog, show: [high], test: fisher_exact}]",
        "rows: []",
        "must be at least 1 entry; found a list.",
    ),
    "no column": ("column: sex,", "column: sexx,", "'sexx' is not a column of analysis.cohort. Did you mean 'sex'?"),
    "a column that names the patient": ("column: sex,", "column: site_id,", "'site_id' is not a column of"),
    "no onset": (
        "onset: statin",
        "onset: statins",
        "'statins' is not a kind of analysis.onset. Did you mean 'statin'?",
    ),
    "applies to no variable": ("applies_to: {sex:", "applies_to: {sec:", "'sec' is not a variable of this study."),
    "applies to no level": ("{sex: [male]}}", "{sex: [men]}}", "'men' is not a level of 'sex'."),
    "applies to itself": (
        "applies_to: {sex: [male]}",
        "applies_to: {months: [male]}",
        "'months' cannot say to whom it applies itself.",
    ),
    "applies twice": ("{sex: [male]}}", "{sex: [male, male]}}", "'male' is named twice."),
    "a value of two levels": (
        "female: [female]",
        "female: [female, male]",
        "the value 'male' belongs to the level 'male' already.",
    ),
    "a value inside an interval": ("high: {above: 1}", "high: [1, 2]", "the levels 'low' and 'high' share numbers."),
    "levels that overlap": ("high: {above: 1}", "high: {at_least: 1}", "the levels 'low' and 'high' share numbers."),
    "a level without a number": (
        "high: {above: 1}",
        "high: {above: 3, below: 2}",
        "no number belongs to the level 'high'.",
    ),
    "a level without a name": ("male: [male],", '"": [male],', "a level needs a name"),
    "a level with a bar": ("female: [female]", '"a|b": [female]', "a level needs a name, without '|'."),
    "a name of the analyses": ("  statin: {", "  event: {", "'event' is a name that the analyses use themselves"),
    "a population of no variable": (
        'where: {is_eligible: ["yes"]',
        'where: {eligible: ["yes"]',
        "'eligible' is not a variable of this study. Did you mean 'is_eligible'?",
    ),
    "a population of no level": ('["yes"]', '["true"]', "'true' is not a level of 'is_eligible'."),
    "a population of a number": (
        'where: {is_eligible: ["yes"]}',
        "where: {age: []}",
        "'age' is a number; a population needs levels.",
    ),
    "a population of nothing": ('["yes"]', "[]", "name a level of 'is_eligible' at least."),
    "a level named twice": ('["yes"]', '["yes", "yes"]', "'yes' is named twice."),
    "a table of no population": (
        "title: Table 1\n    population: eligible",
        "title: Table 1\n    population: all",
        "'all' is not a population of this study.",
        "population: all",
    ),
    "groups of no variable": (
        "groups: sex",
        "groups: sax",
        "'sax' is not a variable of this study. Did you mean 'sex'?",
    ),
    "groups of a number": ("groups: sex", "groups: age", "'age' is a number; groups need levels."),
    "a group named total": (
        "female: [female]",
        "total: [female]",
        "the level 'total' of 'sex' has the name of",
        "groups: sex",
    ),
    "a table of the analyses' own": ("  table_1:", "  rates:", "'rates' is a name that the analyses use themselves"),
    "a row of no variable": ("{variable: age, test", "{variable: aged, test", "'aged' is not a variable"),
    "a shown level that is none": ("show: [high]", "show: [higher]", "'higher' is not a level of 'ecog'."),
    "a test of numbers for levels": (
        "test: fisher_exact",
        "test: student_t",
        "the test 'student_t' does not fit 'ecog', which is in levels.",
    ),
    "a test of levels for numbers": (
        "test: welch_t",
        "test: fisher_exact",
        "the test 'fisher_exact' does not fit 'age', which is a number.",
    ),
    "a variable in two rows": (
        "[{variable: age, test: welch_t},",
        "[ecog, {variable: age},",
        "the variable 'ecog' has a row in 'table_1' already.",
    ),
    "a time of no column": ("time: ttp_days", "time: ttp_day", "'ttp_day' is not a column of analysis.cohort."),
    "half a competing event": (
        ", competing_event: pfs_event",
        "",
        "give both 'competing_time' and 'competing_event'",
        "survival: {label",
    ),
    "a curve of no endpoint": (
        "endpoint: survival, population: eligible, by",
        "endpoint: death, population: eligible, by",
        "'death' is not an endpoint of this study.",
    ),
    "a curve of no population": ("population: eligible, by", "population: all, by", "'all' is not a population"),
    "a curve by a number": ("by: sex", "by: age", "'age' is a number; groups need levels."),
    "a model of no population": (
        "title: Male, population: eligible",
        "title: Male, population: all",
        "'all' is not a population of this study.",
    ),
    "a model of no endpoint": (
        "title: Each, population: eligible, endpoint: survival",
        "title: Each, population: eligible, endpoint: death",
        "'death' is not an endpoint",
    ),
    "an outcome that is no level": ("level: male}", "level: men}", "'men' is not a level of 'sex'."),
    "an outcome that explains itself": (
        "variables: [age, ecog]}",
        "variables: [age, sex]}",
        "'sex' is the outcome, and cannot explain itself.",
    ),
    "a variable twice in a model": (
        "variables: [age, ecog]}",
        "variables: [age, age]}",
        "the variable 'age' is named twice.",
    ),
    "a model's variable that is none": (
        "variables: [age, ecog]}",
        "variables: [age, exog]}",
        "'exog' is not a variable of this study. Did you mean 'ecog'?",
    ),
    "candidates of no model": (
        "significant_in: each",
        "significant_in: male",
        "'male' is not a model of this study with 'selection: each'.",
    ),
    "a candidate that was not screened": (
        "variables: [age, sex]\n",
        "variables: [age, months]\n",
        "'months' does not stand in the model 'each'.",
    ),
    "ties of no Cox model": ("ties: [kept]", "ties: [male]", "'male' is not a Cox model of this study."),
    "Firth of no logistic model": ("firth: [male]", "firth: [kept]", "'kept' is not a logistic model of this study."),
    "weights without a horizon": (
        "  horizon_days: 730.5\n",
        "",
        "models with weights for censoring need 'horizon_days'.",
        "sensitivity:",
    ),
    "weights without an endpoint": (
        "  horizon_endpoint: survival\n",
        "",
        "models with weights for censoring need 'horizon_endpoint'.",
        "sensitivity:",
    ),
    "weights of no endpoint": (
        "horizon_endpoint: survival",
        "horizon_endpoint: surviving",
        "'surviving' is not an endpoint of this study. Did you mean 'survival'?",
    ),
    "imputed one by one": ("ties: [kept]", "imputed: [each]", "'each' fits each variable on its own"),
    "validated one by one": ("ties: [kept]", "validated: [each]", "'each' fits each variable on its own"),
    "a landmark at time zero": ("[2, 6]", "[0, 6]", "a landmark stands after time zero."),
    "a landmark twice": ("[2, 6]", "[2, 6, 2]", "'2.0' is named twice."),
    "a model named as the endpoint": (
        "  each: {title",
        "  survival: {title",
        "a model has the name 'survival' too",
        "time_dependent:",
    ),
    "a spline of levels": ("splines: [age]", "splines: [sex]", "'sex' is in levels; a spline needs a number."),
    "a spline of no model": (
        "splines: [age]",
        "splines: [months]",
        "no model has 'months'; splines are tested in models.",
    ),
    "nothing competes": (
        "competing: [by_sex]",
        "competing: [of_all]",
        "the endpoint of 'of_all' has no competing event.",
    ),
    "a later variable without an onset": (
        "time_dependent: [survival]",
        "time_dependent: [survival]\n  later_variables: [sex]",
        "'sex' is not a yes-or-no variable of this study with an onset.",
        "later_variables:",
    ),
    "rates of no onset": (
        "event_rates: [any_event]",
        "event_rates: [any_events]",
        "'any_events' is not a kind of analysis.onset. Did you mean 'any_event'?",
    ),
    "rates without groups": (
        "    groups: sex\n",
        "",
        "event rates are of the groups of the first table",
        "event_rates:",
    ),
    "a key twice": (
        "title: A small study",
        "title: A small study\ntitle: B",
        "'title' is stated twice (first on line 2).",
        "title: B",
    ),
    "an alias": ("title: A small study", "title: &a A small study", "&"),
    "not YAML": ("title: A small study", "title: [A small study", "this is not valid YAML", "populations:"),
    "a time that is text": ("label: Age}", "label: [Age]}", "must be a map"),
}


def write(folder: Path, text: str) -> Path:
    (folder / "small.yaml").write_text(text, encoding="utf-8")
    return folder


def mistakes_of(folder: Path, text: str) -> list[str]:
    with pytest.raises(StudyError) as raised:
        read_study(write(folder, text), "small")
    return str(raised.value).splitlines()


def test_the_file_without_mistakes_is_valid(tmp_path: Path) -> None:
    assert read_study(write(tmp_path, GOOD), "small").name == "small"


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_reported_with_its_line(name: str, tmp_path: Path) -> None:
    old, new, sentence, *elsewhere = MISTAKES[name]
    assert old in GOOD
    text = GOOD.replace(old, new, 1)
    place = f"{tmp_path.as_posix()}/small.yaml:{line_of(text, elsewhere[0] if elsewhere else new)}: "
    found = mistakes_of(tmp_path, text)
    assert any(mistake.startswith(place) and sentence in mistake for mistake in found), found
    assert not [mistake for mistake in found if "must be something else" in mistake], found


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_candidates_come_from_an_earlier_model(tmp_path: Path) -> None:
    late = "  late: {title: Late, population: eligible, endpoint: survival, variables: [age, sex], selection: each}\n"
    text = GOOD.replace("sensitivity:\n", f"{late}sensitivity:\n").replace(
        "significant_in: each", "significant_in: late"
    )
    found = mistakes_of(tmp_path, text)
    place = f"{tmp_path.as_posix()}/small.yaml:{line_of(text, 'significant_in')}: "
    assert found == [f"{place}the model 'late' must stand before 'kept', which takes its candidates from it."]


def test_all_mistakes_are_reported_at_once(tmp_path: Path) -> None:
    text = (
        GOOD.replace("column: sex,", "column: sexx,").replace("by: sex", "by: age").replace("ties: [kept]", "ties: [x]")
    )
    found = mistakes_of(tmp_path, text)
    assert [int(mistake.split(":")[1]) for mistake in found] == [
        line_of(text, part) for part in ("column: sexx", "by: age", "ties: [x]")
    ]


def test_a_curve_of_an_unknown_endpoint_may_be_asked_for_its_competing_event(tmp_path: Path) -> None:
    text = GOOD.replace("by_sex: {title: By sex, endpoint: survival", "by_sex: {title: By sex, endpoint: death")
    (mistake,) = mistakes_of(tmp_path, text)
    assert "'death' is not an endpoint of this study." in mistake


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_bytes(GOOD.replace("A small study", "작은 연구").encode("cp949"))
    with pytest.raises(StudyError, match=r"small\.yaml:2: the file is not UTF-8; save it as UTF-8\."):
        read_study(tmp_path, "small")


def test_a_study_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    with pytest.raises(NotFoundError, match=r"Did you mean 'small'\? Known studies: small\."):
        read_study(tmp_path, "smal")


@pytest.mark.parametrize("name", ["../small", "/etc/passwd", "a" * 3000, "", "_draft"])
def test_a_study_is_one_of_the_files_of_its_folder(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "studies"
    folder.mkdir()
    write(tmp_path, GOOD)
    (write(folder, GOOD) / "_draft.yaml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(NotFoundError, match="Known studies: small"):
        read_study(folder, name)


def test_printed_figures_that_are_not_there_are_reported(tmp_path: Path) -> None:
    found = mistakes_of(tmp_path, GOOD.replace("populations:", "published: none.csv\npopulations:", 1))
    assert found == [f"{tmp_path.as_posix()}/small.yaml:3: there is no file {tmp_path.as_posix()}/published/none.csv."]


@pytest.mark.parametrize("name", known_studies(STUDIES))
def test_the_projects_studies_are_valid(name: str) -> None:
    assert read_study(STUDIES, name).name == name


def test_there_are_at_least_two_studies() -> None:
    assert {"sorafenib", "chemoembolisation"} <= set(known_studies(STUDIES))


def test_the_schema_for_editors_is_current() -> None:
    assert PATH.read_text(encoding="utf-8") == schema_text(), "run: python -m etl.study.definition.schema_json"


HOSTILE = "'); DROP TABLE analysis.cohort; --"
DOUBLE = '"; DELETE FROM reference.study; --'


@pytest.mark.parametrize(
    "place", ["  sex: {", "  by_sex: {", "  table_1:", "  survival: {", "  male: {", "  eligible: {"]
)
def test_sql_is_no_name(place: str, tmp_path: Path) -> None:
    name = place.strip(" :{")
    found = mistakes_of(tmp_path, GOOD.replace(place, place.replace(name, f'"{HOSTILE}"'), 1))
    assert any("must be text of the form" in mistake for mistake in found), found


@pytest.mark.parametrize("what", ["column: sex,", "time: os_days", "onset: statin"])
def test_sql_is_no_column(what: str, tmp_path: Path) -> None:
    key = what.partition(":")[0]
    found = mistakes_of(tmp_path, GOOD.replace(what, f'{key}: "{HOSTILE}"' + ("," if what.endswith(",") else ""), 1))
    assert found


def test_sql_in_labels_levels_and_cells_is_data(tmp_path: Path) -> None:
    text = GOOD.replace("{male: [male], female: [female]}", f"{{male: [male], '{DOUBLE}': [female, \"{HOSTILE}\"]}}")
    text = text.replace("title: A small study", f'title: "{HOSTILE}"').replace("label: Sex", f"label: '{DOUBLE}'")
    rows = [
        {"is_eligible": True, "sex": sex, "age_years": 50 + number, "os_days": 100 + number, "os_event": number % 3 > 0,
         "pfs_days": 50 + number, "pfs_event": True, "ecog": number % 4}
        for number, sex in enumerate([HOSTILE, "male", "female", DOUBLE, "male", "female", "male", HOSTILE] * 3)
    ]  # fmt: skip
    with study_warehouse(tmp_path, rows, study=text) as made:
        made.compute()
        assert made.rows("SELECT title FROM reference.study") == [(HOSTILE,)]
        assert made.rows("SELECT count(*) FROM analysis.cohort") == [(24,)]
        counted = made.rows(
            "SELECT level, n, denominator, missing FROM analysis_step.study_count c JOIN reference.study_row r USING (study_id, "
            "table_id, variable) WHERE variable = 'ecog' AND group_level = ? ORDER BY level_position",
            DOUBLE,
        )
        assert counted == [("low", 6, 12, 0), ("high", 6, 12, 0)]
        strata = made.rows(
            "SELECT stratum, value FROM analysis.survival_summary WHERE curve = 'by_sex' AND measure = 'patients' "
            "ORDER BY stratum_position"
        )
        assert strata == [("male", 9.0), (DOUBLE, 12.0)]
        labels = made.rows(
            "SELECT DISTINCT variable_label, level_label FROM analysis.model_term WHERE variable = 'sex'"
        )
        assert set(labels) == {(DOUBLE, "male"), (DOUBLE, DOUBLE)}


COLUMNS = {
    "text as a number": ("column: age_years, kind: number", "column: sex, kind: number", "'sex' does not hold numbers;"),
    "text in bounds": (
        "column: ecog, label: ECOG", "column: child_pugh_derived_code, label: ECOG", "'child_pugh_derived_code' does not hold",
    ),
    "a date as a number": ("column: age_years, kind: number", "column: index_date, kind: number", "does not hold numbers;"),
    "fractions by their values": (
        "column: sex, label: Sex, levels: {male: [male]", "column: treatment_months, label: Sex, levels: {male: [1]",
        "'treatment_months' holds fractions; give bounds",
    ),
    "a number as yes and no": (
        "column: takes_statin, kind: yes_no", "column: ecog, kind: yes_no", "'ecog' does not hold true and false; give",
    ),
    "months as days": ("time: os_days", "time: os_months", "'os_months' does not hold whole days."),
    "a group as an event": ("event: os_event", "event: survival_group", "'survival_group' does not hold true and false."),
    "a date as a competing time": ("competing_time: pfs_days", "competing_time: died_on", "'died_on' does not hold whole days."),
}  # fmt: skip


@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_of_another_kind_is_refused_before_any_view_reads_it(name: str, tmp_path: Path) -> None:
    old, new, sentence = COLUMNS[name]
    text = GOOD.replace(old, new, 1)
    place = f"{tmp_path.as_posix()}/studies/small.yaml:{line_of(text, new)}: "
    with pytest.raises(StudyError) as raised, study_warehouse(tmp_path, [], study=text):
        pass
    assert any(mistake.startswith(place) and sentence in mistake for mistake in str(raised.value).splitlines())


@pytest.mark.parametrize("name", known_studies(STUDIES))
def test_the_columns_of_the_projects_studies_are_of_their_kind(name: str, tmp_path: Path) -> None:
    with study_warehouse(tmp_path, [], study=GOOD) as made:
        check_columns(made.con, read_study(STUDIES, name))
