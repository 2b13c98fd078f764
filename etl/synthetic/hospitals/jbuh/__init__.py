"""Chonbuk National University Hospital as a synthetic hospital."""

from functools import partial

from etl.synthetic.hospital import Hospital
from etl.synthetic.hospitals.jbuh.defects import PLAN
from etl.synthetic.hospitals.jbuh.export import as_reported, render
from etl.synthetic.hospitals.jbuh.layout import layout_of
from etl.synthetic.writers.workbook import Workbooks

HOSPITAL = Hospital("2016-04", as_reported, render, partial(Workbooks, layout_of=layout_of), PLAN)
"""JBUH's export: one workbook with a sheet per domain, typed cells, Karnofsky, centimetres, and resident numbers."""
