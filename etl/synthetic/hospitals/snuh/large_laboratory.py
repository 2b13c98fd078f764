"""A delivery with millions of laboratory results, for measuring speed: SNUH's, with one file grown large."""

from math import isnan
from pathlib import Path

from etl.synthetic.delivery_folder import new_delivery, seal_delivery
from etl.synthetic.hospital import export
from etl.synthetic.hospitals.snuh import HOSPITAL, words
from etl.synthetic.hospitals.snuh.export import LAB_FILES, SITE
from etl.synthetic.synthesize import DEFAULT_SEED
from etl.synthetic.truth.laboratory import panel
from etl.synthetic.truth.study import Study, draw_study, of_site

LARGE_FILE = "검사결과_대용량.csv"
_BYTE_ORDER_MARK = "\ufeff"

# Patient after patient, each has one result of every analyte on each day, going back from the index date. So no two
# results have the same key, and none lies after a death.
_RECORDS_SQL = """
SELECT
    numbers[1 + i // {each}] AS "{mark}연구등록번호",
    CAST(index_dates[1 + i // {each}] AS DATE) - CAST(i % {each} // {analytes} AS INTEGER) AS "검사일자",
    codes[1 + i % {each} % {analytes}] AS "검사코드",
    results[1 + i % {each} % {analytes}][1 + (i * 7919 + i // 1009) % {results}] AS "결과",
    units[1 + i % {each} % {analytes}] AS "단위",
    lower_limits[1 + i % {each} % {analytes}] AS "참고하한",
    upper_limits[1 + i % {each} % {analytes}] AS "참고상한"
FROM range(?) AS record(i)
CROSS JOIN (
    SELECT ? AS numbers, ? AS index_dates, ? AS codes, ? AS results, ? AS units, ? AS lower_limits, ? AS upper_limits
) AS words
"""
_RESULTS_PER_ANALYTE = 97


def write_large_labs(folder: Path, records: int = 5_000_000, *, seed: int = DEFAULT_SEED) -> Path:
    """Write a SNUH delivery whose laboratory file has so many records (5 million are about 200 MB).

    The other domains are those of the study, so that every result has its patient. Every result is clean.

    Args:
        folder: the delivery's folder, e.g. data/raw/snuh/2016-04; a synthetic one of that name is replaced.
        records: how many laboratory results.
        seed: of the study.

    Returns:
        the path of the laboratory file.
    """
    study = draw_study(seed)
    with new_delivery(folder) as partial:
        counts = dict(export(HOSPITAL, partial, [study]))
        for name in LAB_FILES:
            (partial / name).unlink()
            del counts[name]
        _write_records(partial / LARGE_FILE, study, records)
        seal_delivery(partial, counts | {LARGE_FILE: records})
    return folder / LARGE_FILE


def _write_records(path: Path, study: Study, records: int) -> None:
    import duckdb

    courses = of_site(study, SITE)["treatment_course"]
    of_study = courses[courses["role_code"] == "study"]
    analytes = [analyte for analyte in panel().values() if analyte.code != "afp"]
    units = [words.REPORTED_UNIT.get(analyte.unit, analyte.unit) for analyte in analytes]
    sql = _RECORDS_SQL.format(
        each=-(-records // len(of_study)), analytes=len(analytes), results=_RESULTS_PER_ANALYTE, mark=_BYTE_ORDER_MARK
    )
    with duckdb.connect() as con:
        columns = (
            of_study["patient_id"].tolist(),
            of_study["started_on"].dt.strftime("%Y-%m-%d").tolist(),
            [words.ANALYTE[analyte.code] for analyte in analytes],
            [
                [
                    f"{analyte.typical * (0.75 + 0.5 * i / _RESULTS_PER_ANALYTE):.{analyte.decimals}f}"
                    for i in range(_RESULTS_PER_ANALYTE)
                ]
                for analyte in analytes
            ],
            [words.UNIT[unit] for unit in units],
            [None if isnan(analyte.lower_limit) else f"{analyte.lower_limit:g}" for analyte in analytes],
            [f"{analyte.upper_limit:g}" for analyte in analytes],
        )
        relation = con.sql(sql, params=[records, *columns])
        relation.write_csv(str(path), header=True)
