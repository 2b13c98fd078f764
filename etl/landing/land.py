"""Landing: every file of a delivery as text rows in Parquet, identities removed on the way.

A landed file is kept under the hash of all that decides its content, so the same bytes are landed once. It is written
under a draft's name, synced, and renamed: under its own name it is whole or not there.
"""

import hashlib
import json
import shutil
import tempfile
import unicodedata
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

import duckdb
from filelock import FileLock, Timeout

from etl.delivery.folder import Delivery, match_files
from etl.identity.policy import IdentityFunctions, IdentityPolicy
from etl.landing.landed_file import LandedFile, read_sidecar, write_sidecar
from etl.landing.rows import write_rows
from etl.readers import examine_file
from etl.readers.named_columns import check_named_columns
from etl.readers.reader import Examination
from etl.readers.source import SourceFiles
from etl.readers.text.redcap import check_missing_codes
from etl.settings import Settings
from warehouse.errors import BusyError, DeliveryError, EnvironmentRefusal
from warehouse.file.whole_file import put_folder
from warehouse.parsed import fingerprint_parsed
from warehouse.progress import Progress

_DRAFT = ".draft-"


class LandingMapping(Protocol):
    """What landing needs to know of a site's mapping."""

    @property
    def identity(self) -> Mapping[str, Any]:
        """'drop' or 'pseudonymise' by column."""

    @property
    def scan(self) -> Mapping[str, Sequence[str]]:
        """The further detectors by column."""

    @property
    def missing(self) -> Any:
        """The tokens that stand for a missing value."""

    @property
    def sources(self) -> Mapping[str, SourceFiles]:
        """The sources by name."""


@dataclass(frozen=True)
class _File:
    """One file on its way."""

    source: str
    name: str
    path: Path
    modified_ns: int
    options: Mapping[str, Any]
    """Those that decide what is read."""
    examination: Examination


def land_delivery(
    delivery: Delivery,
    mapping: LandingMapping,
    *,
    settings: Settings,
    key: bytes,
    progress: Progress,
    identity_of: Mapping[str, Set[str]],
    used_of: Mapping[str, Set[str]] | None,
    measured_of: Mapping[str, Set[str]] = MappingProxyType({}),
) -> tuple[LandedFile, ...]:
    """Land every file that the mapping's sources read, in the order of sources and file names.

    `identity_of` names, by source, the identity columns that each of its files must have; without them nothing is kept.
    `used_of` names, by source, the columns that the mapping uses. The others are not kept, whether they are under
    'ignore' or nobody has said what is in them; a mapping that comes to use one has the file landed again. None keeps
    them all. `measured_of` names, by source, the columns that the mapping reads as measured
    numbers.

    Raises DeliveryError when a file cannot be read as what it claims to be, EnvironmentRefusal when the disk is full or
    the folder cannot be written, BusyError when another run lands the same site for too long.
    """
    matched = match_files(delivery, mapping.sources)
    policy = IdentityPolicy(
        uses={unicodedata.normalize("NFC", column): str(use) for column, use in mapping.identity.items()},
        missing=frozenset(unicodedata.normalize("NFC", str(token).strip()) for token in mapping.missing),
        key=key,
        detectors={unicodedata.normalize("NFC", column): tuple(names) for column, names in mapping.scan.items()},
    )
    folder = settings.landed_dir / delivery.site_id
    files = _examine_files(delivery, mapping, matched, progress=progress)
    there = {column for file in files for column in file.examination.columns}
    for under, named in (("identity", policy.uses), ("scan", policy.detectors)):
        policy.check_presence(f"{delivery.site_id} {delivery.name}", there, named, under=under)
    for file in files:
        policy.check_file(file.name, file.examination.columns, identity_of.get(file.source, frozenset()))
    with _refuse_environment(folder), _hold_folder(folder, settings), _connect(settings) as con:
        functions = IdentityFunctions(policy)
        functions.register(con)
        progress.begin("Landing", sum(file.examination.size_bytes for file in files))
        landed = []
        for file in files:
            unused = () if used_of is None else set(file.examination.columns) - used_of.get(file.source, frozenset())
            of_file = policy.of_file(unused=unused, measured=measured_of.get(file.source, ()))
            landed.append(_land_file(con, file, folder, delivery=delivery, policy=of_file, functions=functions))
            progress.advance(file.examination.size_bytes)
    return tuple(landed)


def forget_landed(settings: Settings) -> None:
    """Remove every landed file of every site; a delivery that is ingested again is landed again."""
    for folder in sorted(path for path in settings.landed_dir.glob("*") if path.is_dir()):
        with _refuse_environment(folder), _hold_folder(folder, settings):
            for landed in folder.glob("[!.]*"):
                if landed.is_dir() and not landed.is_symlink():
                    shutil.rmtree(landed)
                else:  # of a link the link goes; what it points at is somebody's own
                    landed.unlink()


