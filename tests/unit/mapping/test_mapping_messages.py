"""What a mapping that is wrong says: the file, the line, what was found, what to do. And what a hostile one says."""

# ruff: noqa: E501 (a table is read across)

import pytest
from support.mapping_site import HEAD, read_site, write_site

from etl.mapping.compiler.expressions import UnsafeExpressionError, parse_expression
from etl.mapping.compiler.source_columns import check_columns
from etl.mapping.language.near_name import did_you_mean
from etl.mapping.read_mapping import read_mapping
from warehouse.errors import DeliveryError, MappingError, NotFoundError

PATIENT = "  patient:\n    from: visits\n    columns:\n      patient_id: pid\n"
"""Lines 9 to 12 of a file that begins with HEAD; what a test appends is line 13."""

MISTAKES = [
    # what is appended as line 13, what the message says of it
    ("      sx: x", "'patient.sx' is not a canonical column. Did you mean 'sex'?"),
    ("      sex: {column: x, recode: {M: man}}", "'man' is not a code of the list 'sex'."),
    ("      sex: {column: x, recode: {M: mle}}", "'mle' is not a code of the list 'sex'. Did you mean 'male'?"),
    ("      sex: {column: x, recode: codes/none.csv}", "there is no file 'codes/none.csv' in the site's folder (found: none)."),
    ("      sex: {column: x, constant: male}", "say exactly one of column, coalesce, constant, expression; found column and constant."),
    ("      sex: {recode: {M: male}}", "say exactly one of column, coalesce, constant, expression; found none."),
    ("      sex: {column: x, recoed: {M: male}}", "'recoed' is not an option here. Did you mean 'recode'?"),
    ("      sex: {column: x, recode: {M: male}, number: {}}", "recode and number exclude each other; say one of them."),
    ("      sex: {column: 3}", 'must be text in quotes; found 3 (write "3" for a code).'),
    ("      sex: {column: x, missing: [999]}", 'must be text in quotes; found 999 (write "999" for a code).'),
    ("      sex: name", "'name' is dropped under 'identity:', so nothing can read it."),
    ("scan: {pid: name}", "'pid' is under 'identity:'; nothing of it is left to search."),
    ("scan: {y: [name]}", "no table reads 'y', so nothing of it is kept."),
    ("scan: {y: [names]}", "'names'"),
    ("      sex: {constant: x}", "'x' is not a code of the list 'sex'."),
    ("      sex: {column: x, date: '%Y'}", "'patient.sex' is not a date."),
    ("      birth_date: x", "'patient.birth_date' is a date; say its formats, such as date: [\"%Y-%m-%d\"]."),
    ("      birth_date: {column: x, date: '%y-%m-%d'}", "'%y-%m-%d' reads a two-digit year, whose century would be a guess; write %Y."),
    ("      birth_date: {column: x, date: '%Y-%d'}", "'%Y-%d' has a day but no month."),
    ("      birth_date: {column: x, date: '%Y-%q'}", "'%Y-%q' holds %q, which is not among"),
    ("      birth_date: {column: x, date: '%m'}", "'%m' must hold the year (%Y) once."),
    ("      birth_date: {column: x, date: {formats: '%Y', precision: sex}}", "'patient.sex' does not take codes of the list 'date_precision'."),
    ("      birth_date: {constant: '2010-02-30'}", "'2010-02-30' is not a date; write it as 2010-03-05."),
    ("      is_unresectable: x", "'patient.is_unresectable' is true or false; say which words mean what"),
    ("      is_unresectable: {column: x, boolean: {false: [N]}}", "'true' is missing in 'tables.patient.columns.is_unresectable.boolean'."),
    ("      age_reported_years: {constant: old}", "'old' is not a whole number."),
    ("      age_reported_years: {column: x, unit: cm}", "'cm' cannot be converted to a column without a unit."),
    ("      age_reported_years: {column: x, unit: {column: u, recode: {cm: cm}}}", "'cm' cannot be converted to a column without a unit."),
    ("      age_reported_years: {column: x, unit: {column: u}}", "'column' goes with 'recode', which says what its words mean."),
    ("      age_reported_years: {column: x, unit: {recode: {cm: cm}}}", "say a unit, or the column that holds it."),
    ("      age_reported_years: {column: x, unit: {colum: u, recode: {cm: cm}}}", "'colum' is not an option here. Did you mean 'column'?"),
    ("      age_reported_years: {column: x, unit: 3}", "must be a map; found 3"),
    ("      age_reported_years: {column: x, number: {decimal: ',', thousands: ','}}", "',' cannot be both the decimal sign and"),
    ("      aetiology: {column: x, extract: '('}", "'(' is not a regular expression."),
    ("      aetiology: {column: x, extract: '(?=a)'}", "'(?=a)' uses something that RE2 does not know"),
    ("      aetiology: {column: x, extract: 'a', group: 2}", "'a' has 0 groups, not 2."),
    ("      aetiology: {column: x, extract: 'a', group: b}", "'a' has no group named 'b'."),
    ("      patient_id: pid", "'patient_id' is stated twice (first on line 12)."),
    ("\tsex: x", "the line is indented by a tab; YAML takes spaces only."),
    ("      sex: [x", "this is not valid YAML"),
    ("      sex: *x", "anchors and aliases (& and *) are not part of this language."),
    ("      sex: &x {column: x}", "anchors and aliases (& and *) are not part of this language."),
    ("      sex: !!python/name:os.system x", "tags (!) are not part of this language."),
    ("    keep_if: 'x ='", "the expression is not valid SQL."),
    ("    unless_empty: name", "'name' is dropped under 'identity:', so nothing can read it."),
    ("    deduplicate: {by: [patient], keep: first}", "'patient.patient' is not a canonical column. Did you mean 'patient_id'?"),
    ("  patiant: {from: visits, columns: {patient_id: pid}}", "'patiant' is not a canonical table. Did you mean 'patient'?"),
    ("  follow_up: {from: visit, columns: {patient_id: pid}}", "'visit' is not a source. Did you mean 'visits'?"),
    ("  follow_up: {from: visits, columns: {died_on: {constant: '2010-01-01'}}}", "'follow_up.patient_id' is required and nothing fills it."),
    ("  follow_up: {from: visits, columns: {patient_id: x}}", "'x' names the patient and is not under 'identity:'"),
    ("  follow_up: {from: visits, columns: {patient_id: {constant: x}}}", "a patient is taken from a column that 'identity:' pseudonymises."),
    ("  follow_up: {frm: visits, columns: {patient_id: pid}}", "'frm' is not an option here. Did you mean 'from'?"),
    ("    unpivot: {nam: v, groups: [a], columns: {x: '{group}'}}", "'nam' is not an option here. Did you mean 'name'?"),
    ("    unpivot: {name: v, groups: [1, 2], columns: {x: '{group}'}}", 'must be text in quotes; found 1 (write "1" for a code).'),
    ("    unpivot: {name: v, groups: 'TB', columns: {x: '{group}'}}", "'TB' is not a range such as \"1..12\" (up to 999); list the groups."),
    ("    unpivot: {name: v, groups: '1..1000', columns: {x: '{group}'}}", "'1..1000' is not a range"),
    ("    unpivot: {name: v, groups: [], columns: {x: '{group}'}}", "must be at least 1 entry"),
    ("    unpivot: {name: v, groups: [a, b, a], columns: {x: '{group}'}}", "the group 'a' is listed 2 times."),
    ("    unpivot: {name: v, groups: [a, b], columns: {x: 'a'}}", "'a' is the same column for every group; write {group} where the group stands."),
    ("    unpivot: {groups: {v: '1..2', t: [a, b]}, columns: {x: '{v} b'}}", "no column holds {t}, so its groups are all alike; leave the axis out."),
    ("    unpivot: {groups: {v: '1..2', t: [a, a]}, columns: {x: '{v} {t}'}}", "the group 'a' is listed 2 times."),
    ("    unpivot: {groups: {v: '1..2', t: [a, b]}, columns: {x: '{v} {t}', y: 'b'}}", "'b' is the same column for every group; write {v} or {t} where"),
    ("    unpivot: {name: v, groups: {v: '1..2', t: [a, b]}, columns: {x: '{v} {t}'}}", "'name' goes with a list of groups; a map of axes names its columns itself"),
    ("    unpivot: {groups: {v: '1..2', t: []}, columns: {x: '{v} {t}'}}", "an axis without a group yields no row"),
    ("    unpivot: {groups: {v: '1..100', t: '1..10'}, columns: {x: '{v} {t}'}}", "these are more than 999 groups in one part; divide them over several"),
    ("    unpivot: {name: v, groups: [a], columns: {answer: '{group}'}, ticked: anser}", "'anser' is not one of the new columns. Did you mean 'answer'?"),
    ("    unpivot: {name: v, groups: [a], columns: {x: '{group}'}, tick_words: {true: ['1']}}", "'tick_words' goes with 'ticked'."),
    ("    unpivot: {name: v, groups: [nam], columns: {x: '{group}e'}}", "'name' is dropped under 'identity:', so nothing can read it."),
    ("    unpivot: {name: v, groups: [a], columns: {pid: '{group}'}}", "'pid' is a column under 'identity:'; give the new column another name."),
    ("    unpivot: {name: v, groups: [a], columns: {_slot: '{group}'}}", "'_slot' is not a name for a new column; take one without '_' before it."),
    ("    unpivot: {name: v, groups: [a], columns: {V: '{group}'}}", "two new columns are named 'v'; give each its own name."),
    ("    unpivot: {name: v, groups: [a], columns: {A: '{group}'}}", "the new column 'A' has the name of a source column; give it another name."),
    ("    unpivot: {name: v, groups: [_recor], columns: {x: '{group}d'}}", "a column named '_record' cannot be read together with 'unpivot'."),
    ("    unpivot: {name: v, groups: [a], columns: {PID2: '{group}'}}\n    unless_empty: pid2", "'pid2' differs from the new column 'PID2' in case alone."),
    ("    keep_if: \"x = '1'\"\n    unpivot: {name: v, groups: [a], columns: {x: '{group}'}}", "'x' is made by 'unpivot', and 'keep_if' asks records before that; name the record's own columns."),
    ("    explode: {columns: [x], seperator: ';'}", "'seperator' is not an option here. Did you mean 'separator'?"),
    ("    explode: {columns: [x, x], separator: ';'}", "'x' is listed 2 times."),
    ("    explode: {columns: [x], separator: '('}", "'(' is not a regular expression."),
    ("    explode: {columns: [x], separator: '|'}", "'|' fits where nothing stands, so it would cut between any two signs; write '\\|' for a bar."),
    ("    explode: {columns: [name], separator: ';'}", "'name' is dropped under 'identity:', so nothing can read it."),
    ("    unpivot: {name: v, groups: [a], columns: {x: '{group}'}}\n    explode: {columns: [y], separator: ';'}", "'unpivot' and 'explode' do not go together"),
    ("not_collected: {patient: [sax]}", "'patient.sax' is not a canonical column. Did you mean 'sex'?"),
    ("not_collected: {patient: [patient_id]}", "'patient.patient_id' is filled under 'tables:'; it cannot be 'not_collected', too."),
    ("ignore: {visit: [x]}", "'visit' is not a source. Did you mean 'visits'?"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "sentence"), MISTAKES, ids=[line.strip() for line, _ in MISTAKES])
