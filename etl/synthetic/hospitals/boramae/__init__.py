"""SMG-SNU Boramae Medical Center as a synthetic hospital."""

from functools import partial

from etl.synthetic.hospital import Hospital
from etl.synthetic.hospitals.boramae.defects import PLAN
from etl.synthetic.hospitals.boramae.export import as_reported, render
from etl.synthetic.hospitals.boramae.layout import layout_of
from etl.synthetic.writers.workbook import Workbooks

HOSPITAL = Hospital("2016-04", as_reported, render, partial(Workbooks, layout_of=layout_of), PLAN)
"""Boramae's export: one row per patient, two merged header rows, twelve visits across, titles and subtotals."""
