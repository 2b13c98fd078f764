"""The rules of treatment as tables: how long and how much, and what was done before, during and after the study drug."""

from spec.table import SpecTable

CHAPTER = "Treatment"

DOSE = SpecTable(
    "Last dose and mean dose",
    "Days are counted from the index date, 2010-03-15, which is day 0. A step is its first and last day, both taken, and "
    "the dose in mg times a day; `0-` has no end. `course` is the day on which the course ends; empty: it goes on. Mean "
    "dose in mg a day; `?` stands for unknown. Options are the defaults unless named.",
    """
steps | course | option | last dose | days | mean | interruptions | reductions | source
# the last dose, and the days that are counted
0-27 400x2 | 27 | | 27 | 27 | 800.0000 | 0 | 0 | milligrams over the days from first to last dose, both counted
0-0 400x2 | 0 | | 0 | 0 | 800.0000 | 0 | 0 | one day of treatment is one day of dose
0-27 400x2 | 30 | | 27 | 27 | 800.0000 | 0 | 0 | the last dose step, not the course
0-27 400x2 | | | 27 | 27 | 800.0000 | 0 | 0 | the last dose step, although the course goes on
0- 400x2 | 27 | | 27 | 27 | 800.0000 | 0 | 0 | a last step without an end: the course's
0-27 400x2, 28- 200x2 | 55 | | 55 | 55 | 600.0000 | 0 | 1 | a last step without an end: the course's
0- 400x2, 28-55 200x2 | 55 | | 55 | 55 | 600.0000 | 0 | 1 | a step without an end: up to the next
0-27 400x2, 27- 200x2 | 55 | | 27 | 27 | 785.7143 | 0 | 1 | an open step from the last day of another: no later day is told
0- 400x2 | | | | | ? | ? | ? | neither has an end: the last dose is not known
 | 27 | | 27 | 27 | ? | ? | ? | no dose steps: the course's days, and no dose
-5-27 400x2 | 27 | | 27 | 27 | 800.0000 | 0 | 0 | what lies before the first dose of the course is not counted
0-99 400x2 | 99 | data_cut_off = 2010-05-14 | 60 | 60 | 800.0000 | 0 | 0 | nothing after the data cut-off, day 60, is counted
0-59 400x2, 60-99 200x2 | 99 | data_cut_off = 2010-05-14 | 60 | 60 | 793.4426 | 0 | 1 | the cut-off itself is counted
# interruptions
0-9 400x2, 10-19 0, 20-29 400x2 | 29 | | 29 | 29 | 533.3333 | 1 | 0 | interruptions counted as 0
0-9 400x2, 10-19 0, 20-29 400x2 | 29 | dose_interruptions = left_out | 29 | 29 | 800.0000 | 1 | 0 | option: left out
0-9 400x2, 20-29 400x2 | 29 | | 29 | 29 | 533.3333 | 1 | 0 | days that no step covers are days without a dose
0-9 400x2, 20-29 400x2 | 29 | dose_interruptions = left_out | 29 | 29 | 800.0000 | 1 | 0 | option: left out
0-9 400x2, 10-14 0, 15-19 0, 20-29 400x2 | 29 | | 29 | 29 | 533.3333 | 1 | 0 | two pauses in a row are one
0-9 400x2, 10-19 pause, 20-29 400x2 | 29 | | 29 | 29 | 533.3333 | 1 | 0 | a step marked as interruption has no dose
0-9 400x2, 10-19 0 | 19 | | 9 | 9 | 800.0000 | 0 | 0 | a pause at the end comes after the last dose
0-9 400x2, 10-10 0, 11-19 200x2 | 19 | | 19 | 19 | 580.0000 | 1 | 1 | one day without a dose is an interruption
0-9 400x2, 10-19 0, 20-29 200x2 | 29 | dose_interruptions = left_out | 29 | 29 | 600.0000 | 1 | 1 | option: left out
# reductions
0-9 400x2, 10-19 200x2, 20-29 200x1 | 29 | | 29 | 29 | 466.6667 | 0 | 2 | each smaller daily dose than the one before
0-9 200x2, 10-19 400x1 | 19 | | 19 | 19 | 400.0000 | 0 | 0 | the same milligrams a day otherwise
0-9 200x2, 10-19 400x2 | 19 | | 19 | 19 | 600.0000 | 0 | 0 | a larger dose is no reduction
0-9 400x2, 10-14 0, 15-19 400x2, 20-29 200x2 | 29 | | 29 | 29 | 533.3333 | 1 | 1 | a pause between equal doses is no reduction
# steps that overlap: the one that began last tells the dose of a day
0-19 400x2, 15-29 400x2 | 29 | | 29 | 29 | 800.0000 | 0 | 0 | a refill does not double the dose
0-19 400x2, 10-29 200x2 | 29 | | 29 | 29 | 533.3333 | 0 | 1 | the later step begins where it says
0-29 400x2, 10-19 0 | 29 | | 29 | 29 | 533.3333 | 1 | 0 | a pause within a step is a pause
0-29 400x2, 10-19 0 | 29 | dose_interruptions = left_out | 29 | 29 | 800.0000 | 1 | 0 | option: left out
0- 400x2, 10-19 pause | 29 | | 29 | 29 | 533.3333 | 1 | 0 | a pause within a step that goes on
# not known
0-9 400x2, 10-19 ? | 19 | | 9 | 9 | 800.0000 | 0 | 0 | a step without a dose proves no dose: the last one that is known
0-9 400x2, 10-19 ?, 20-29 400x2 | 29 | | 29 | 29 | ? | ? | ? | a dose that is not told leaves the mean open
0-9 400x2, 15-10 200x2, 20-29 400x2 | 29 | | 29 | 29 | ? | ? | ? | a step that ends before it begins leaves it open
""",
)

