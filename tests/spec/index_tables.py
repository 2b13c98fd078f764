"""The index event as a table: what the study counts from, and what is then known of treatment."""

from spec.table import SpecTable

CHAPTER = "The index event"

INDEX_EVENT = SpecTable(
    "What the study counts from",
    "What is recorded, each with its first day, or its first and last, as days from 2010-01-01; 2010-03 is a date known to the "
    "month. `why`: why there is no index date or, where there is one, no last dose. New therapy censors the response.",
    """
recorded | option | index date | first-line | last dose | new therapy | why | source
# the first dose of a drug
sorafenib 73-151 | | 73 | yes | 151 | | | study, printed
tace 31, sorafenib 73-151, tace 181 | | 73 | no | 151 | 181 | | study, printed
sorafenib 2010-03 | | | | | | first dose known to the month only | needs day precision
tace 31 | | | | | | no course of the study drug | nothing to count from
lenvatinib 31, sorafenib 73-151 | index_drug = lenvatinib | 31 | yes | | | the last dose is not known | option: another drug
# the first procedure of a kind
tace 31 | index_event = first_procedure | 31 | yes | | | no study drug: counted from first tace | the drug's own is empty
tace 120, tace 31 | index_event = first_procedure | 31 | yes | | | no study drug: counted from first tace | again is no new therapy
tace 31, sorafenib 73-151 | index_event = first_procedure | 31 | yes | | 73 | no study drug: counted from first tace | a drug after
rfa -245, tace 31, rfa 212 | index_event = first_procedure | 31 | no | | 212 | no study drug: counted from first tace | two rfa
rfa 31, tace 31 | index_event = first_procedure | 31 | yes | | | no study drug: counted from first tace | neither
tace 2010-02, tace 50 | index_event = first_procedure | | | | | first tace known to the month only | needs day precision
tace 31, tace 2010-02 | index_event = first_procedure | | | | | first tace known to the month only | it may be the earlier
sorafenib 73-151 | index_event = first_procedure | | | | | no procedure tace | nothing to count from
rfa 3, tace 59 | index_event = first_procedure; index_procedure = rfa | 3 | yes | | 59 | no study drug: counted from first rfa | rfa
# the diagnosis
diagnosed -8, tace 31 | index_event = diagnosis | -8 | yes | | | no study drug: counted from diagnosis | no study treatment
rfa -31, diagnosed -8 | index_event = diagnosis | -8 | no | | | no study drug: counted from diagnosis | treated before
diagnosed 2009, tace 31 | index_event = diagnosis | | | | | diagnosis known to the year only | needs day precision
tace 31 | index_event = diagnosis | | | | | no date of the diagnosis | nothing to count from
# a dated event of the mapping
event 4, event 94, tace 31 | index_event = dated_event | 4 | yes | | | no study drug: counted from index event | the first one
sorafenib 73-151 | index_event = dated_event | | | | | no observation index_event | nothing to count from
event 4, sorafenib 73-151 | | 73 | yes | 151 | | | the default takes no notice of it
""",
)

EVENTS = SpecTable(
    "Adverse events around the index event",
    "Whether an event of that first day counts as treatment-emergent; days as above.",
    """
recorded | began | option | counts | source
sorafenib 73-151 | 181 | | yes | 30 days after the last dose
sorafenib 73-151 | 182 | | no | 31 days after the last dose
tace 31 | 31 | index_event = first_procedure | yes | the index date is included
tace 31 | 30 | index_event = first_procedure | no | before the index date
tace 31 | 61 | index_event = first_procedure | yes | 30 days after the only session
tace 31 | 62 | index_event = first_procedure | no | 31 days after the only session
tace 31, tace 120 | 150 | index_event = first_procedure | yes | 30 days after the last session
tace 31, sorafenib 73-151 | 165 | index_event = first_procedure | no | of a drug that is not the study's
tace 31-70 | 100 | index_event = first_procedure | yes | 30 days after its last session
diagnosed -8 | 1096 | index_event = diagnosis | yes | no treatment ends the time: to the data cut-off
""",
)

TABLES = (INDEX_EVENT, EVENTS)
