"""Count what the scan masks in clean deliveries, where nothing is to be masked, and time single cells that are made to be slow.

    python -m benchmarks.identity_scan

A clean delivery holds no identifier outside the columns that the mapping names under `identity:`, so every mask in it is
a false one. The time of a cell is reported as a ratio: four times the letters may take four times the seconds, not sixteen.
"""

import tempfile
import time
from pathlib import Path

import duckdb

from etl.delivery.folder import find_delivery
from etl.identity.scan import KINDS, is_measurement, mask_identifiers, mask_of
from etl.identity.sieve import LOOSE_PATTERN
from etl.landing.land import land_delivery
from etl.landing.landed_file import ROWS
from etl.mapping.compiler.measured_columns import measured_columns
from etl.mapping.read_mapping import read_mapping
from etl.settings import Settings
from etl.synthetic.hospitals import hospital_names
from etl.synthetic.synthesize import synthesize
from warehouse.progress import Silent
from warehouse.quoting import quote_name, quote_text

PROJECT = Path(__file__).resolve().parents[1]
SLOW_CELLS = ("a", "1", "800101-", "a@", "@a.", "0 ", "010-", "82 ", "8.0E+1", "-", "x", "a.b@", "가", "8\u200b")
"""What a cell may repeat to make a search go on and on."""
_LENGTH, _TIMES, _TURNS = 40_000, 4, 3


def count_false_masks(folder: Path) -> list[tuple[str, int, int, int, int]]:
    """Count by hospital: filled cells of a clean delivery, those that fit the sieve, masked ones, doubtful numbers."""
    synthesize(folder / "raw")
    settings = Settings(data_dir=folder, mappings_dir=PROJECT / "site_mappings")
    return [(site_id, *_count(site_id, settings)) for site_id in hospital_names()]


def time_ratios() -> list[tuple[str, float, float]]:
    """Time a long cell of every kind: its beginning, its seconds, and how many times as long one of four times the length."""
    return [(part, *_time_ratio(part)) for part in SLOW_CELLS]


def _count(site_id: str, settings: Settings) -> tuple[int, int, int, int]:
    mapping = read_mapping(settings.mappings_dir, site_id)
    landed = land_delivery(
        find_delivery(settings.raw_dir, site_id),
        mapping,
        settings=settings,
        key=b"k" * 32,
        progress=Silent(),
        identity_of={},
        used_of=None,
        measured_of={source: measured_columns(mapping, source) for source in mapping.sources},
    )
    cells = fitting = masked = doubtful = 0
    with duckdb.connect() as con:
        for file in landed:
            rows = f"read_parquet({quote_text(str(file.path / ROWS))})"
            measured = measured_columns(mapping, file.source)
            for column in file.columns:
                if column in mapping.identity:
                    continue
                cell = quote_name(column)
                is_masked = " OR ".join(f"contains({cell}, {quote_text(mask_of(kind))})" for kind in KINDS)
                fits = f"regexp_matches({cell}, {quote_text(LOOSE_PATTERN)})"
                filled, fit, with_mask = con.execute(
                    f"SELECT count(*) FILTER ({cell} <> ''), count(*) FILTER ({fits}), count(*) FILTER ({is_masked}) "
                    f"FROM {rows}"
                ).fetchall()[0]
                cells, fitting, masked = cells + filled, fitting + fit, masked + with_mask
                if fit and column in measured:
                    found = con.execute(f"SELECT {cell} FROM {rows} WHERE {fits}").fetchall()
                    doubtful += sum(is_measurement(text) and mask_identifiers(text) != text for (text,) in found)
    return cells, fitting, masked, doubtful


def _time_ratio(part: str) -> tuple[float, float]:
    short = (part * _LENGTH)[:_LENGTH]
    once, again = _seconds(short), _seconds(short * _TIMES)
    return once, again / once


def _seconds(text: str) -> float:
    """Take the least of some turns: others on the machine make a turn longer, never shorter."""
    seconds = []
    for _ in range(_TURNS):
        begun = time.process_time()
        mask_identifiers(text)
        seconds.append(time.process_time() - begun)
    return min(seconds)


def main() -> None:
    """Print both tables."""
    with tempfile.TemporaryDirectory() as folder:
        counts = count_false_masks(Path(folder))
    print(f"{'hospital':<12}{'filled cells':>14}{'fit the sieve':>15}{'false masks':>13}{'doubtful':>10}")
    for site_id, *numbers in [
        *counts,
        ("all", *(sum(column) for column in zip(*(row[1:] for row in counts), strict=True))),
    ]:
        print(f"{site_id:<12}{numbers[0]:>14,}{numbers[1]:>15,}{numbers[2]:>13,}{numbers[3]:>10,}")
    print(f"\n{'cell of':<12}{'ms for 40,000 letters':>24}{'times for 160,000':>20}")
    for part, seconds, ratio in time_ratios():
        print(f"{part!r:<12}{seconds * 1000:>24.1f}{ratio:>20.1f}")


if __name__ == "__main__":
    main()
