"""Make the deliveries that are measured; a process of its own, so that the one that measures stays small."""

import argparse
import json
from pathlib import Path

from benchmarks.measure import PROJECT, SITE
from etl.mapping.read_mapping import known_sites
from etl.synthetic.hospitals import hospital_names
from etl.synthetic.hospitals.snuh.large_laboratory import write_large_labs
from etl.synthetic.synthesize import synthesize

_DELIVERY = "2016-04"


def make_delivery(raw_dir: Path, records: int | None) -> Path:
    """Write the study-sized delivery, or one with so many laboratory records; give its laboratory file or folder."""
    if records is None:
        return synthesize(raw_dir, sites=[SITE])[0]
    return write_large_labs(raw_dir / SITE / _DELIVERY, records)


def make_all(raw_dir: Path) -> Path:
    """Write the study-sized delivery of every hospital that has a mapping and an exporter; give the folder of all."""
    synthesize(raw_dir, sites=[site for site in known_sites(PROJECT / "site_mappings") if site in hospital_names()])
    return raw_dir


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make a delivery to measure with.")
    parser.add_argument("raw_dir", type=Path)
    parser.add_argument("--records", type=int, help="laboratory records; those of the study by default")
    parser.add_argument("--all", action="store_true", help="the study's delivery of every hospital")
    options = parser.parse_args()
    made = make_all(options.raw_dir) if options.all else make_delivery(options.raw_dir, options.records)
    size = made.stat().st_size if made.is_file() else sum(path.stat().st_size for path in made.rglob("*"))
    print(json.dumps({"path": str(made), "size_mb": size / 1e6}))
