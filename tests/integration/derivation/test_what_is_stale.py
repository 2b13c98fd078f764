"""One comment in every file of the project makes nothing stale; one change of meaning makes stale what depends on it."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

FOLDERS = ("schemas", "warehouse", "etl", "site_mappings", "studies")
LINE = {
    ".py": "# a comment",
    ".sql": "-- a comment",
    ".yaml": "# a comment",
    ".html": "{# a comment #}",
    ".css": "/* a comment */",
}
"""A comment in each language; CSV has none."""

FINGERPRINTS = """
import json
from pathlib import Path
from etl.receiving.ingredients import fingerprint_load, standing_ingredients
from etl.landing.land import _code_version
from etl.mapping.read_mapping import known_sites, read_mapping
from etl.quality.fingerprint import assessment_fingerprint
from etl.report.fingerprint import reports_fingerprint
from etl.study.definition.load import studies_fingerprint
from warehouse.file.connect import open_warehouse, raw_connection
from warehouse.reference.load import reference_fingerprint
from warehouse.views.refresh import views_fingerprint
from warehouse.model.upgrade import upgrade_fingerprint

class Books:
    def execute(self, *_):
        return self
    def fetchone(self):
        return None
    def fetchall(self):
        return []

mappings = {site: read_mapping(Path("site_mappings"), site) for site in known_sites(Path("site_mappings"))}
print(json.dumps({
    "landed": _code_version(),
    **{f"load {site}": fingerprint_load(standing_ingredients(mapping)) for site, mapping in mappings.items()},
    **{f"notes {site}": standing_ingredients(mapping)["notes"] for site, mapping in mappings.items()},
    **{
        f"assessment {site}": assessment_fingerprint(mapping.not_collected, mapping.expectations)
        for site, mapping in mappings.items()
    },
    "reports": reports_fingerprint(),
    "studies": studies_fingerprint(Path("studies")),
    "reference": reference_fingerprint(),
    "views": views_fingerprint(Books()),
    "tables": upgrade_fingerprint(),
}))
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project's own files, in which the tests edit."""
    folder = tmp_path_factory.mktemp("copy")
    for name in FOLDERS:
        shutil.copytree(name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.fixture(scope="module")
def before(copy: Path) -> dict[str, str]:
    return fingerprints(copy)


def fingerprints(copy: Path) -> dict[str, str]:
    done = subprocess.run([sys.executable, "-c", FINGERPRINTS], cwd=copy, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told: dict[str, str] = json.loads(done.stdout)
    return told


def stale(copy: Path, before: dict[str, str]) -> set[str]:
    """Name what differs; `all` stands for every hospital."""
    after = fingerprints(copy)
    assert after.keys() == before.keys()
    differ = {name for name in after if after[name] != before[name]}
    for kind in ("load", "notes", "assessment"):
        of_kind = {name for name in before if name.startswith(f"{kind} ")}
        if of_kind <= differ:
            differ = differ - of_kind | {f"{kind} all"}
    return differ


@pytest.mark.slow
def test_a_comment_in_every_file_makes_nothing_stale(copy: Path, before: dict[str, str]) -> None:
    originals: dict[Path, bytes] = {}
    for name in FOLDERS:
        for path in (copy / name).rglob("*"):
            if path.suffix in LINE and path.is_file():
                originals[path] = path.read_bytes()
                path.write_bytes(originals[path].rstrip() + f"\n\n{LINE[path.suffix]}\n".encode())
    assert len(originals) > 500
    assert {path.suffix for path in originals} == set(LINE)
    try:
        assert stale(copy, before) == set()
    finally:
        for path, content in originals.items():
            path.write_bytes(content)


EVERYTHING_OF_CODES = EVERYTHING_OF_UNITS = {"reference", "views", "tables", "assessment all", "load all"}

MEANINGS = {
    # file: text, its replacement (a text at the end where nothing is replaced), and what becomes stale
    "a ceiling": ("etl/gate/ceilings.py", "SMALLEST_MASS = 5", "SMALLEST_MASS = 6", {"load all"}),
    "a reader": ("etl/readers/text/byte_scan.py", "", "OTHER = 1", {"load all", "landed"}),
    "a landed row": ("etl/landing/rows.py", "", "OTHER = 1", {"load all", "landed"}),
    "a pseudonym": ("etl/identity/pseudonym.py", "", "OTHER = 1", {"load all", "landed"}),
    "an operation of mappings": ("etl/mapping/compiler/dates.py", "", "OTHER = 1", {"load all"}),
    "the synthetic study": ("etl/synthetic/rendering.py", "", "OTHER = 1", set()),
    "a command": ("etl/commands/show.py", "", "OTHER = 1", set()),
    "a quality rule": ("etl/quality/scale.py", "LEAST_VALUES = 20", "LEAST_VALUES = 21", {"assessment all"}),
    "a quality query": (
        "etl/quality/plausibility/patient_withdrawn.sql", "'every patient", "'each patient", {"assessment all"}
    ),
    "advice": ("etl/findings.py", "Correct the record's quotes", "Mend the record's quotes", {"assessment all"}),
    "a template": ("etl/report/templates/report.html", "May I trust", "Can I trust", {"reports"}),
    "a section's template": ("etl/report/load/sections/ledger.html", "Every record", "Each record", {"reports"}),
    "a section": ("etl/report/load/sections/came.py", "What came", "What arrived", {"reports"}),
    "a style": ("etl/report/templates/report.css", "", "b { color: red }", {"reports"}),
    "a report": ("etl/report/load/causes.py", "", "OTHER = 1", {"reports"}),
    "a view": ("warehouse/views/clinical/score/albi.sql", "SELECT", "SELECT DISTINCT", {"views"}),
    "a view's description": ("warehouse/views/clinical/score/albi.sql", "@patient_id: ", "@patient_id: Words. ", {"views"}),
    "an option": (
        "schemas/reference/study_option.csv", "long_term_months,24", "long_term_months,36", {"reference", "views", "tables"}
    ),
    "a conversion": ("schemas/reference/unit_conversion.csv", ",1.21,", ",1.22,", EVERYTHING_OF_UNITS),
    "a label": ("schemas/codelists/sex.csv", "Male", "Man", {"reference", "views", "tables", "assessment all"}),
    "a code": ("schemas/codelists/sex.csv", "", "other,Other,기타,CDISC SEX", EVERYTHING_OF_CODES),
    "a description": ("schemas/tables/patient.py", "Sex at birth as", "Sex as", {"tables", "assessment all"}),
    "a bound": ("schemas/tables/patient.py", "le=120", "le=119", {"tables", "assessment all", "load all"}),
    "a study": ("studies/sorafenib.yaml", "", "other: 1", {"studies"}),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", MEANINGS)
def test_a_meaning_makes_stale_what_depends_on_it(copy: Path, before: dict[str, str], name: str) -> None:
    file, old, new, expected = MEANINGS[name]
    with edited(copy / file, old, new):
        assert stale(copy, before) == expected


OF_ONE_HOSPITAL = {
    "a token for missing": ("mapping.yaml", "missing: [", 'missing: ["no such token", ', "load"),
    "the version": ("mapping.yaml", "version: ", "version: 9", "notes"),
    "a code": ("codes/organs.csv", "LIVER,", "LIVERS,", "load"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", OF_ONE_HOSPITAL)
def test_a_mapping_is_its_hospitals_alone(copy: Path, before: dict[str, str], name: str) -> None:
    file, old, new, kind = OF_ONE_HOSPITAL[name]
    site = min(path.parent.name for path in (copy / "site_mappings").glob("[!_]*/mapping.yaml"))
    with edited(copy / "site_mappings" / site / file, old, new):
        assert stale(copy, before) == {f"{kind} {site}"}


@contextmanager
def edited(path: Path, old: str, new: str) -> Iterator[None]:
    """Replace a text in a file, or add one at its end, for a while."""
    text = path.read_text(encoding="utf-8")
    assert old in text, "this test edits what is not there"
    try:
        path.write_text(text.replace(old, new, 1) if old else f"{text}\n{new}\n", encoding="utf-8")
        yield
    finally:
        path.write_text(text, encoding="utf-8")


def test_files_are_hashed_by_what_they_mean() -> None:
    from warehouse.parsed import hash_parsed

    same = [
        (".py", b"x = 1", b'"""Doc."""\n# comment\nx = (\n    1\n)\n'),
        (".py", b"def f():\n    return 1", b'def f():\n    """Doc."""\n    return 1  # one'),
        (".sql", b"SELECT a FROM t;", b"-- c\nselect\n    a  -- column\nfrom t"),
        (".csv", b"a,b\n1,2\n", b'"a","b"\r\n1,2'),
        (".yaml", b"a: {b: 1}", b"# c\na:\n  b: 1\n"),
        (".css", b"a { b: c }", b"a { b: c }/* x */"),
    ]
    other = [
        (".py", b"x = 1", b"x = 2"),
        (".py", b"x = 'a'", b"x = 'b'"),
        (".sql", b"SELECT a FROM t", b"SELECT b FROM t"),
        (".sql", b"SELECT a FROM t WHERE a > 1", b"SELECT a FROM t WHERE a >= 1"),
        (".csv", b"a\n1", b"a\n2"),
        (".yaml", b"{a: 1, b: 2}", b"{b: 2, a: 1}"),
        (".txt", b"a", b"a "),
        (".py", b"not python (", b"not  python ("),
    ]
    for suffix, one, two in same:
        assert hash_parsed(suffix, one) == hash_parsed(suffix, two), two
    for suffix, one, two in other:
        assert hash_parsed(suffix, one) != hash_parsed(suffix, two), two
