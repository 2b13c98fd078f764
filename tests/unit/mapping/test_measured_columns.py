"""Which columns of a hospital's export the mapping reads as measured numbers."""

from pathlib import Path

import pytest
from support.mapping_site import read_site

from etl.mapping.compiler.measured_columns import measured_columns
from etl.mapping.read_mapping import read_mapping

TWO_SOURCES = """
site: demo
hospital: Demo
version: 1
identity: {번호: pseudonymise}
sources:
  labs: {file: "labs.csv"}
  ranges: {file: "ranges.csv"}
tables:
  lab_result:
    from: labs
    lookup: {from: ranges, match: {검사: 검사, 하한코드: 결과코드}, take: {하한: LLN}}
    columns:
      patient_id: 번호
      taken_on: {column: 검사일, date: "%Y-%m-%d"}
      analyte_code: {column: 검사, recode: {TB: bilirubin_total}}
      reported_value_text: 결과
      reported_value: {coalesce: [결과, 재검], number: {}}
      reported_unit: {constant: mg/dL}
      lower_limit: {column: 하한, number: {}}
      upper_limit: {column: 결과코드, number: {}}
"""


def test_numbers_are_measured_and_keys_texts_and_codes_are_not(tmp_path: Path) -> None:
    mapping = read_site(tmp_path, TWO_SOURCES)
    assert measured_columns(mapping, "labs") == {"결과", "재검"}
    assert measured_columns(mapping, "ranges") == {"LLN"}


@pytest.mark.parametrize(
    ("site", "source", "some"),
    [
        ("snuh", "labs", {"결과", "참고상한", "참고하한"}),
        ("boramae", "wide", {"10차 방문 / ECOG"}),
        ("smc", "none", set()),
    ],
)
def test_columns_of_groups_are_named_group_by_group(site: str, source: str, some: set[str]) -> None:
    mapping = read_mapping(Path("site_mappings"), site)
    assert measured_columns(mapping, source) >= some
