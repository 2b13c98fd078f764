"""KCCH as a synthetic hospital."""

from functools import partial

from etl.synthetic.hospital import Hospital
from etl.synthetic.hospitals.kcch.defects import PLAN
from etl.synthetic.hospitals.kcch.export import as_reported, render
from etl.synthetic.hospitals.kcch.variables import DICTIONARY
from etl.synthetic.writers.sas import SasFiles

HOSPITAL = Hospital("2016-04", as_reported, render, partial(SasFiles, dictionary=DICTIONARY), PLAN)
