"""AMC as a synthetic hospital."""

from functools import partial

from etl.synthetic.hospital import Hospital
from etl.synthetic.hospitals.amc.defects import PLAN
from etl.synthetic.hospitals.amc.export import as_reported, render
from etl.synthetic.writers.delimited import DelimitedFiles

HOSPITAL = Hospital("2016-05", as_reported, render, partial(DelimitedFiles, encoding="utf-8", delimiter="|"), PLAN)