def test_a_mistake_is_told_with_its_line(tmp_path, line, sentence):
    with pytest.raises(MappingError) as raised:
        read_site(tmp_path, HEAD + PATIENT + line + "\n")
    told = str(raised.value)
    assert sentence in told
    assert any(
        "demo/mapping.yaml:13:" in row or "demo/mapping.yaml:14:" in row for row in told.splitlines() if sentence in row
    )


def test_every_mistake_is_listed_at_once(tmp_path):
    lines = "      sx: x\n      sex: {column: 3}\n      aetiology: {column: x, recode: {A: nothing}}\n"
    lines += (
        "      age_reported_years: {column: 4}\n"  # a second column without its form: the others are read all the same
    )
    with pytest.raises(MappingError) as raised:
        read_site(tmp_path, HEAD + PATIENT + lines)
    numbers = [row.split("mapping.yaml:")[1].split(":")[0] for row in str(raised.value).splitlines()]
    assert numbers == ["13", "14", "15", "16"]


def test_a_column_that_is_malformed_is_not_called_missing_too(tmp_path):
    lines = PATIENT.replace("patient_id: pid", "patient_id: {column: 3}") + "      age_reported_years: x\n"
    with pytest.raises(MappingError) as raised:
        read_site(tmp_path, HEAD + lines)
    (row,) = str(raised.value).splitlines()
    assert "mapping.yaml:12: 'tables.patient.columns.patient_id.column' must be text in quotes; found 3" in row


