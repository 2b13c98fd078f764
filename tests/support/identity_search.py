"""A search through everything that a run leaves, and landing as it would be without the identity policy."""

import re
import unicodedata
from collections.abc import Iterator, Sequence, Set
from functools import cache
from pathlib import Path

import duckdb
import pytest

from etl.delivery.folder import Delivery
from etl.identity.policy import IdentityPolicy
from etl.landing.land import land_delivery
from etl.landing.landed_file import ROWS
from etl.mapping.language.site_mapping import SiteMapping
from etl.settings import Settings
from warehouse.progress import Silent


def let_through(patch: pytest.MonkeyPatch) -> None:
    """Have every identity column and every identifier landed as it is."""

    def select_raw(
        policy: IdentityPolicy, columns: Sequence[str], relation: str, *, unchanged: Sequence[str] = ()
    ) -> str:
        raw = [f'"{column}"' for column in policy.kept(columns)]
        return f"SELECT {', '.join([*unchanged, *raw])} FROM {relation}"

    patch.setattr(IdentityPolicy, "select", select_raw)
    patch.setattr(IdentityPolicy, "kept", lambda _, columns: tuple(columns))


def texts_in(folder: Path, *, but: Path | None = None) -> Iterator[tuple[str, str]]:
    """Every file's name and every text in it, columns decoded."""
    for path in sorted(folder.rglob("*")):
        if but is not None and path.is_relative_to(but):
            continue
        yield str(path), path.name
        if not path.is_file():
            continue
        yield str(path), path.read_bytes().decode("utf-8", errors="replace")
        if path.suffix == ".parquet":
            with duckdb.connect() as con:
                yield from _columns(con, f"read_parquet('{path}')", str(path))
        elif path.suffix == ".duckdb":
            with duckdb.connect(str(path), read_only=True) as con:
                for schema, table in con.execute(
                    "SELECT table_schema, table_name FROM information_schema.tables"
                ).fetchall():
                    yield from _columns(con, f'"{schema}"."{table}"', f"{path} {schema}.{table}")


def _columns(con: duckdb.DuckDBPyConnection, relation: str, where: str) -> Iterator[tuple[str, str]]:
    """Every column's name with every value in it, all columns of a relation at once: some have thousands."""
    names = [name for name, *_ in con.execute(f"DESCRIBE FROM {relation}").fetchall()]
    texts = {name: [name] for name in names}
    for name, value in con.execute(
        f"SELECT DISTINCT name, value FROM (SELECT COLUMNS(*)::VARCHAR FROM {relation}) "
        "UNPIVOT (value FOR name IN (COLUMNS(*)))"
    ).fetchall():
        texts[name].append(value)
    for name, values in texts.items():
        yield f"{where} {name}", "\n".join(values)


def search(texts: Iterator[tuple[str, str]], identities: Set[str]) -> dict[str, set[str]]:
    """Find by place which of the identities stand there, also within a longer word, and numbers in whatever spelling."""
    pattern = re.compile("|".join(sorted(map(re.escape, identities), key=len, reverse=True)))
    numbers = {number: identity for identity in identities for number in numbers_of(identity)}
    number = re.compile("|".join(sorted(numbers, key=len, reverse=True)) or r"(?!)")
    found: dict[str, set[str]] = {}
    for where, text in texts:
        hits = set(pattern.findall(text)) | {numbers[hit] for hit in number.findall(digits_alone(text))}
        if hits:
            found[where] = hits
    return found


def digits_alone(text: str) -> str:
    """Take the separators out of a text, by a judgement of its own: digits of any script, signs and blanks, dashes.

    A line stays a line: what stands in two cells is no number.
    """
    plain = text if text.isascii() else "".join(map(_plain, text))
    return _SEPARATORS.sub("", plain)


def numbers_of(identity: str) -> set[str]:
    """Give the digits of an identity that is a number, also without the zero that a spreadsheet loses."""
    digits = re.sub("[^0-9]", "", digits_alone(identity))
    if len(digits) < LEAST_DIGITS or len(digits) < len(identity) / 2 or re.search("[eE]", identity):
        return set()
    return {digits, digits.lstrip("0")}


LEAST_DIGITS = 9
_SEPARATORS = re.compile(r"[^0-9A-Za-z\n가-힣]+")


@cache
def _plain(character: str) -> str:
    if character in "ㅡᅳー一" or unicodedata.category(character) in {"Cf", "Mn"}:
        return ""
    digit = unicodedata.digit(character, None)
    return character if digit is None else str(digit)


def identities_in(delivery: Delivery, mapping: SiteMapping, scratch: Path) -> set[str]:
    """Read a delivery as it was sent: everything that stands in a column that the mapping names under `identity`."""
    with pytest.MonkeyPatch.context() as patch, duckdb.connect() as con:
        let_through(patch)
        landed = land_delivery(
            delivery,
            mapping,
            settings=Settings(data_dir=scratch),
            key=b"k" * 32,
            progress=Silent(),
            identity_of={},
            used_of=None,
        )
        cells = [
            con.execute(f"SELECT DISTINCT trim(\"{column}\") FROM read_parquet('{file.path / ROWS}')").fetchall()
            for file in landed
            for column in file.columns
            if column in mapping.identity
        ]
    return {cell for column in cells for (cell,) in column if cell and cell not in mapping.missing}
