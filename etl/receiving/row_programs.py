"""Fingerprint of the programs that make rows, from receiving to staging: when it changes, loads are stale.

A test imports and runs that way, and fails when a module of ours takes part that stands in neither list.
"""

from pathlib import Path

from warehouse.fingerprint import PROJECT

ROW_PROGRAMS = (
    "etl/delivery/folder.py",
    "etl/delivery/strays.py",
    "etl/gate",
    "etl/identity/days.py",
    "etl/identity/detectors.py",
    "etl/identity/email_address.py",
    "etl/identity/invisible.py",
    "etl/identity/korean_name.py",
    "etl/identity/normal_text.py",
    "etl/identity/phone_number.py",
    "etl/identity/policy.py",
    "etl/identity/pseudonym.py",
    "etl/identity/resident_number.py",
    "etl/identity/scan.py",
    "etl/identity/shortened_number.py",
    "etl/identity/sieve.py",
    "etl/identity/spans.py",
    "etl/landing",
    "etl/mapping",
    "etl/readers",
    "etl/staging",
    "schemas/canonical_table.py",
    "schemas/catalogue.py",
    "schemas/code_list.py",
    "schemas/columns.py",
    "warehouse/insert.py",
    "warehouse/quoting.py",
)
"""Files and folders of the project, hashed as parsed. The tables of schemas/tables are hashed as the facts they state."""

WITHOUT_ROWS = {
    "etl/delivery/fingerprint.py": "identifies a delivery; another formula makes another delivery",
    "etl/delivery/manifest.py": "refuses files, changes none",
    "etl/findings.py": "hashed as the gravity of each rule; its advice is for people",
    "etl/identity/key.py": "reads the key, whose fingerprint is an ingredient itself",
    "etl/loads/acceptance.py": "decides whether a load is refused, not what is in it",
    "etl/loads/books.py": "writes the line of a load, not its rows",
    "etl/loads/size_check.py": "decides whether a delivery is refused, not what is in it",
    "etl/receiving/arrival.py": "holds what was received",
    "etl/receiving/ingredients.py": "hashes; another formula makes another hash",
    "etl/receiving/receive.py": "calls the programs above in their order",
    "etl/receiving/row_programs.py": "this list",
    "etl/settings.py": "names folders and limits; no row depends on one",
    "schemas/tables": "hashed as the facts that they state",
    "warehouse/errors.py": "names errors",
    "warehouse/file/holders.py": "names who holds the warehouse",
    "warehouse/file/machine_faults.py": "words what the machine could not do",
    "warehouse/file/transaction.py": "commits all or nothing",
    "warehouse/fingerprint.py": "hashes, and reads the clock",
    "warehouse/model/revision.py": "reads a number",
    "warehouse/parsed.py": "hashes; another formula makes another hash",
    "warehouse/progress.py": "reports progress",
    "warehouse/file/whole_file.py": "puts a file in its place, whole",
}
"""What else takes part, with the reason why no row depends on it."""


def row_program_files() -> list[Path]:
    """List the files of `ROW_PROGRAMS`."""
    files: list[Path] = []
    for name in ROW_PROGRAMS:
        path = PROJECT / name
        files += path.rglob("*.py") if path.is_dir() else [path]
    return sorted(files)


def is_listed(module: str) -> bool:
    """Return whether a module of the project, e.g. `etl.staging.ledger`, stands in one of the lists."""
    path = module.replace(".", "/")
    return any(
        path == name.removesuffix(".py") or path.startswith(f"{name}/") for name in (*ROW_PROGRAMS, *WITHOUT_ROWS)
    )