CODE_FILES = [
    ("code;value\nM;male\n", 1, "the header must begin with 'code,value'; found 'code;value'."),
    ("", 1, "the header must begin with 'code,value'; found 'nothing'."),
    ("code,value\nM,male\nM,female\n", 3, "the code 'M' is listed twice (first on line 2)."),
    ("code,value\nM,man\n", 2, "'man' is not a code of the list 'sex'."),
    ("code,value\nM\n", 2, "the line has 1 fields, the header 2."),
    ("code,value\n,male\n", 2, "the code is empty."),
    ("code,value\n", 1, "the list holds no entry."),
    ('code,value\nM,"male\n', 2, "the line is not valid CSV; check its quotes."),
]


@pytest.mark.parametrize(("text", "line", "sentence"), CODE_FILES)
def test_a_mistake_in_a_code_list_is_told_in_the_list(tmp_path, text, line, sentence):
    with pytest.raises(MappingError) as raised:
        read_site(tmp_path, HEAD + PATIENT + "      sex: {column: x, recode: codes/sex.csv}\n", codes={"sex.csv": text})
    assert f"demo/codes/sex.csv:{line}: {sentence}" in str(raised.value)


HOSTILE = [
    # an expression, and what it is refused for
    ("(SELECT 1)", "a query is not allowed"),
    ("x IN (SELECT sex FROM core.patient)", "IN takes a list of values"),
    ("EXISTS(SELECT 1)", "not allowed"),
    ("read_text('/etc/passwd')", "the function read_text() is not allowed"),
    ("read_csv('/etc/passwd')", "not allowed"),
    ("getenv('HOME')", "the function getenv() is not allowed"),
    ("query('select 1')", "the function query() is not allowed"),
    ("current_setting('home_directory')", "the function current_setting() is not allowed"),
    ("core.patient.sex", "names another table"),
    ("visits.x", "names another table"),
    ("pg_catalog.version()", "not allowed"),
    ("x; DROP TABLE core.patient", "write one expression, without ';'"),
    ("x' OR '1'='1", "the expression is not valid SQL"),
    ("list_transform([x], lambda y: y)", "not allowed"),
    ("[y for y in [x]]", "not allowed"),
    ("sum(x)", "the function sum() is not allowed"),
    ("count(*)", "not allowed"),
    ("row_number() OVER ()", "not allowed"),
    ("COLUMNS('.*')", "not allowed"),
    ("*", "not allowed"),
    ("$1", "a parameter is not allowed"),
    ("CAST(x AS JSON)", "a cast to JSON is not allowed"),
    ("CAST(x AS core.secret)", "not allowed"),
    ("repeat(x, 1000000000)", "not allowed"),
    ("lpad(x, 1000000000, 'x')", "not allowed"),
    ("random()", "not allowed"),
    ("now()", "not allowed"),
    ("struct_pack(a := x)", "not allowed"),
    ("upper(x, y, z)", "not valid SQL"),
    ("upper(x) + 1", "the engine refuses the expression"),
    ("x || " * 70 + "x", "nested too deeply"),
    ("x || " * 500 + "x", "longer than 2000 characters"),
    ("name", "'name' is dropped under 'identity:'"),
    ("x AS y", "not allowed"),
    ("x COLLATE nocase", "not allowed"),
]


