"""CMC as a synthetic hospital."""

from functools import partial

from etl.synthetic.hospital import Hospital
from etl.synthetic.hospitals.cmc.defects import PLAN
from etl.synthetic.hospitals.cmc.export import as_reported, render
from etl.synthetic.writers.delimited import DelimitedFiles

HOSPITAL = Hospital("2016-04", as_reported, render, partial(DelimitedFiles, encoding="utf-8"), PLAN)
