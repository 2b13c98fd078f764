"""What no laboratory result can be, and what is asked about it, as tables: `usable` says whether the value is used."""

from spec.table import SpecTable

CHAPTER = "Laboratory results that cannot be so"

RESULTS = SpecTable(
    "One result",
    "A value that cannot be so is used nowhere: it gets no grade, is no baseline, enters no score and no cohort. A limit that "
    "cannot be so counts as missing. `fits` is the unit or the test that the numbers would fit.",
    """
analyte | value | unit | lower | upper | usable | judgement | asked | fits | source
inr | 10.5 | 1 | 8.3 | 11.5 | no | value_in_another_unit | limits_of_another_unit | Prothrombin time, s? | limits: of seconds
inr | 1.1 | 1 | 10.8 | 15 | yes | | limits_of_another_unit | Prothrombin time, s? | limits: of seconds, the value is none
inr | 85 | 1 | 70 | 130 | no | value_in_another_unit | limits_of_another_unit | | limits: prothrombin activity in percent
inr | 8 | 1 | 0.8 | 1.2 | yes | | | | plausible: a high INR with its own limits
inr | 8 | 1 | | | yes | | | | plausible: one high INR
inr | 101 | 1 | | | no | value_absurd | values_impossible | | bounds: no patient has it
inr | -1 | 1 | 0.8 | 1.2 | no | value_negative | values_impossible | | bounds: no patient has it
prothrombin_time | 12.5 | s | 0.8 | 1.2 | yes | | limits_of_another_unit | | limits: of the INR
prothrombin_time | 85 | s | 70 | 130 | no | value_in_another_unit | limits_of_another_unit | | limits: percent
prothrombin_time | 38 | s | 11 | 13.5 | yes | | | | plausible: prolonged
bilirubin_total | 12 | mg/dL | 0 | 17 | no | value_in_another_unit | limits_of_another_unit | umol/L? | limits: of umol/L
bilirubin_total | 12 | mg/dL | 0.2 | 1.2 | yes | | | | plausible: jaundice
bilirubin_total | 12 | mg/dL | | | yes | | | | plausible: jaundice
bilirubin_total | 400 | mg/dL | | | no | value_absurd | values_impossible | umol/L? | bounds: no patient has it
bilirubin_total | 1.1 | mg/dL | 1.2 | 0.2 | yes | | limits_swapped | | limits: exchanged
bilirubin_total | 205 | umol/L | 3 | 21 | yes | | | | plausible: 12 mg/dL
bilirubin_total | 1.1 | umol/L | 0.2 | 1.2 | no | value_in_another_unit | limits_of_another_unit | mg/dL? | limits: of mg/dL
albumin | 38 | g/dL | | | no | value_absurd | values_impossible | g/L? | bounds: no patient has it
albumin | 38 | g/dL | 35 | 52 | no | value_absurd | limits_of_another_unit | g/L? | limits: of g/L
albumin | 3 | g/dL | 3.5 | 52 | yes | | limits_of_another_unit | | limits: one that fits vouches for the unit
albumin | 4 | g/dL | 5.2 | 3.5 | yes | | limits_swapped | | limits: exchanged
albumin | 4 | g/dL | -1 | 5.2 | yes | | limits_not_positive | | limits: negative
platelets | 93000 | 10*9/L | | | no | value_absurd | values_impossible | /uL? | bounds: no patient has it
platelets | 93000 | 10*9/L | 130000 | 400000 | no | value_absurd | limits_of_another_unit | /uL? | limits: of /uL
platelets | 93 | /uL | 130 | 400 | no | value_in_another_unit | limits_of_another_unit | 10*3/uL? | limits: of 10*9/L
platelets | 93 | 10*9/L | 130 | 400 | yes | | | | plausible: low
hemoglobin | 130 | g/dL | | | no | value_absurd | values_impossible | g/L? | bounds: no patient has it
creatinine | 88 | mg/dL | 59 | 104 | no | value_absurd | limits_of_another_unit | umol/L? | limits: of umol/L
creatinine | 9 | mg/dL | 0.7 | 1.2 | yes | | | | plausible: dialysis
ldh | 5000000 | U/L | | 250 | no | value_absurd | values_impossible | | bounds: ten thousand times its limit
ldh | 5000000 | U/L | | | yes | | | | bounds: none is known
ldh | 1500 | U/L | 120 | 250 | yes | | | | plausible: a large tumour
afp | 1200000 | ng/mL | | 7 | yes | | | | plausible: a large tumour
pivka_ii | 500000 | m[AU]/mL | | 40 | yes | | | | plausible: a large tumour
afp | -5 | ng/mL | | 7 | no | value_negative | values_impossible | | bounds: no patient has it
""",
)

COLUMNS = SpecTable(
    "A column of one file",
    "`values` are the results of one test in one file, `x 20` repeats them; limits stand behind a value as (lower-upper). "
    "`unused` are the values that are not used.",
    """
analyte | values | unit | unused | asked | source
inr | 1.1 12.4 13.1 11.9 14.2 | 1 | 12.4 13.1 11.9 14.2 | values_of_another_test | middle: above every limit of normal
inr | 5.1 5.1 5.0 | 1 | 5.1 5.1 | values_of_another_test | middle: above every limit of normal
inr | 85 92 70 101 | 1 | 85 92 70 101 | values_of_another_test | middle: percent
inr | 1.0 1.1 1.2 9.8 12 | 1 | | | plausible: some patients bleed
inr | 5 5 5 | 1 | | | plausible: a limit itself
inr | 1(0.8-1.2) 1.1(0.8-1.2) 1.2(0.8-1.2) 1.3(0.8-1.2) 6 7 8 | 1 | | | plausible: three among others with limits
inr | 12 13 | 1 | | | plausible: too few to say
inr | 12 13 14 6(0.8-1.2) | 1 | 12 13 14 | values_of_another_test | middle: a limit that fits vouches for its value
bilirubin_total | 6 9 12 15 | mg/dL | | | plausible: a ward of jaundiced patients
inr | 1.2(0.8-1.2) 11(9.5-11) 12(9.5-12.4) 1.1(9.5-12) | 1 | 11 12 | limits_of_another_unit | limits: of prothrombin seconds
crp | 0 1 x 20 | mg/L | | two_values_only | two: codes
crp | 1 x 30 | mg/L | | two_values_only | one: codes
crp | 0.3 0.4 0.5 x 20 | mg/L | | | plausible: three numbers
crp | 0 1 x 9 | mg/L | | | plausible: too few to say
""",
)
TABLES = (RESULTS, COLUMNS)