@pytest.mark.parametrize("place", ["expression", "keep_if"])
@pytest.mark.parametrize(("expression", "sentence"), HOSTILE, ids=[text[:40] for text, _ in HOSTILE])
def test_a_hostile_expression_is_refused(tmp_path, place, expression, sentence):
    quoted = "'" + expression.replace("'", "''") + "'"
    line = f"      aetiology: {{expression: {quoted}}}" if place == "expression" else f"    keep_if: {quoted}"
    with pytest.raises(MappingError, match=r"mapping\.yaml:13: ") as raised:
        read_site(tmp_path, HEAD + PATIENT + line + "\n")
    assert sentence in str(raised.value)


@pytest.mark.parametrize("file", ["../other/*.csv", "/etc/passwd", "a/../../b.csv", "C:\\x.csv", "~/x.csv", "**/x.csv"])
def test_a_source_stays_in_the_delivery(tmp_path, file):
    with pytest.raises(MappingError, match=r"mapping\.yaml:7: .* may not leave the delivery's folder"):
        read_site(tmp_path, HEAD.replace('"visits*.csv"', f"'{file}'") + PATIENT)


@pytest.mark.parametrize(
    "path", ["../codes/x.csv", "/etc/passwd", "codes/../../x.csv", "codes/a/b.csv", "codes\\x.csv", "codes/.csv"]
)
def test_a_code_list_stays_in_the_sites_folder(tmp_path, path):
    with pytest.raises(MappingError, match=r"mapping\.yaml:13: .* is not a code list"):
        read_site(tmp_path, HEAD + PATIENT + f"      sex: {{column: x, recode: '{path}'}}\n")