BESIDE = SpecTable(
    "Before, during and after the drug",
    "Days from the index date, 2010-03-15; the last dose is day 100, 2010-06-23, and the course ended with it unless it "
    "`goes on`. `2010-03` is a date known to the month. An empty answer: not known.",
    """
treatment | began | course | option | first-line | concomitant | salvage | source
# the edges
tace | -1 | | | no | no | no | before the first dose: not first-line
tace | 0 | | | yes | yes | no | index date to last dose, both included
tace | 50 | | | yes | yes | no | between index date and last dose
tace | 100 | | | yes | yes | no | the day of the last dose is beside the drug
tace | 101 | | | yes | no | yes | from the day after on: after the final stop
tace | 101 | goes on | | yes | no | no | not stopped for good
tace | 50 | goes on | | yes | yes | no | between index date and last dose
# what counts as concomitant
radiotherapy of liver | 50 | | | yes | yes | no | radiotherapy
radiotherapy of bone | 50 | | | yes | no | no | bone radiotherapy by option
radiotherapy of bone | 50 | | concomitant_includes_bone_radiotherapy = true | yes | yes | no | option
radiotherapy | 50 | | | yes | yes | no | bone must be said to be left out
tace of bone | 50 | | | yes | yes | no | only radiotherapy of bone is left out
rfa | 50 | | | yes | no | no | chemoembolisation or radiotherapy only
tare | 50 | | | yes | no | no | chemoembolisation or radiotherapy only
haic | 50 | | | yes | no | no | chemoembolisation or radiotherapy only
drug doxorubicin | 50 | | | yes | no | no | a drug is no concomitant treatment
# what counts as salvage, and as treatment before
radiotherapy of bone | 101 | | | yes | no | yes | anticancer therapy of any kind
rfa | 101 | | | yes | no | yes | anticancer therapy of any kind
drug doxorubicin | 101 | | | yes | no | yes | anticancer therapy of any kind
drug doxorubicin | -1 | | | no | no | no | no treatment of any kind before
resection | -2000 | | | no | no | no | no treatment of any kind before
resection | -2000 | | first_line_means = first_systemic_drug | yes | no | no | option
drug doxorubicin | -1 | | first_line_means = first_systemic_drug | no | no | no | option
tace | | | | yes | no | no | nothing was done
# the data cut-off
tace | 101 | | data_cut_off = 2010-06-24 | yes | no | yes | the cut-off itself, day 101, is counted
tace | 101 | | data_cut_off = 2010-06-23 | yes | no | no | nothing after the cut-off, day 100, is counted
tace | 50 | | data_cut_off = 2010-06-01 | yes | yes | no | before the cut-off
tace | 90 | | data_cut_off = 2010-06-01 | yes | no | no | after the cut-off, day 78
# dates known to the month: every day that they can mean is looked at
tace | 2010-02 | | | no | no | no | every day lies before
tace | 2010-03 | | | | | no | some days lie before the index date, some after
tace | 2010-04 | | | yes | yes | no | every day lies beside the drug
tace | 2010-06 | | | yes | | | some days lie beside the drug, some after it
tace | 2010-07 | | | yes | no | yes | every day lies after
tace | 2010 | | | | | | a year says nothing here
tace | 2010-06 | goes on | | yes | | no | not stopped for good
""",
)

