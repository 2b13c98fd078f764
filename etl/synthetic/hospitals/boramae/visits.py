"""What Boramae's wide row says of each visit: the examination, the results of the day, and the scan with its lesions."""

import pandas as pd

from etl.synthetic.hospitals.boramae import words as words_of
from etl.synthetic.hospitals.boramae.rendering import serial_days
from etl.synthetic.hospitals.boramae.wide import ID
from etl.synthetic.rendering import cell_numbers, texts, with_every_observation, words

MOST_LESIONS = 12
"""Room for lesions at a visit: three in the liver, a thrombus, four organs with targets, three without, a new one."""

_NUMBERS = {
    "ecog": "ECOG", "weight": "체중", "height": "신장", "systolic": "수축기혈압", "diastolic": "이완기혈압",
}  # fmt: skip
_DAY = ["patient_id", "day"]


def render_days(observation: pd.DataFrame, labs: pd.DataFrame) -> pd.DataFrame:
    """Render one record per patient and day on which anything was found or measured."""
    value = observation["value_code"].where(observation["value_code"].notna(), observation["value_number"])
    found = _pivot(observation.assign(value=value), day="observed_on", kind="observation_code", value="value")
    results = _pivot(labs, day="taken_on", kind="analyte_code", value="reported_value_text")
    found = with_every_observation(found)
    days = found.merge(results, on=_DAY, how="outer").sort_values(_DAY, ignore_index=True)
    absent = pd.Series(None, index=days.index, dtype=object)
    return pd.DataFrame(
        {
            ID: days["patient_id"],
            "방문일": serial_days(days["day"]),
            **{item: cell_numbers(pd.to_numeric(days[code])) for code, item in _NUMBERS.items()},
            "복수": words(days["ascites"], words_of.ASCITES),
            "간성뇌증": words(days["encephalopathy"], words_of.ENCEPHALOPATHY),
            **{item: texts(days.get(code, absent)) for code, item in words_of.ANALYTE.items()},
        }
    )


def render_scans(imaging: pd.DataFrame, lesions: pd.DataFrame) -> pd.DataFrame:
    """Render one record per scan, its lesions side by side."""
    scans = pd.DataFrame(
        {
            ID: imaging["patient_id"],
            "영상일": serial_days(imaging["imaged_on"]),
            "영상차수": texts(imaging["visit_text"]),
            "영상종류": words(imaging["modality_code"], words_of.MODALITY),
            "영상부위": words(imaging["region_code"], words_of.REGION),
            "조영제": words(imaging["has_contrast"], words_of.YES),
            "동맥기": words(imaging["has_arterial_phase"], words_of.YES),
            "주치의판정": texts(imaging["response_physician_code"]),
            "영상의학과판정": texts(imaging["response_radiologist_code"]),
            "비표적": words(imaging["non_target_status_code"], words_of.NON_TARGET),
            "신규": words(imaging["has_new_lesion"], words_of.YES),
        }
    )
    measured = _lesions(lesions)
    place = measured.groupby([ID, "영상일"]).cumcount() + 1
    assert not place.gt(MOST_LESIONS).any(), f"{place.max()} lesions at a visit; there is room for {MOST_LESIONS}"
    for number in range(1, MOST_LESIONS + 1):
        of_place = measured[place == number].rename(columns=lambda item: _lesion_item(number, item))  # noqa: B023
        scans = scans.merge(of_place, on=[ID, "영상일"], how="left")
    return scans.fillna("")


def _lesion_item(number: int, item: str) -> str:
    return item if item in {ID, "영상일"} else f"병변{number} {item}"


def _lesions(of: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            ID: of["patient_id"],
            "영상일": serial_days(of["imaged_on"]),
            "이름": texts(of["lesion_label"]),
            "장기": words(of["organ_code"], words_of.ORGAN),
            "구분": words(of["role_code"], words_of.LESION_ROLE),
            "림프절": words(of["is_lymph_node"], words_of.YES),
            "생존직경": cell_numbers(of["viable_diameter_mm"]),
            "전체직경": cell_numbers(of["whole_diameter_mm"]),
            "단경": cell_numbers(of["short_axis_mm"]),
            "조영증강": words(of["enhancement_code"], words_of.ENHANCEMENT),
            "양상": words(of["pattern_code"], words_of.PATTERN),
            "기치료": words(of["is_treated_before"], words_of.YES),
        }
    )


def _pivot(of: pd.DataFrame, *, day: str, kind: str, value: str) -> pd.DataFrame:
    return of.rename(columns={day: "day"}).pivot(index=_DAY, columns=kind, values=value).reset_index()