def test_a_code_list_may_not_be_a_link_out(tmp_path):
    folder = write_site(tmp_path, HEAD + PATIENT + "      sex: {column: x, recode: codes/sex.csv}\n")
    (tmp_path / "elsewhere.csv").write_text("code,value\nM,male\n")
    (folder / "demo" / "codes" / "sex.csv").symlink_to(tmp_path / "elsewhere.csv")
    with pytest.raises(MappingError, match=r"leads out of the site's folder through a link"):
        read_mapping(folder, "demo")


def test_an_unknown_site_names_the_near_one(tmp_path):
    folder = write_site(tmp_path, HEAD + PATIENT)
    with pytest.raises(NotFoundError, match=r"Did you mean 'demo'\? Known sites: demo\."):
        read_mapping(folder, "dmeo")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", ":1: the file is empty."),
        ("- a\n", ":1: the file must be a map that begins with 'site:'."),
        ("[" * 3000, "nested more than 12 deep"),
    ],
)
def test_a_file_that_is_no_mapping(tmp_path, text, sentence):
    with pytest.raises(MappingError) as raised:
        read_site(tmp_path, text)
    assert sentence in str(raised.value)


def test_a_file_that_is_not_utf_8(tmp_path):
    folder = write_site(tmp_path, "")
    (folder / "demo" / "mapping.yaml").write_bytes("site: demo\nhospital: 병원\n".encode("cp949"))
    with pytest.raises(MappingError, match=r"mapping\.yaml:2: the file is not UTF-8"):
        read_mapping(folder, "demo")


def test_the_folder_names_the_site(tmp_path):
    with pytest.raises(MappingError, match=r"mapping\.yaml:1: 'site' is 'other', the folder 'demo'"):
        read_site(tmp_path, HEAD.replace("site: demo", "site: other") + PATIENT)


def test_a_column_that_was_not_delivered_is_told_with_the_near_one(tmp_path):
    mapping = read_site(tmp_path, HEAD + PATIENT + "      aetiology: {column: 원인질환, recode: {A: hbv}}\n")
    with pytest.raises(DeliveryError) as raised:
        check_columns(mapping, {"visits": ("pid", "원인 질환")})
    assert str(raised.value).endswith(
        "demo/mapping.yaml:13: the source 'visits' (visits*.csv) has no column '원인질환'. Did you mean '원인 질환'? "
        "It has '원인 질환', 'pid'."
    )


def test_of_many_columns_the_nearest_are_named_and_the_rest_is_counted(tmp_path):
    mapping = read_site(tmp_path, HEAD + PATIENT + "      aetiology: {column: sampled, recode: {A: hbv}}\n")
    with pytest.raises(DeliveryError) as raised:
        check_columns(mapping, {"visits": ("pid", *(f"c{number}" for number in range(40)), "sampled_at")})
    assert "It has 'sampled_at', " in str(raised.value)
    assert str(raised.value).endswith(" and 34 more.")


@pytest.mark.parametrize(
    ("name", "known", "said"),
    [
        ("m", ["mm", "cm"], ""),
        ("mm", ["m"], ""),
        ("M", ["m"], " Did you mean 'm'?"),
        ("sx", ["sex"], " Did you mean 'sex'?"),
    ],
)
def test_a_single_letter_is_no_slip_for_a_longer_name(name, known, said):
    assert did_you_mean(name, known) == said


def test_of_a_name_that_is_only_too_long_the_lengths_are_said(tmp_path):
    with pytest.raises(MappingError, match="'site' must be at most 31 characters long; found 40"):
        read_site(tmp_path, HEAD.replace("site: demo", "site: " + "d" * 40) + PATIENT)
    with pytest.raises(MappingError, match="'site' must be text of the form"):
        read_site(tmp_path, HEAD.replace("site: demo", "site: D-emo") + PATIENT)


def test_where_a_function_is_refused_those_that_are_allowed_are_named():
    with pytest.raises(UnsafeExpressionError, match=r"the types are BIGINT, BOOLEAN, "):
        parse_expression("x::JSON")
    with pytest.raises(UnsafeExpressionError) as raised:
        parse_expression("md5(x)")
    assert "the function md5() is not allowed in an expression; the functions are abs, coalesce, " in str(raised.value)
    named = str(raised.value).partition("the functions are ")[2].split(", ")
    assert [name for name in named if not any(_is_parsed(f"{name}({cells})") for cells in ARGUMENTS)] == []


