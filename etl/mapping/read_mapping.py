"""Read and check a site's mapping.yaml, its code lists and tables; every mistake is listed with its line."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from etl.mapping.checks.meaning import check_target
from etl.mapping.checks.names import check_names
from etl.mapping.code_files import read_code_file
from etl.mapping.compiler.recode import same_but_for_case
from etl.mapping.csv_tables import check_columns_there, check_range, read_csv_table
from etl.mapping.language.base import Line
from etl.mapping.language.column_mapping import BooleanWords, ColumnMapping, DateFormat, NumberFormat, Split
from etl.mapping.language.condition import Condition
from etl.mapping.language.expectation_forms import Ceilings, Expectation, RowSpan, ValueSpan
from etl.mapping.language.form_mistake import form_mistake
from etl.mapping.language.lookup_forms import Aggregate, CsvTable, Effective, Lookup, LookupOrder, Unit
from etl.mapping.language.near_name import did_you_mean
from etl.mapping.language.site_mapping import CodeFile, SiteMapping
from etl.mapping.language.slot_forms import Explode, Unpivot
from etl.mapping.language.source_form import Source
from etl.mapping.language.table_mapping import Deduplicate, OverParts, TableMapping
from etl.mapping.language.yaml_lines import Document, Lines, read_yaml
from schemas.catalogue import table_facts
from schemas.tables import TABLES
from warehouse.errors import MappingError, NotFoundError

FILE = "mapping.yaml"
Mistake = tuple[Path, int, str]
"""A file, a line, a sentence."""


def read_mapping(mappings_dir: Path, site: str) -> SiteMapping:
    """Read and check site_mappings/<site>/mapping.yaml with the code lists next to it.

    Raises:
        NotFoundError: there is no such site.
        MappingError: the mapping is not valid; one line for every mistake, `file:line: sentence`.
    """
    folder = mappings_dir / site
    path = folder / FILE
    if not path.is_file():
        sites = known_sites(mappings_dir)
        raise NotFoundError(
            f"There is no mapping {path.as_posix()}.{did_you_mean(site, sites)} Known sites: {', '.join(sites) or 'none'}."
        )
    raw = path.read_bytes()
    try:
        document = read_yaml(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise MappingError(f"{path.as_posix()}:{line}: the file is not UTF-8; save it as UTF-8.") from None
    mistakes: list[Mistake] = [(path, flaw.line, flaw.sentence) for flaw in document.flaws]
    mapping, form_mistakes, torn = _check_form(path, document) if document.data is not None else (None, [], set())
    mistakes += form_mistakes
    if document.data is None and not mistakes:
        mistakes.append((path, 1, "the file is empty."))
    code_files: dict[str, CodeFile] = {}
    csv_tables: dict[str, CsvTable] = {}
    if mapping is not None:
        if mapping.site != site:
            mistakes.append(
                (path, document.lines.line_of(("site",)), f"'site' is '{mapping.site}', the folder '{site}'.")
            )
        code_files, code_mistakes = _read_code_files(folder, mapping, document.lines)
        mistakes += [
            (path, document.lines.line_of(at), sentence) for at, sentence in check_names(mapping) if at not in torn
        ]
        csv_tables, table_mistakes = _read_csv_tables(folder, mapping, document.lines)
        mistakes += code_mistakes + table_mistakes
    if mistakes or mapping is None:
        unique = sorted(dict.fromkeys(mistakes), key=lambda mistake: (mistake[0] != path, mistake[0], mistake[1]))
        raise MappingError("\n".join(f"{file.as_posix()}:{line}: {sentence}" for file, line, sentence in unique))
    files = {name: file.path for name, file in code_files.items()} | {name: t.path for name, t in csv_tables.items()}
    fingerprint = _fingerprint(raw, files)
    return mapping.attach(folder, fingerprint, lines=document.lines, code_files=code_files, csv_tables=csv_tables)


def known_sites(mappings_dir: Path) -> list[str]:
    """Name the sites that have a mapping, in order; a folder whose name begins with `_` is not a site."""
    return sorted(found.parent.name for found in mappings_dir.glob(f"[!_]*/{FILE}"))


def _check_form(path: Path, document: Document) -> tuple[SiteMapping | None, list[Mistake], set[tuple[str | int, ...]]]:
    """Check the form; where only columns are malformed, go on without them, so that one reading lists all mistakes.

    Returns:
        the mapping, the mistakes, and the parts of tables that had to go without a column.
    """
    if not isinstance(document.data, dict):
        return None, [(path, 1, "the file must be a map that begins with 'site:'.")], set()
    try:
        return SiteMapping.model_validate(document.data), [], set()
    except ValidationError as error:
        details = error.errors(include_url=False)
    mistakes = [
        (path, document.lines.line_of(detail["loc"]), form_mistake(detail, file=FILE, options_at=_options_at))
        for detail in details
    ]
    if not all(_drop_column(document.data, detail["loc"]) for detail in details):
        return None, mistakes, set()
    try:
        return SiteMapping.model_validate(document.data), mistakes, {detail["loc"][:3] for detail in details}
    except ValidationError:
        return None, mistakes, set()


def _drop_column(data: dict[str, Any], loc: tuple[str | int, ...]) -> bool:
    """Take a malformed column out of the data; False when the mistake is elsewhere."""
    match loc:
        case ("tables", table, int(index), "columns", name, *_):
            parts = data["tables"][table]
            part = parts[index] if isinstance(parts, list) else parts
            part["columns"].pop(name, None)
            return True
        case _:
            return False


_MODELS: dict[tuple[str, ...], type[Line]] = {
    (): SiteMapping,
    ("sources", "*"): Source,
    ("tables", "*"): TableMapping,
    ("tables", "*", "columns", "*"): ColumnMapping,
    ("tables", "*", "unpivot"): Unpivot,
    ("tables", "*", "explode"): Explode,
    ("tables", "*", "columns", "*", "unit"): Unit,
    ("tables", "*", "columns", "*", "date"): DateFormat,
    ("tables", "*", "columns", "*", "number"): NumberFormat,
    ("tables", "*", "columns", "*", "boolean"): BooleanWords,
    ("tables", "*", "columns", "*", "split"): Split,
    ("tables", "*", "keep_if"): Condition,
    ("tables", "*", "then_keep_if"): Condition,
    ("sources", "*", "keep_if"): Condition,
    ("tables", "*", "lookup"): Lookup,
    ("tables", "*", "lookup", "effective"): Effective,
    ("tables", "*", "lookup", "order_by"): LookupOrder,
    ("tables", "*", "aggregate"): Aggregate,
    ("tables", "*", "deduplicate"): Deduplicate,
    ("expectations", "*"): Expectation,
    ("expectations", "*", "rows"): RowSpan,
    ("expectations", "*", "rows_per_patient"): RowSpan,
    ("expectations", "*", "values"): ValueSpan,
    ("ceilings",): Ceilings,
    ("over_parts", "*"): OverParts,
    ("over_parts", "*", "aggregate"): Aggregate,
    ("over_parts", "*", "deduplicate"): Deduplicate,
}
"""The form that each place of a mapping has; * stands for a name."""


def _options_at(loc: tuple[str | int, ...]) -> list[str]:
    """Name the options that a part of the mapping takes."""
    steps = [step for step in loc if not isinstance(step, int)]
    place = tuple("*" if index in {1, 3} and steps[index - 1] in _NAMING else step for index, step in enumerate(steps))
    model = _MODELS.get(place)
    return [field.alias or name for name, field in model.model_fields.items()] if model else []


_NAMING = {"sources", "tables", "columns", "over_parts", "expectations"}
"""What is followed by a name of the mapping's own."""


