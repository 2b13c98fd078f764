"""The rules that turn days of imaging into visits, and lesions of a visit into progression, as tables of whole courses."""

from spec.table import SpecTable

CHAPTER = "Response: visits made of days"

_NOTATION = (
    "Imaging as `day: lesions`, days counted from the index date; `!` marks a day without an arterial phase, `+` a day on "
    "which the reader reports a new lesion, `-` one on which he reports none. A lesion is an organ (`liver/2`: the second of "
    "it; `node`; `hilum`: a node at the porta hepatis; `vein`: the portal vein) and a size in mm, `?` where it was not "
    "measured; typical and enhancing unless a word says otherwise. `visits` are the first day of each visit after the index "
    "date, its response, and the day that the response takes."
)

DAYS = SpecTable(
    "Assessments on several days",
    _NOTATION + " `therapy` is the first day of new anticancer therapy.",
    """
imaging | therapy | option | visits | source
# the baseline: every lesion of the window, the latest measurement of each
-5: liver 40, lung 20; 0: lung 20; 56: liver 40, lung 20 | | | 56 SD 56 | chest CT and liver MRI some days apart are one assessment
-5: liver 40, lung 20; 0: lung 20; 56: liver 40, lung 20 | | baseline_window_days = 0 | 56 PD 56 | 0: the last day alone, so the liver is new
-9: liver 40 target; 0: lung 20 target; 56: liver 40, lung 60 | | | 56 PD 56 | 60 at the baseline, 100 now
-9: liver 40 target; 0: lung 20 target; 56: liver 40, lung 31 | | | 56 SD 56 | 60 at the baseline, 71 now
-9: liver 40 target; 0: lung 20 target; 56: liver 40, lung 32 | | | 56 PD 56 | 60 at the baseline, 72 now
-40: lung 30; 0: liver 30; 56: liver 30, lung 13 | | | 56 SD 56 | a lesion imaged only on day -40 stays in: 60, then 43 is no 30 %
-40: lung 30; 0: liver 30; 56: liver 30, lung 0 | | | 56 PR 56 | a lesion imaged only on day -40 stays in: 60, then 30
-40: lung 30; 0: liver 30; 56: liver 30 | | | 56 NE 56 | a target not imaged at this visit is missing, never gone
-61: lung 30; 0: liver 30; 56: liver 30, lung 30 | | | 56 SD 56 | 61 days, both ends included
-62: lung 30; 0: liver 30; 56: liver 30, lung 90 | | | 56 SD 56 | outside the window: no target, and never new
-62: lung 30; 56: lung 30 | | | 56 NE 56 | no baseline in the window
-62: lung 30; 56: lung 30 | | baseline_window_days = 0 | 56 SD 56 | 0: the last day, however long ago
-28: lung 30; 0: liver 30; 56: liver 30 | | baseline_window_days = 28 | 56 NE 56 | RECIST: 28 days
-29: lung 30; 0: liver 30; 56: liver 30 | | baseline_window_days = 28 | 56 SD 56 | RECIST: 28 days
-20: liver 100; 0: liver 50; 56: liver 60 | | | 56 PD 56 | the latest measurement of each
-20: liver 50; 0: liver ?; 56: liver 60 | | | 56 PD 56 | a row without a size is no measurement
-20: liver 50; 0!: liver 90; 56: liver 60 | | | 56 PD 56 | what an arterial phase shows goes before what none does
0!: liver 50; 56: liver 60 | | | 56 PD 56 | at the baseline a size that is given was measured
# later visits: from the first scan on, without chaining
0: liver 40, lung 20; 56: liver 20; 60: lung 10 | | | 56 PR 60 | both halved on two days are one visit; a response takes the latest day
0: liver 40, lung 20; 56: liver 20; 60: lung 10 | | assessment_window_days = 0 | 56 NE 56, 60 NE 60 | 0: a day is a visit
0: liver 40, lung 20; 56: liver 20; 70: lung 10 | | | 56 PR 70 | 14 days, inclusive
0: liver 40, lung 20; 56: liver 20; 71: lung 10 | | | 56 NE 56, 71 NE 71 | 15 days
0: liver 40; 50: liver 40; 60: liver 40; 70: liver 40 | | | 50 SD 60, 70 SD 70 | without chaining: days 50, 60, 70 are two visits
0: liver 40; 50: liver 40; 60: liver 40; 64: liver 40; 65: liver 40; 79: liver 40; 80: liver 40 | | | 50 SD 64, 65 SD 79, 80 SD 80 | each begins where the one before has ended
0: liver 40; 50: liver 40; 60: liver 40; 70: liver 40 | | assessment_window_days = 10 | 50 SD 60, 70 SD 70 | option
0: liver 40; 50: liver 40; 60: liver 40; 70: liver 40 | | assessment_window_days = 9 | 50 SD 50, 60 SD 60, 70 SD 70 | option
-3: liver 40; 5: liver 20 | | | 5 PR 5 | never across the index date
0: liver 40; 1: liver 20; 15: liver 20; 16: liver 20 | | | 1 PR 15, 16 PR 16 | the first day of treatment is the baseline's
0: liver 40, lung 20; 56: liver 20; 60: lung 10 | 58 | | 56 NE 56, 60 NE 60 | never across the first day of new therapy
0: liver 40, lung 20; 56: liver 20; 60: lung 10 | 60 | | 56 PR 60 | a scan on that day was made before it
0: liver 40, lung 20; 56: liver 20; 60: lung 10 | 56 | | 56 NE 56, 60 NE 60 | a scan on that day was made before it
0: liver 40, lung 20; 56: liver 20; 60: lung 10 | 61 | | 56 PR 60 | both before it
# of a lesion measured twice the later measurement counts
0: liver 40; 56: liver 48; 60: liver 40 | | | 56 SD 60 | the later one
0: liver 40; 56: liver 40; 60: liver 28 | | | 56 PR 60 | the later one
0: liver 40; 56: liver 28; 60: liver ? | | | 56 PR 60 | a row without a size is no measurement
0: liver 40; 56: liver 28; 60!: liver 60 | | | 56 PR 60 | the liver cannot be measured without an arterial phase
0: liver 40; 56: liver 0 none; 60: liver 20 | | | 56 PR 60 | the later one
# progression takes the earliest day that proves it
0: liver 40, lung 20; 56: lung 72; 60: liver 40 | | | 56 PD 56 | the part measured first proves it
0: liver 40, lung 20; 56: lung 32; 60: liver 40 | | | 56 PD 60 | both together prove it
0: liver 40; 56: liver 40; 60: liver 48 | | | 56 PD 60 | the later measurement proves it
0: liver 40; 56: liver 48; 60: liver 50 | | | 56 PD 56 | the earlier one did already
0: liver 40; 56: liver 40; 60: bone 20 new | | | 56 PD 60 | the scan that shows the new lesion
0: liver 40; 56: bone 20 new; 60: liver 40 | | | 56 PD 56 | the scan that shows the new lesion
0: liver 40; 56: liver/2 8 new; 60: liver/2 12 new | | | 56 PD 60 | the later measurement proves it
0: liver 40; 56: liver/2 12 new, liver 40; 60: liver/2 8 new | | | 56 SD 60 | the later measurement counts
0: liver 40; 56: liver 40; 60+: liver 40 | | | 56 PD 60 | the scan on which the reader saw it
0: liver 40; 56: liver 40; 60: liver 48; 64: bone 20 new | | | 56 PD 60 | the earlier of two proofs
# the nadir is a visit's sum
0: liver 100; 56: liver 50; 60: liver 80; 112: liver 95 | | | 56 SD 60, 112 SD 112 | the nadir is 80, the later measurement
0: liver 40, lung 20; 56: liver 20; 60: lung 10; 112: liver 26, lung 10 | | | 56 PR 60, 112 PD 112 | the nadir is 30
""",  # noqa: E501
)