def _examine_files(
    delivery: Delivery, mapping: LandingMapping, matched: Mapping[str, tuple[Path, ...]], *, progress: Progress
) -> list[_File]:
    paths = [path for group in matched.values() for path in group]
    progress.begin("Examining files", sum(path.stat().st_size for path in paths if path.is_file()))
    files = []
    for source, group in matched.items():
        for path in group:
            name = unicodedata.normalize("NFC", path.name)
            modified_ns = _modified_ns(path, name)
            options, examination = examine_file(path, mapping.sources[source], progress.advance)
            check_missing_codes(name, examination, mapping.missing)
            if delivery.manifest:
                for read, sha256 in {name: examination.sha256, **examination.companions}.items():
                    delivery.manifest.check_sha256(read, sha256)
            files.append(_File(source, name, path, modified_ns, options, examination))
        check_named_columns(
            f"{delivery.site_id} {delivery.name}: source '{source}'",
            mapping.sources[source],
            [file.examination for file in files if file.source == source],
        )
    return files


def _modified_ns(path: Path, name: str) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError as error:
        raise DeliveryError(f"{name}: the file cannot be read ({error.strerror}). Check that it is there.") from error


def _land_file(
    con: duckdb.DuckDBPyConnection,
    file: _File,
    folder: Path,
    *,
    delivery: Delivery,
    policy: IdentityPolicy,
    functions: IdentityFunctions,
) -> LandedFile:
    path = folder / _cache_key(file, policy)
    landed = read_sidecar(path, source=file.source, file=file.name)
    if landed is None:
        draft = Path(tempfile.mkdtemp(prefix=_DRAFT, dir=folder))
        try:
            landed = write_rows(
                con, draft, file.examination, source=file.source, name=file.name, policy=policy, functions=functions
            )
            if _modified_ns(file.path, file.name) != file.modified_ns:
                raise DeliveryError(f"{file.name}: the file changed while it was read. Start again once it is copied.")
            write_sidecar(landed)
            _make_final(draft, path)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        landed = read_sidecar(path, source=file.source, file=file.name)
        assert landed is not None
    _check_count(delivery, landed)
    return landed


def _check_count(delivery: Delivery, landed: LandedFile) -> None:
    manifest = delivery.manifest
    if manifest:
        manifest.check_records(landed.file, landed.record_count, sheet=landed.sheet)
    if landed.record_count == 0 and not (manifest and manifest.says_empty(landed.file, sheet=landed.sheet)):
        where = f"{landed.file}, sheet '{landed.sheet}'" if landed.sheet else landed.file
        raise DeliveryError(
            f"{where}: the {'sheet' if landed.sheet else 'file'} holds a header and no record. Ask for it again, "
            f"or let manifest.json say that it has 0 records."
        )


def _cache_key(file: _File, policy: IdentityPolicy) -> str:
    facts = {
        "bytes": file.examination.sha256,
        "companions": dict(file.examination.companions),
        "suffix": Path(file.name).suffix.lower(),
        "options": dict(file.options),
        "identity": policy.describe(file.examination.columns),
        "code": _code_version(),
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:32]


def landing_programs() -> list[Path]:
    """List the programs that decide what is landed; a test compares them with what landing imports."""
    etl = Path(__file__).parents[1]
    return sorted(path for room in ("identity", "landing", "readers") for path in (etl / room).rglob("*.py"))


@cache
def _code_version() -> str:
    """Hash the programs that decide what is landed, as parsed, so that no one need remember to count a version up."""
    return fingerprint_parsed(landing_programs())[:16]


def _make_final(draft: Path, path: Path) -> None:
    """Give the draft its name, in place of what is there."""
    if path.exists():  # damaged: it could not be read back
        shutil.rmtree(path)
    put_folder(draft, path)


@contextmanager
def _hold_folder(folder: Path, settings: Settings) -> Iterator[None]:
    """Hold a site's folder alone; then every draft in it is a dead run's and is removed."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with FileLock(folder / ".lock", timeout=settings.lock_wait_seconds):
            for draft in folder.glob(f"{_DRAFT}*"):
                shutil.rmtree(draft)
            yield
    except Timeout:
        raise BusyError(f"{folder}: another run is landing this site's files. Try again when it has ended.") from None


@contextmanager
def _connect(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an engine that keeps everything in memory: a raw row may not be spilled to a disk."""
    con = duckdb.connect(
        config={
            "threads": settings.threads,
            "memory_limit": settings.memory_limit,
            "temp_directory": "",
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    try:
        con.execute("SET enable_progress_bar = false")  # it would write between our own lines
        yield con
    finally:
        con.close()


@contextmanager
def _refuse_environment(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise EnvironmentRefusal(f"{folder}: cannot be written ({error.strerror or 'disk full?'}). Make room, or choose "
                                 f"another folder with HCC_DATA_DIR.") from error  # fmt: skip
    except duckdb.IOException as error:
        free_mb = shutil.disk_usage(folder).free >> 20
        raise EnvironmentRefusal(f"{folder}: writing failed with {free_mb:,} MB free on the disk. Make room, or choose "
                                 f"another folder with HCC_DATA_DIR.") from error  # fmt: skip
    except duckdb.OutOfMemoryException as error:
        raise EnvironmentRefusal(
            f"{folder}: landing needs more memory than allowed. Raise HCC_MEMORY_LIMIT."
        ) from error
