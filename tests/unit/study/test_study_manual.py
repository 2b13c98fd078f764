"""docs/reference/study.md: its blocks are one valid study file, and it names every option of one."""

import re
from pathlib import Path

import pytest

from etl.study.definition import study_file
from etl.study.definition.read_study import read_study

TEXT = Path("docs/reference/study.md").read_text(encoding="utf-8")
PARTS = [
    part
    for part in vars(study_file).values()
    if isinstance(part, type) and issubclass(part, study_file.Part) and part is not study_file.Part
]


def test_the_blocks_are_a_study(tmp_path: Path) -> None:
    blocks = re.findall(r"^```yaml\n(.*?)^```$", TEXT, flags=re.MULTILINE | re.DOTALL)
    (tmp_path / "example.yaml").write_text("".join(blocks), encoding="utf-8")
    study = read_study(tmp_path, "example").study
    assert set(study_file.StudyFile.model_fields) - study.model_fields_set == {"published"}
    assert study.sensitivity.model_fields_set == set(study_file.Sensitivity.model_fields)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_every_option_is_named(part: type[study_file.Part]) -> None:
    named = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"`[^`\n]+`|^```yaml.*?^```$", TEXT, flags=re.M | re.S))))
    assert set(part.model_fields) - named == set()