PHASE = SpecTable(
    "No arterial phase",
    _NOTATION,
    """
imaging | option | visits | source
0: liver 30, lung 20; 56!: liver 30, lung 61 | | 56 PD 56 | chest CT without an arterial phase: the lung alone proves it
0: liver 30, lung 20; 56!: liver 30, lung 59 | | 56 NE 56 | the liver is not measured without it
0: liver 30; 56!: liver 90 | | 56 NE 56 | the liver is not measured without it
0: lung 20; 56!: lung 10 | | 56 PR 56 | other organs are measured without it
0: node 20; 56!: node 14 | | 56 PR 56 | nodes are measured without it
0: node 20; 56!: node 9 | | 56 CR 56 | nodes are measured without it
0: bone 20, lung 30; 56!: bone 0 none, lung 0 none | | 56 CR 56 | other organs are seen without it
0: liver 30 target, vein 10 other thrombus; 56: liver 0 none, vein 10 thrombus none | | 56 CR 56 | a thrombus that stopped enhancing has responded
0: liver 30 target, lung 20 target, vein 10 other thrombus; 56: liver 0 none, lung 0; 60!: vein 10 thrombus none | | 56 PR 60 | without an arterial phase it is unknown
0: liver 30 target, vein 10 other thrombus; 56: liver 0 none; 60!: vein 10 thrombus | | 56 PR 60 | that it enhances is evidence without a phase
0: liver 30 target, liver/2 20 other; 56: liver 0 none; 60!: liver/2 20 none | | 56 PR 60 | a non-target of the liver likewise
0: liver 30 target, liver/2 20 other; 56: liver 0 none, liver/2 20 none | | 56 CR 56 | no enhancement in any
""",  # noqa: E501
)

