"""SNUBH as a synthetic hospital."""

from etl.synthetic.hospital import Hospital
from etl.synthetic.hospitals.snubh.defects import PLAN
from etl.synthetic.hospitals.snubh.export import as_reported, render
from etl.synthetic.writers.delimited import DelimitedFiles

HOSPITAL = Hospital("2016-04", as_reported, render, DelimitedFiles, PLAN)
