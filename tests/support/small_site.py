"""A small hospital of two sources for tests of the whole way: quick to ingest, easy to break."""

from pathlib import Path

from support.new_warehouse import copy_new_warehouse

from etl.settings import Settings

SITE = "hill"

MAPPING = """\
site: hill
hospital: Hill Hospital
version: 1
missing: ["", "NA"]
identity:
  번호: pseudonymise
  성명: drop
sources:
  people: {file: "people*.csv"}
  labs: {file: "labs*.csv", many: true}
tables:
  patient:
    from: people
    columns:
      patient_id: 번호
      sex: {column: 성별, recode: {남: male, 여: female}}
      birth_date: {column: 생년월일, date: ["%Y-%m-%d"]}
  treatment_course:
    from: people
    unless_empty: [시작일]
    columns:
      patient_id: 번호
      drug_code: {constant: sorafenib}
      role_code: {constant: study}
      started_on: {column: 시작일, date: ["%Y-%m-%d"]}
  follow_up:
    from: people
    columns:
      patient_id: 번호
      vital_status_code: {column: 상태, recode: {사망: dead, 생존: alive}}
      died_on: {column: 사망일, date: ["%Y-%m-%d"]}
      last_contact_on: {column: 최종일, date: ["%Y-%m-%d"]}
  lab_result:
    from: labs
    keep_if: {when: "결과 <> '취소'", name: cancelled}
    columns:
      patient_id: 번호
      taken_on: {column: 날짜, date: ["%Y-%m-%d"]}
      analyte_code: {column: 검사, recode: {AFP: afp, BIL: bilirubin_total}}
      reported_value_text: 결과
      reported_value: {column: 결과, number: {qualifier: value_qualifier}}
      reported_unit: {column: 단위, recode: {ng/mL: ng/mL, mg/dL: mg/dL, umol/L: umol/L}}
"""

PEOPLE_HEADER = "번호,성명,성별,생년월일,시작일,상태,사망일,최종일"
LABS_HEADER = "번호,날짜,검사,결과,단위"


def people_rows(count: int) -> list[str]:
    """Write one person per line; the odd ones are men who died, the even ones women who live."""
    return [
        f"H{n:04d},김가나{n},{'남' if n % 2 else '여'},1950-01-{n % 28 + 1:02d},2010-03-{n % 28 + 1:02d},"
        + (f"사망,2011-05-{n % 28 + 1:02d},2011-05-{n % 28 + 1:02d}" if n % 2 else "생존,,2014-06-30")
        for n in range(1, count + 1)
    ]


def lab_rows(count: int) -> list[str]:
    """Write two results for each person."""
    return [
        row
        for n in range(1, count + 1)
        for row in (f"H{n:04d},2010-03-01,AFP,{n * 7}.5,ng/mL", f"H{n:04d},2010-03-01,BIL,{n}.1,umol/L")
    ]


def write_delivery(
    settings: Settings,
    name: str,
    *,
    people: list[str] | None = None,
    labs: list[str] | None = None,
    site: str = SITE,
) -> Path:
    """Write the site's mapping and one delivery of it."""
    mapping = settings.mappings_dir / site / "mapping.yaml"
    mapping.parent.mkdir(parents=True, exist_ok=True)
    mapping.write_text(MAPPING.replace(f"site: {SITE}", f"site: {site}"), encoding="utf-8")
    folder = settings.raw_dir / site / name
    folder.mkdir(parents=True)
    (folder / "SYNTHETIC.txt").write_text("synthetic\n", encoding="utf-8")
    for file, header, rows in (
        ("people.csv", PEOPLE_HEADER, people_rows(40) if people is None else people),
        ("labs.csv", LABS_HEADER, lab_rows(40) if labs is None else labs),
    ):
        (folder / file).write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return folder


def settings_in(folder: Path, *, has_warehouse: bool = True) -> Settings:
    """Keep everything of a test in its own folder; where it has no warehouse yet, an empty one saves the time to make it."""
    settings = Settings(
        data_dir=folder / "data", reports_dir=folder / "reports", mappings_dir=folder / "maps", lock_wait_seconds=0.5
    )
    if has_warehouse and not settings.warehouse_path.exists():
        copy_new_warehouse(settings.warehouse_path)
    return settings