NODES = SpecTable(
    "Nodes, thrombus, effusions, treated lesions",
    _NOTATION
    + " `other` is a non-target; `none` does not enhance; `cells`, `no-cells`: malignant cells were found or not.",
    """
imaging | option | visits | source
# at the porta hepatis, no target
0: liver 40 target, hilum 18 other; 56: liver 0 none, hilum 19 | | 56 CR 56 | below 20 mm it does not hinder CR
0: liver 40 target, hilum 18 other; 56: liver 0 none | | 56 CR 56 | below 20 mm it does not hinder CR, seen or not
0: liver 40 target, hilum 25 other; 56: liver 0 none, hilum 19.9 | | 56 CR 56 | malignant from 20 mm, as non-target
0: liver 40 target, hilum 25 other; 56: liver 0 none, hilum 20 | | 56 PR 56 | malignant from 20 mm, as non-target
0: liver 40 target, hilum 25 other; 56: liver 0 none | | 56 PR 56 | malignant at the baseline, and not seen
0: liver 40 target, hilum 18 other; 56: liver 40, hilum 23 | | 56 PD 56 | growth across the limit by 5 mm
0: liver 40 target, hilum 18 other; 56: liver 40, hilum 22.9 | | 56 SD 56 | growth across the limit by less
0: liver 40 target, hilum 18 other; 56: liver 0 none, hilum 22.9 | | 56 PR 56 | malignant now, and no progression
0: liver 40 target, hilum 12 other; 56: liver 40, hilum 19.9 | | 56 SD 56 | not across the limit
0: liver 40 target, hilum 25 other; 56: liver 40, hilum 40 | | 56 SD 56 | growth of a malignant non-target is a judgement
0: liver 40 target, hilum 18 other; 56: liver 40, hilum 15; 112: liver 40, hilum 20 | | 56 SD 56, 112 PD 112 | the rise is counted from the smallest
0: liver 40 target, hilum 18 other; 56: liver 40, hilum 23 | porta_hepatis_node_rise_mm = 6 | 56 SD 56 | option
0: liver 40 target, hilum 14 other; 56: liver 40, hilum 19 | porta_hepatis_node_mm = 15 | 56 PD 56 | option
0: hilum 18 other; 56: hilum 18 | | 56 NE 56 | no disease, so no complete response
# at the porta hepatis, a target
0: hilum 24; 56: hilum 15 | | 56 PR 56 | once a target it stays in the sum
0: hilum 24; 56: hilum 9.9 | | 56 CR 56 | CR needs every node below 10 mm
0: hilum 24; 56: hilum 10 | | 56 PR 56 | CR needs every node below 10 mm
0: hilum 24; 56: hilum 15; 112: hilum 18 | | 56 PR 56, 112 PD 112 | in the sum, below 20 mm too
# at the porta hepatis, new
0: liver 40; 56: liver 40, hilum 20 new | | 56 PD 56 | malignant from 20 mm
0: liver 40; 56: liver 40, hilum 19.9 new | | 56 SD 56 | below it, it proves nothing
0: liver 40; 56: liver 40, hilum 16 new; 112: liver 40, hilum 21 new | | 56 SD 56, 112 PD 112 | grown across the limit by 5 mm
0: liver 40; 56: liver 40, hilum 17 new; 112: liver 40, hilum 21 new | | 56 SD 56, 112 SD 112 | across the limit, by less than 5 mm
# another new node
0: liver 40; 56: liver 40, node 15 new | | 56 PD 56 | malignant from 15 mm
0: liver 40; 56: liver 40, node 14.9 new | | 56 SD 56 | seen and followed
0: liver 40; 56: liver 40, node 10 new | new_node_mm = 10 | 56 PD 56 | option
0: liver 40; 56: liver 40, node 9.9 new | new_node_mm = 10 | 56 SD 56 | a normal node is no lesion
0: liver 40; 56: liver 40, node 12 new; 112: liver 40, node 15 new | | 56 PD 56, 112 PD 112 | proven later, dated back to the first sight
0: liver 40; 56: liver 40, node 9 new; 112: liver 40, node 15 new | | 56 SD 56, 112 PD 112 | a normal node was no sight of it
# thrombus
0: liver 40; 56: liver 40, vein 10 new thrombus | | 56 PD 56 | new malignant vascular invasion
0: liver 40; 56: liver 40, vein 10 new thrombus none | | 56 SD 56 | bland, on a scan with an arterial phase
0: liver 40, lung 20; 56!: lung 20, vein 10 new thrombus none; 60: liver 40 | | 56 ? | without an arterial phase it is unknown
0: lung 20; 56!-: lung 20, vein 10 new thrombus none | | 56 SD 56 | the reader says that nothing is new
0: lung 20; 56!: lung 30, vein 10 new thrombus none | | 56 PD 56 | progression is proven without it
0: lung 20; 56!: lung 20, vein 10 new thrombus none; 112: lung 20, vein 10 new thrombus | | 56 PD 56, 112 PD 112 | proven later, dated back to the first sight
0: lung 20; 56: lung 20, vein 10 new thrombus none; 112: lung 20, vein 10 new thrombus | | 56 SD 56, 112 PD 112 | a bland thrombus was no sight of it
0: liver 40 target, vein 10 other thrombus none; 56: liver 0 none | | 56 CR 56 | bland at the baseline: no disease
0: vein 10 other thrombus none; 56: vein 10 thrombus none | | 56 NE 56 | no disease, so no complete response
# effusions
0: liver 40; 56: liver 40, pleura 30 new effusion cells | | 56 PD 56 | with malignant cytology
0: liver 40; 56: liver 40, pleura 30 new effusion no-cells | | 56 SD 56 | without
0: liver 40; 56: liver 40, peritoneum ? new effusion | | 56 SD 56 | without
0: liver 40; 56: liver 40, pleura 30 new effusion; 112: liver 40, pleura 30 new effusion cells | | 56 SD 56, 112 PD 112 | from the day on which it is proven
# a lesion measured before treatment is never new
-50: liver/2 12; 0: liver 40; 56: liver 40, liver/2 12 | | 56 SD 56 | never new, on whichever day of the baseline it was seen
0: liver 40 target, lung 20 other; 56: liver 40, lung 30 new | | 56 SD 56 | never new, whatever it is called later
0: liver 40 target, liver/2 0 other none treated; 56: liver 40, liver/2 10 | | 56 PD 56 | a treated lesion without a viable part that enhances again
0: liver 40 target, liver/2 0 other none treated; 56: liver 40, liver/2 9.9 | | 56 SD 56 | by less than 10 mm
0: liver 40 target, liver/2 0 other none treated; 56: liver 40, liver/2 12 atypical | | 56 SD 56 | not typically
0: liver 40 target, liver/2 0 other none treated, lung 30 target; 56!: lung 30, liver/2 12; 60: liver 40 | | 56 SD 60 | not seen in an arterial phase
0: liver 40 target, liver/2 0 other none; 56: liver 40, liver/2 12 | | 56 SD 56 | not treated before
0: liver 40 target, liver/2 4 other treated; 56: liver 40, liver/2 12 | | 56 SD 56 | it had a viable part
""",  # noqa: E501
)