ARGUMENTS = ("x", "x, '1'", "x, 1", "x, 1, 1", "x, '1', '2'", "x, '1', 1", "x::DOUBLE", "x::DATE")


def _is_parsed(text):
    try:
        parse_expression(text)
    except UnsafeExpressionError:
        return False
    return True


WIDE = "    unpivot: {name: nth, groups: '01..03', columns: {answer: 'v{group} answer'}}"


def test_columns_of_a_group_that_were_not_delivered_are_told_with_their_line(tmp_path):
    mapping = read_site(tmp_path, HEAD + PATIENT + "      aetiology: answr\n" + WIDE + "\n")
    delivered = ("pid", "v01 answer", "v02answer", "v03 answer", "Nth")
    with pytest.raises(DeliveryError) as raised:
        check_columns(mapping, {"visits": delivered})
    told = [line.partition("demo/mapping.yaml:")[2] for line in str(raised.value).splitlines()]
    there = "It has 'v02answer', 'v01 answer', 'v03 answer', 'Nth', 'pid'."
    assert told == [
        "14: the source 'visits' (visits*.csv) has a column 'nth' itself; give the new column another name.",
        f"13: the source 'visits' (visits*.csv) has no column 'answr'. Did you mean 'answer'? {there}",
        f"14: the source 'visits' (visits*.csv) has no column 'v02 answer'. Did you mean 'v02answer'? {there}",
    ]


def test_columns_that_are_read_slot_by_slot_are_used(tmp_path):
    text = HEAD + PATIENT + "      aetiology: answer\n" + WIDE + "\n"
    delivered = ("pid", *(f"v{n} answer" for n in ("01", "02", "03", "04")))
    notes = check_columns(read_site(tmp_path, text), {"visits": delivered})
    assert [note.source_column for note in notes if note.rule == "unused_column"] == ["v04 answer"]


def test_what_nobody_reads_and_nothing_fills_is_noted(tmp_path):
    text = HEAD + PATIENT + "not_collected:\n  patient: [sex]\n  lesion: ['*']\nignore: {visits: [known]}\n"
    notes = check_columns(read_site(tmp_path, text), {"visits": ("pid", "known", "new")})
    assert [(note.source, note.source_column) for note in notes if note.rule == "unused_column"] == [("visits", "new")]
    never = {(note.table, note.column) for note in notes if note.rule == "never_filled"}
    assert ("patient", "birth_date") in never
    assert ("lab_result", None) in never
    assert not {table for table, _ in never} & {"lesion"}
    assert not {("patient", "sex"), ("patient", "patient_id")} & never


def test_the_fingerprint_follows_the_code_lists(tmp_path):
    text = HEAD + PATIENT + "      sex: {column: x, recode: codes/sex.csv}\n"
    first = read_site(tmp_path, text, codes={"sex.csv": "code,value\nM,male\n"}).sha256
    again = read_site(tmp_path, text, codes={"sex.csv": "code,value\nM,male\n"}).sha256
    other = read_site(tmp_path, text, codes={"sex.csv": "code,value\nM,male\nF,female\n"}).sha256
    assert first == again != other


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (
            'file: "a.xlsx", delimiter: "|"',
            "'delimiter' does not go with a .xlsx file: only delimited text has delimiters.",
        ),
        ('file: "a.csv", sheet: CT', "'sheet' does not go with a .csv file: only a workbook has sheets."),
        (
            'file: "a.sav", encoding: cp949',
            "'encoding' does not go with a .sav file: the file states its encoding itself.",
        ),
        ('file: "a.xpt", skip_rows: 1', "'skip_rows' does not go with a .xpt file: it has no rows above its header."),
        ('file: "a.xlsx", dictionary: "d.csv"', "'dictionary' does not go with a .xlsx file: only a REDCap export"),
        ('file: "a.csv", dictionary: "../d.csv"', "'../d.csv' may not leave the delivery's folder; name a file in it."),
    ],
)
def test_an_option_that_does_not_go_with_a_format_is_told_with_its_line(tmp_path, source, sentence):
    text = HEAD.replace('file: "visits*.csv"', source)
    with pytest.raises(MappingError) as caught:
        read_site(tmp_path, text + PATIENT)
    assert f"mapping.yaml:7: {sentence}" in str(caught.value)