def _read_code_files(folder: Path, mapping: SiteMapping, lines: Lines) -> tuple[dict[str, CodeFile], list[Mistake]]:
    """Read every code list that the mapping names, and check each entry against the canonical columns that use it."""
    found: dict[str, CodeFile] = {}
    mistakes: list[Mistake] = []
    for table, parts in mapping.tables.items():
        for index, part in enumerate(parts):
            for name, options in part.columns.items():
                if not isinstance(options.recode, str):
                    continue
                if options.recode not in found:
                    code_file, flaws, refusal = read_code_file(folder, options.recode)
                    mistakes += [(folder / options.recode, flaw.line, flaw.sentence) for flaw in flaws]
                    if refusal:
                        at = ("tables", table, index, "columns", name, "recode")
                        mistakes.append((folder / FILE, lines.line_of(at), refusal))
                    if code_file is None:
                        continue
                    found[options.recode] = code_file
                code_file = found[options.recode]
                mistakes += _check_entries(code_file, table, name)
                mistakes += [
                    (
                        code_file.path,
                        code_file.lines[code],
                        f"'{code}' and '{earlier}' are the same under 'ignore_case'; list one of them.",
                    )
                    for code, earlier in (same_but_for_case(code_file.entries) if options.ignore_case else ())
                ]
    return found, mistakes


def _check_entries(code_file: CodeFile, table: str, name: str) -> list[Mistake]:
    if table not in TABLES or name not in table_facts(table).column_names:
        return []
    target = table_facts(table).column(name)
    return [
        (code_file.path, code_file.lines[code], sentence)
        for code, value in code_file.entries.items()
        if value is not None and (sentence := check_target(target, value))
    ]


def _read_csv_tables(folder: Path, mapping: SiteMapping, lines: Lines) -> tuple[dict[str, CsvTable], list[Mistake]]:
    """Read every table that a look-up names, and check its columns and days against the look-up."""
    found: dict[str, CsvTable] = {}
    mistakes: list[Mistake] = []
    for table, parts in mapping.tables.items():
        for index, part in enumerate(parts):
            for position, lookup in enumerate(part.lookup):
                if not lookup.is_of_table:
                    continue
                at = lines.line_of(("tables", table, index, "lookup", position))
                if lookup.source not in found:
                    csv_table, flaws, refusal = read_csv_table(folder, lookup.source)
                    mistakes += [(folder / lookup.source, flaw.line, flaw.sentence) for flaw in flaws]
                    mistakes += [(folder / FILE, at, refusal)] if refusal else []
                    if csv_table is None:
                        continue
                    found[lookup.source] = csv_table
                csv_table = found[lookup.source]
                absent = [(folder / FILE, at, sentence) for sentence in check_columns_there(csv_table, lookup)]
                wrong_days = () if absent else check_range(csv_table, lookup, mapping.missing)
                mistakes += absent
                mistakes += [(csv_table.path, flaw.line, flaw.sentence) for flaw in wrong_days]
    return found, mistakes


def _fingerprint(raw: bytes, files: Mapping[str, Path]) -> str:
    digest = hashlib.sha256(raw)
    for reference in sorted(files):
        digest.update(b"\0" + reference.encode() + b"\0" + files[reference].read_bytes())
    return digest.hexdigest()