WORD = SpecTable(
    "The reader's word on new lesions",
    _NOTATION,
    """
imaging | option | visits | source
0: liver 40; 56+: liver 40 | | 56 PD 56 | none is described: the reader's word stands
0: liver 40; 56+: liver 40, liver/2 8 new | | 56 PD 56 | small, but it could count: the reader's word stands
0: liver 40; 56+: liver 40, liver/2 30 new atypical | | 56 PD 56 | atypical, but it could count: the reader's word stands
0: liver 40; 56+: liver 40, vein 10 new thrombus none | | 56 SD 56 | bland thrombus cannot count by rule: a question
0: liver 40; 56+: liver 40, pleura 30 new effusion | | 56 SD 56 | effusion without malignant cytology cannot count: a question
0: liver 40; 56+: liver 40, node 12 new | | 56 SD 56 | a node below its limit cannot count: a question
0: liver 40; 56+: liver 40, hilum 18 new | | 56 SD 56 | a node below its limit cannot count: a question
0: liver 40; 56+: liver 40, node 12 new, liver/2 8 new | | 56 PD 56 | not every one described is such
0: liver 40; 56+: liver 40, liver/2 12 new | | 56 PD 56 | described and counted
0: liver 40; 56-: liver 40, liver/2 12 new | | 56 PD 56 | what is described and counts is progression
0: liver 40; 56-: liver 40, liver/2 8 new | | 56 SD 56 | watched
0: lung 40; 56!+: lung 40, vein 10 new thrombus none | | 56 PD 56 | what is not known could count
0: liver 40; 56+: liver 40 | new_lesion_by = description | 56 PD 56 | none is described
0: liver 40; 56+: liver 40, liver/2 8 new | new_lesion_by = description | 56 SD 56 | option: the description stands
0: liver 40; 56+: liver 40, pleura 30 new effusion | new_lesion_by = description | 56 SD 56 | option: the description stands
0: liver 40; 56+: liver 40 | new_lesion_by = ask | 56 PD 56 | none is described
0: liver 40; 56+: liver 40, liver/2 8 new | new_lesion_by = ask | 56 ? | option: neither stands
0: liver 40; 56+: liver 40, pleura 30 new effusion | new_lesion_by = ask | 56 ? | option: neither stands
0: liver 40; 56+: liver 50, liver/2 8 new | new_lesion_by = ask | 56 PD 56 | progression is proven without it
""",
)