CO_MEDICATION = SpecTable(
    "Metformin and statin",
    "Any overlap with the days from -30 to the last dose, day 100, both included. Dates as above; an empty start or end: "
    "the prescription goes on in that direction.",
    """
ingredient | from | to | option | metformin | statin | source
metformin | -400 | -30 | | yes | no | any overlap with [-30 days, last dose]
metformin | -400 | -31 | | no | no | it ended a day too early
metformin | -400 | -31 | co_medication_days_before = 31 | yes | no | option
metformin | 100 | 200 | | yes | no | the day of the last dose is included
metformin | 101 | 200 | | no | no | it began a day too late
metformin | 50 | 60 | | yes | no | within
metformin | -400 | 400 | | yes | no | around
metformin | -400 | | | yes | no | without an end
metformin | | -30 | | yes | no | without a start
metformin | | -31 | | no | no | without a start, but ended
metformin | 101 | | | no | no | it began a day too late
metformin | | | | yes | no | neither
atorvastatin | 50 | 60 | | no | yes | a statin
pitavastatin | 50 | 60 | | no | yes | a statin
atorvastatin | 50 | 60 | statin_ingredients = simvastatin | no | no | option
insulin | 50 | 60 | | no | no | neither of the two
metformin | -400 | 2010-02 | | | no | some days of the month lie from day -30 on, some before
metformin | -400 | 2010-01 | | no | no | every day lies before
metformin | -400 | 2010-03 | | yes | no | every day lies within
metformin | 2010-06 | 400 | | | no | some days lie after the last dose
""",
)

CLASSES = SpecTable(
    "Classes of body mass index and alpha-fetoprotein",
    "The edges are study options; the lowest belongs to the class above it, every other to the class below. BMI in "
    "kg/m2 from kg and cm, AFP in ng/mL, the ratio as the value at first evaluation over the baseline. A value with `<` "
    "or `>` has a class where its bound settles it.",
    """
scale | given | class | source
# body mass index: 160 cm, 2.56 m2
bmi | 58.88 at 160 | 23-25 | exactly 23.0
bmi | 58.879 at 160 | <23 | just below
bmi | 64 at 160 | 23-25 | exactly 25.0: belongs to 23-25
bmi | 64.001 at 160 | >25 | just above
bmi | 64 at ? | | no height
# alpha-fetoprotein
afp | 6.9 | <7 | below 7
afp | 7 | 7-1000 | 7 belongs to 7-1,000
afp | 1000 | 7-1000 | 1,000 belongs to 7-1,000
afp | 1000.1 | 1000-10000 | above 1,000
afp | 10000 | 1000-10000 | up to 10,000
afp | 10000.1 | >10000 | above 10,000
afp | < 7 | <7 | the bound settles the class
afp | <= 7 | | 7 itself belongs to the class above
afp | < 20 | | it can be below 7 or above
afp | > 1000 | | it can be above 10,000 or below
afp | > 10000 | >10000 | the bound settles the class
afp | >= 10000 | | 10,000 itself belongs to the class below
# alpha-fetoprotein at first evaluation
afp_ratio | 79.9 of 100 | <80 | below 80 %
afp_ratio | 80 of 100 | 80-120 | 80 % belongs to the middle
afp_ratio | 120 of 100 | 80-120 | 120 % belongs to the middle
afp_ratio | 120.1 of 100 | >120 | above 120 %
afp_ratio | 2.4 of 3 | 80-120 | exact: 2.4 is 80 % of 3, which a binary fraction misses
afp_ratio | 3.6 of 3 | 80-120 | exact: 3.6 is 120 % of 3
afp_ratio | < 80 of 100 | <80 | the bound settles the class
afp_ratio | < 81 of 100 | | it can be 80 % or less
afp_ratio | > 120 of 100 | >120 | the bound settles the class
afp_ratio | > 119 of 100 | | it can be 120 % or more
afp_ratio | 50 of > 100 | <80 | less than half
afp_ratio | 90 of > 100 | | it can be below 80 % or not
afp_ratio | 50 of < 20 | >120 | more than twice
afp_ratio | 20 of < 20 | | it can be 101 % or more
afp_ratio | 50 of ? | | no baseline
""",
)

EVALUATION = SpecTable(
    "Alpha-fetoprotein at first evaluation",
    "The value nearest to the first scan after the index date, within 21 days, taken after the index date. Days from the "
    "index date; of a result its day and value.",
    """
scans | results | chosen | source
56, 112 | 50 300, 60 200 | 200 | the nearest to the first scan
56, 112 | 110 100 | | the second scan does not count
56 | 35 300 | 300 | 21 days before, included
56 | 34 300 | | 22 days before
56 | 77 300 | 300 | 21 days after, included
56 | 78 300 | | 22 days after
56 | 50 300, 62 200 | 300 | equally near: the earlier
10 | 0 300, 20 200 | 200 | after the index date
0, 56 | 5 300, 60 200 | 200 | the scan on the index date is no evaluation
 | 50 300 | | no scan
56 | | | no result
""",
)

TABLES = (DOSE, BESIDE, CO_MEDICATION, CLASSES, EVALUATION)
