"""Severance as a synthetic hospital."""

from functools import partial

from etl.synthetic.hospital import Hospital
from etl.synthetic.hospitals.severance.defects import PLAN
from etl.synthetic.hospitals.severance.export import as_reported, render
from etl.synthetic.writers.delimited import DelimitedFiles

HOSPITAL = Hospital("2016-04", as_reported, render, partial(DelimitedFiles, encoding="cp949"), PLAN)