BACK = SpecTable(
    "Dating back, and a nadir of 0",
    _NOTATION,
    """
imaging | option | visits | source
0: liver 40; 56: liver 40, liver/2 8 new; 112: liver 40, liver/2 12 new | | 56 PD 56, 112 PD 112 | small at first, later 10 mm and typical
0: liver 40; 56: liver 40, liver/2 8 new; 112: liver 40, liver/2 12 new | date_back = growth_only | 56 SD 56, 112 PD 112 | option: no proof by growth
0: liver 40; 56: liver 40, liver/2 8 new; 112: liver 40, liver/2 12 new | date_back = none | 56 SD 56, 112 PD 112 | option
0: liver 40; 56: liver 40, liver/2 12 new atypical; 112: liver 40, liver/2 22 new atypical | | 56 PD 56, 112 PD 112 | grown by 10 mm
0: liver 40; 56: liver 40, liver/2 12 new atypical; 112: liver 40, liver/2 22 new atypical | date_back = growth_only | 56 PD 56, 112 PD 112 | option: proof by growth
0: liver 40; 56: liver 40, liver/2 12 new atypical; 112: liver 40, liver/2 22 new atypical | date_back = none | 56 SD 56, 112 PD 112 | option
0: liver 40; 56: liver 40, liver/2 12 new atypical; 112: liver 40, liver/2 12 new | | 56 PD 56, 112 PD 112 | atypical at first, later typical
0: liver 40; 56: liver 40, liver/2 12 new atypical; 112: liver 40, liver/2 8 new atypical; 168: liver 40, liver/2 18 new atypical | | 56 PD 56, 112 SD 112, 168 PD 168 | back to the first sight, not to the smallest
0: liver 40; 56: liver 28, liver/2 8 new; 112: liver 28, liver/2 12 new | | 56 PD 56, 112 PD 112 | visits from the first sight on leave the best response
0: liver 40; 56: liver 40; 60: liver/2 8 new; 112: liver 40, liver/2 12 new | | 56 PD 60, 112 PD 112 | back to the day of the first sight
# nadir 0
0: liver 40 target, lung 20 other; 56: liver 0 none, lung 20; 112: liver 3, lung 20 | | 56 PR 56, 112 PD 112 | any enhancement
0: liver 40 target, lung 20 other; 56: liver 0 none, lung 20; 112: liver 4.9, lung 20 | nadir_zero_rise_mm = 5 | 56 PR 56, 112 PR 112 | option: 5 mm absolute
0: liver 40 target, lung 20 other; 56: liver 0 none, lung 20; 112: liver 5, lung 20 | nadir_zero_rise_mm = 5 | 56 PR 56, 112 PD 112 | option: 5 mm absolute
0: liver 40 target; 56: liver 0 none; 112: liver 3 | nadir_zero_rise_mm = 5 | 56 CR 56, 112 PD 112 | unless overall CR
""",  # noqa: E501
)

TABLES = (DAYS, PHASE, NODES, WORD, BACK)
