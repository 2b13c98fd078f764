"""Landing exports of REDCap with their data dictionaries."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from support.landing_site import Site, findings, rows

from etl.delivery.folder import find_delivery, unmatched_files
from warehouse.errors import DeliveryError

DICTIONARY = (
    "Variable / Field Name,Form Name,Section Header,Field Type,Field Label,"
    '"Choices, Calculations, OR Slider Labels",Identifier?\n'
    "record_id,demographics,,text,번호,,\n"
    'sex,demographics,,radio,성별,"1, 남 | 2, 여, 기타",\n'
    "intro,demographics,,descriptive,설명,,\n"
    'comorbid,demographics,,checkbox,동반질환,"1, 당뇨 | -9, 모름 | HTN, 고혈압",\n'
    "smoker,demographics,,yesno,흡연,,\n"
    "lesion_mm,imaging,,text,크기,,\n"
)
EXPORT = (
    "record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,sex,comorbid___1,comorbid____9,"
    "comorbid___htn,smoker,demographics_complete\n"
    "1,baseline_arm_1,,,1,1,0,0,1,2\n"
    "1,baseline_arm_1,imaging,1,,,,,,\n"
)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(tmp_path)
    site.mapping.identity = {}
    site.mapping.sources = {"patients": site.source("p_DATA_*.csv", dictionary="p_DataDictionary_*.csv")}
    site.write("\ufeff" + DICTIONARY, "p_DataDictionary_2026.csv")
    site.write("\ufeff" + EXPORT, "p_DATA_2026.csv")
    return site


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def test_the_dictionary_vouches_for_the_columns_and_labels_their_codes(
    site: Site, con: duckdb.DuckDBPyConnection
) -> None:
    landed = site.land()
    assert len(rows(con, landed)) == 2
    labels = con.execute(landed[0].labels_sql(1)).fetchall()
    assert labels == [
        (1, "sex", "1", "남", False),
        (1, "sex", "2", "여, 기타", False),
        (1, "comorbid___1", "1", "당뇨", False),
        (1, "comorbid____9", "1", "모름", False),
        (1, "comorbid___htn", "1", "고혈압", False),
        (1, "smoker", "1", "Yes", False),
        (1, "smoker", "0", "No", False),
        (1, "demographics_complete", "0", "Incomplete", False),
        (1, "demographics_complete", "1", "Unverified", False),
        (1, "demographics_complete", "2", "Complete", False),
    ]
    assert findings(con, landed) == [("absent_field", None, None, "lesion_mm", None)]
    assert unmatched_files(find_delivery(site.settings.raw_dir, "snuh"), site.mapping.sources) == ()


def test_another_dictionary_lands_the_export_anew(site: Site, con: duckdb.DuckDBPyConnection) -> None:
    before = site.land()[0].path
    assert site.land()[0].path == before
    site.write(DICTIONARY.replace("2, 여, 기타", "2, 여"), "p_DataDictionary_2026.csv")
    after = site.land()[0]
    assert after.path != before
    assert (1, "sex", "2", "여", False) in con.execute(after.labels_sql(1)).fetchall()


REFUSED = {
    "field": (EXPORT.replace("smoker", "smokes"), DICTIONARY, r"p_DATA_2026.csv: p_DataDictionary_2026.csv does not know 'smokes'"),
    "choice": (EXPORT.replace("comorbid___1", "comorbid___7"), DICTIONARY, r"does not know 'comorbid___7'\."),
    "form": (EXPORT.replace("demographics_complete", "lab_complete"), DICTIONARY, r"does not know 'lab_complete'\."),
    "no dictionary": (EXPORT, EXPORT, r"this is no data dictionary of REDCap; it has no column 'Variable / Field Name'"),
    "bad choice": (EXPORT, DICTIONARY.replace("1, 남", "남"), r"the field 'sex' has a choice without 'code, label'"),
    "ragged": (EXPORT, DICTIONARY + "a,b\n", r"p_DataDictionary_2026.csv line 8: record 7 is damaged"),
    "lost": (EXPORT, None, r"p_DATA_2026.csv: no files next to it fit 'p_DataDictionary_\*.csv', but one data dictionary"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_the_dictionary_cannot_vouch_for_is_refused(site: Site, case: str) -> None:
    export, dictionary, message = REFUSED[case]
    site.write(export, "p_DATA_2026.csv")
    path = site.delivery / "p_DataDictionary_2026.csv"
    path.unlink() if dictionary is None else path.write_text(dictionary, encoding="utf-8")
    with pytest.raises(DeliveryError, match=message):
        site.land()


def test_columns_of_missing_data_codes_pass_where_the_mapping_lists_the_codes(
    site: Site, con: duckdb.DuckDBPyConnection
) -> None:
    head, *records = EXPORT.splitlines()
    codes = f"{head},comorbid___unk,comorbid____99\n" + "".join(f"{record},0,1\n" for record in records)
    site.write(codes, "p_DATA_2026.csv")
    with pytest.raises(
        DeliveryError, match=r"does not know 'comorbid___unk', 'comorbid____99'\. If 'unk' is a missing"
    ):
        site.land()
    site.mapping.missing = ["UNK"]
    with pytest.raises(DeliveryError, match=r"does not know 'comorbid____99'\. If '_99' is a missing-data code"):
        site.land()
    site.mapping.missing = ["UNK", "-99"]
    assert [row[-2:] for row in rows(con, site.land())] == [("0", "1"), ("0", "1")]


def test_a_column_that_only_looks_like_a_missing_data_code_is_refused(site: Site) -> None:
    site.mapping.missing = ["UNK"]
    head, *records = EXPORT.splitlines()
    site.write(f"{head},sex___unk\n" + "".join(f"{record},0\n" for record in records), "p_DATA_2026.csv")
    with pytest.raises(DeliveryError, match=r"does not know 'sex___unk'\. Is it the dictionary of this project"):
        site.land()


def test_a_note_of_the_dictionary_that_looks_like_a_field_may_be_named(
    site: Site, con: duckdb.DuckDBPyConnection
) -> None:
    head = DICTIONARY.splitlines()[0]
    note = 'q02,visit,,text,"통증\nq03,visit,,text,피로,,\n",,'
    site.write(f"{head}\nq01,visit,,text,번호,,\n{note}\nq04,visit,,text,식욕,,\n", "p_DataDictionary_2026.csv")
    site.write("q01,q02\n1,2\n", "p_DATA_2026.csv")
    with pytest.raises(
        DeliveryError,
        match=r"p_DataDictionary_2026.csv line 3: a quote opens here .* say 'line_breaks_in: \[\"Field Label\"\]'",
    ):
        site.land()
    of_note = site.source("p_DATA_*.csv", dictionary="p_DataDictionary_*.csv", line_breaks_in=["Field Label"])
    site.mapping.sources = {"patients": of_note}
    assert findings(con, site.land()) == [("absent_field", None, None, "q04", None)]
    misspelt = of_note.model_copy(update={"line_breaks_in": ["Field Label", "Field Lable"]})
    site.mapping.sources = {"patients": misspelt}
    with pytest.raises(DeliveryError, match=r"has no column 'Field Lable' that mapping\.yaml names under"):
        site.land()
