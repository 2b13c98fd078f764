"""Read a study file: all of it is checked, and every mistake is listed with its line."""

from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from etl.mapping.language.form_mistake import form_mistake
from etl.mapping.language.near_name import did_you_mean
from etl.mapping.language.yaml_lines import Document, read_yaml
from etl.study.definition.check_names import check_names
from etl.study.definition.check_signs import check_signs
from etl.study.definition.study_file import StudyFile
from warehouse.errors import NotFoundError, StudyError

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

PROJECT = Path(__file__).parents[3]
COHORT = PROJECT / "warehouse" / "views" / "analysis" / "cohort" / "cohort.sql"
ONSET = COHORT.with_name("onset.sql")
PERSON = ("site_id", "patient_id")
"""Columns that name the patient; they have no cell in analysis_step.cohort_cell."""


@dataclass(frozen=True)
class Definition:
    """A study file that was read and checked."""

    path: Path
    study: StudyFile
    sha256: str
    """Of what the file says, comments and layout apart, and of the printed figures that it names."""

    @property
    def name(self) -> str:
        """The study's name."""
        return self.study.study

    @property
    def published_path(self) -> Path | None:
        """The file of printed figures, when the study has one."""
        return self.path.parent / "published" / self.study.published if self.study.published else None


def read_study(studies_dir: Path, name: str) -> Definition:
    """Read and check studies/<name>.yaml.

    Raises:
        NotFoundError: there is no such study.
        StudyError: the file is not valid; one line for every mistake, `file:line: sentence`.
    """
    path = studies_dir / f"{name}.yaml"
    known = known_studies(studies_dir)
    if name not in known or not path.is_file():
        raise NotFoundError(
            f"There is no study {path.as_posix()}.{did_you_mean(name, known)} Known studies: {', '.join(known) or 'none'}."
        )
    raw = path.read_bytes()
    try:
        document = read_yaml(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise StudyError(f"{path.as_posix()}:{line}: the file is not UTF-8; save it as UTF-8.") from None
    study, mistakes = _check(document, path)
    if mistakes or study is None:
        lines = sorted(dict.fromkeys(mistakes))
        raise StudyError("\n".join(f"{path.as_posix()}:{line}: {sentence}" for line, sentence in lines))
    digest = sha256(study.model_dump_json().encode())  # what the file says: a comment changes nothing
    definition = Definition(path, study, "")
    if definition.published_path is not None:
        if not definition.published_path.is_file():
            line = document.lines.line_of(("published",))
            raise StudyError(f"{path.as_posix()}:{line}: there is no file {definition.published_path.as_posix()}.")
        digest.update(definition.published_path.read_bytes())
    return Definition(path, study, digest.hexdigest())


def known_studies(studies_dir: Path) -> list[str]:
    """Name the studies that have a file, in order."""
    return sorted(path.stem for path in studies_dir.glob("[!_]*.yaml"))


def cohort_columns() -> tuple[str, ...]:
    """Name the columns of analysis.cohort that a study can ask for, from the head of its SQL file."""
    lines = COHORT.read_text(encoding="utf-8").splitlines()
    names = (line[4:].partition(":")[0] for line in lines if line.startswith("-- @"))
    return tuple(name for name in names if name not in PERSON)


def onset_kinds() -> tuple[str, ...]:
    """Name the kinds of analysis.onset, from the head of its SQL file: `-- kind: name, name`."""
    lines = ONSET.read_text(encoding="utf-8").splitlines()
    kinds = " ".join(line.removeprefix("-- kinds:") for line in lines if line.startswith("-- kinds:"))
    return tuple(kind.strip(" .") for kind in kinds.split(",") if kind.strip(" ."))


def _check(document: Document, path: Path) -> tuple[StudyFile | None, list[tuple[int, str]]]:
    mistakes = [(flaw.line, flaw.sentence) for flaw in document.flaws]
    mistakes += [(document.lines.line_of(at), sentence) for at, sentence in check_signs(document.data)]
    if not isinstance(document.data, dict):
        return None, mistakes or [(1, "the file must be a map that begins with 'study:'.")]
    try:
        study = StudyFile.model_validate(document.data)
    except ValidationError as error:
        return None, mistakes + [
            (
                document.lines.line_of(detail["loc"]),
                form_mistake(detail, file=path.name, options_at=_options_at),
            )
            for detail in error.errors(include_url=False)
        ]
    if study.study != path.stem:
        line = document.lines.line_of(("study",))
        mistakes.append((line, f"'study' is '{study.study}', the file '{path.name}'."))
    found = check_names(study, columns=cohort_columns(), onsets=onset_kinds())
    return study, mistakes + [(document.lines.line_of(at), sentence) for at, sentence in found]


def _options_at(loc: tuple[str | int, ...]) -> Collection[str]:
    """Name the options of the part that a place in the file leads to, by following the models."""
    model: Any = StudyFile
    for step in loc:
        fields: dict[str, FieldInfo] = getattr(model, "model_fields", {})
        if isinstance(step, str) and step in fields:
            model = _part_of(fields[step].annotation)
    return list(getattr(model, "model_fields", {}))


def _part_of(annotation: Any) -> Any:
    """Find the model inside an annotation such as dict[str, Table] or list[Row]."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        found = _part_of(inner)
        if found is not None:
            return found
    return None
