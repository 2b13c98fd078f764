"""SMC as a synthetic hospital."""

from functools import partial

from etl.synthetic.hospital import Hospital
from etl.synthetic.hospitals.smc.defects import PLAN
from etl.synthetic.hospitals.smc.export import as_reported, render
from etl.synthetic.hospitals.smc.files import DICTIONARY
from etl.synthetic.writers.spss import SpssFiles

HOSPITAL = Hospital("2016-04", as_reported, render, partial(SpssFiles, dictionary=DICTIONARY), PLAN)
