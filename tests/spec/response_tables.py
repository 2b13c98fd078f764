"""The rules of response by mRECIST as tables; `RECIST` is RECIST 1.1 (Eisenhauer 2009), `mRECIST` Lencioni and Llovet 2010."""

from spec.table import SpecTable

CHAPTER = "Response by mRECIST"

TARGETS = SpecTable(
    "Targets",
    "Sums of viable diameters in mm. `earlier` are the sums between the baseline and now, in order; `?` marks a sum of "
    "some targets only, `-` a visit at which none was measured, `*` that every target meets complete response although "
    "nodes leave a sum. Options are the defaults unless named.",
    """
baseline | earlier | now | option | target | source
# partial response: 30 % below the baseline, from both sides
100 | | 70 | | PR | mRECIST: at least 30 % below baseline
100 | | 70.000001 | | SD | mRECIST: at least 30 % below baseline
100 | | 69.999999 | | PR | mRECIST: at least 30 % below baseline
10 | | 7 | | PR | exact: 7 is 70 % of 10
33.3 | | 23.31 | | PR | exact: 23.31 is 70 % of 33.3
33.3 | | 23.310001 | | SD | exact
100 | | 1 | | PR | not gone is not complete
# progression: 20 % above the nadir, from both sides
100 | | 120 | | PD | mRECIST: at least 20 % above the smallest sum
100 | | 119.999999 | | SD | mRECIST: at least 20 % above the smallest sum
35 | | 42 | | PD | exact: 42 is 120 % of 35, which a binary fraction misses
35 | | 41.999999 | | SD | exact
100 | 50 | 60 | | PD | the nadir is the smallest sum, not the baseline
100 | 50 | 59.999999 | | PR | below the border, and 40 % below the baseline
100 | 80 | 96 | | PD | the nadir is the smallest sum, not the baseline
100 | 80 | 95.9 | | SD | below the border
100 | 40 | 50 | | PD | PD goes before PR: 50 % below the baseline, 25 % above the nadir
100 | 60, 90 | 71 | | SD | a visit of progression keeps its arithmetic, the nadir is still 60
100 | 60, 90 | 72 | | PD | a visit of progression keeps its arithmetic, the nadir is still 60
100 | 110 | 120 | | PD | the baseline is the nadir when nothing was smaller
100 | 90, 80, 85 | 96 | | PD | the nadir is 80
100 | 90, 80, 85 | 95 | | SD | the nadir is 80
# complete response, and a nadir of 0
100 | | 0 | | CR | mRECIST: no arterial enhancement in any target
100 | 0 | 0 | | CR | it stays
100 | 0 | 0.1 | | PD | nadir 0: any returning enhancement is PD
100 | 0 | 5 | min_abs_increase_mm = 5 | PD | nadir 0: also with an absolute rise asked for
100 | 0 | 3 | min_abs_increase_mm = 5 | PD | nadir 0: also with an absolute rise asked for
100 | | 9* | | CR | RECIST: nodes below 10 mm short axis leave a sum
100 | 9* | 10.8 | | PD | the sum of nodes is the nadir
100 | 9* | 10.7 | | PR | below the border, and far below the baseline
# what cannot be measured
100 | | - | | NE | a missing target
100 | | 40? | | NE | a part of the sum proves no response
100 | | 120? | | PD | the measured part alone proves PD
100 | | 119? | | NE | the measured part alone does not prove PD
100 | 50 | 60? | | PD | the measured part alone proves PD against the nadir
100 | 40? | 60 | | PR | an incomplete sum never becomes nadir
100 | 40? | 100 | | SD | an incomplete sum never becomes nadir
100 | - | 70 | | PR | a missing visit changes nothing
100 | 0? | 30 | | PR | an incomplete sum of 0 never becomes nadir
- | | 50 | | NE | no complete baseline
50? | | 40 | | NE | no complete baseline
- | 50 | 60 | | PD | the smallest complete sum so far is 50
- | 50 | 50 | | NE | no complete baseline
0 | | 0 | | NE | nothing viable at the baseline
0 | | 5 | | PD | nadir 0: any enhancement is PD
# options
20 | | 24 | | PD | mRECIST knows no absolute rise
20 | | 24 | min_abs_increase_mm = 5 | SD | RECIST: 20 % and 5 mm
20 | | 24.999999 | min_abs_increase_mm = 5 | SD | RECIST: 20 % and 5 mm
20 | | 25 | min_abs_increase_mm = 5 | PD | RECIST: 20 % and 5 mm
100 | | 119 | min_abs_increase_mm = 5 | SD | both conditions, not one of them
100 | 70 | 80 | | SD | arithmetic: between response and progression
100 | 70 | 80 | pr_kept_until_pd = true | PR | EORTC: 70, then 80 of 100 is still PR
100 | 70 | 84 | pr_kept_until_pd = true | PD | progression ends it
""",
)

OVERALL = SpecTable(
    "Overall response",
    "Every pair of targets and non-targets, without and with a new lesion; read from the top, the first line that fits "
    "decides.",
    """
target | non-target | new lesion | overall | source
CR         | none  | no  | CR    | CR, CR or none, no: CR
CR         | none  | yes | PD    | any, also NE: new lesion is PD
CR         | CR    | no  | CR    | CR, CR or none, no: CR
CR         | CR    | yes | PD    | any, also NE: new lesion is PD
CR         | IR/SD | no  | PR    | CR, IR/SD or NE, no: PR
CR         | IR/SD | yes | PD    | any, also NE: new lesion is PD
CR         | NE    | no  | PR    | CR, IR/SD or NE, no: PR
CR         | NE    | yes | PD    | any, also NE: new lesion is PD
CR         | PD    | no  | PD    | any, PD, any: PD
CR         | PD    | yes | PD    | any, also NE: new lesion is PD
PR         | none  | no  | PR    | PR, not PD, no: PR
PR         | none  | yes | PD    | any, also NE: new lesion is PD
PR         | CR    | no  | PR    | PR, not PD, no: PR
PR         | CR    | yes | PD    | any, also NE: new lesion is PD
PR         | IR/SD | no  | PR    | PR, not PD, no: PR
PR         | IR/SD | yes | PD    | any, also NE: new lesion is PD
PR         | NE    | no  | PR    | PR, not PD, no: PR
PR         | NE    | yes | PD    | any, also NE: new lesion is PD
PR         | PD    | no  | PD    | any, PD, any: PD
PR         | PD    | yes | PD    | any, also NE: new lesion is PD
SD         | none  | no  | SD    | SD, not PD, no: SD
SD         | none  | yes | PD    | any, also NE: new lesion is PD
SD         | CR    | no  | SD    | SD, not PD, no: SD
SD         | CR    | yes | PD    | any, also NE: new lesion is PD
SD         | IR/SD | no  | SD    | SD, not PD, no: SD
SD         | IR/SD | yes | PD    | any, also NE: new lesion is PD
SD         | NE    | no  | SD    | SD, not PD, no: SD
SD         | NE    | yes | PD    | any, also NE: new lesion is PD
SD         | PD    | no  | PD    | any, PD, any: PD
SD         | PD    | yes | PD    | any, also NE: new lesion is PD
PD         | none  | no  | PD    | PD, any, any: PD
PD         | none  | yes | PD    | any, also NE: new lesion is PD
PD         | CR    | no  | PD    | PD, any, any: PD
PD         | CR    | yes | PD    | any, also NE: new lesion is PD
PD         | IR/SD | no  | PD    | PD, any, any: PD
PD         | IR/SD | yes | PD    | any, also NE: new lesion is PD
PD         | NE    | no  | PD    | PD, any, any: PD
PD         | NE    | yes | PD    | any, also NE: new lesion is PD
PD         | PD    | no  | PD    | PD, any, any: PD
PD         | PD    | yes | PD    | any, also NE: new lesion is PD
NE         | none  | no  | NE    | NE, not PD, no: NE
NE         | none  | yes | PD    | any, also NE: new lesion is PD
NE         | CR    | no  | NE    | NE, not PD, no: NE
NE         | CR    | yes | PD    | any, also NE: new lesion is PD
NE         | IR/SD | no  | NE    | NE, not PD, no: NE
NE         | IR/SD | yes | PD    | any, also NE: new lesion is PD
NE         | NE    | no  | NE    | NE, not PD, no: NE
NE         | NE    | yes | PD    | any, also NE: new lesion is PD
NE         | PD    | no  | PD    | any, PD, any: PD
NE         | PD    | yes | PD    | any, also NE: new lesion is PD
no targets | none  | no  | NE    | no targets: as the non-targets
no targets | none  | yes | PD    | any, also NE: new lesion is PD
no targets | CR    | no  | CR    | no targets: as the non-targets
no targets | CR    | yes | PD    | any, also NE: new lesion is PD
no targets | IR/SD | no  | IR/SD | no targets: as the non-targets
no targets | IR/SD | yes | PD    | any, also NE: new lesion is PD
no targets | NE    | no  | NE    | no targets: as the non-targets
no targets | NE    | yes | PD    | any, also NE: new lesion is PD
no targets | PD    | no  | PD    | any, PD, any: PD
no targets | PD    | yes | PD    | any, also NE: new lesion is PD
# what is not known decides nothing, unless progression is proven by something else
SD | none | ? | ? | a new lesion would be PD
CR | CR | ? | ? | a new lesion would be PD
PD | none | ? | PD | PD, any, any: PD
SD | PD | ? | PD | any, PD, any: PD
SD | ? | no | ? | growth of non-targets would be PD
NE | ? | no | ? | growth of non-targets would be PD
PD | ? | no | PD | PD, any, any: PD
SD | ? | yes | PD | any, also NE: new lesion is PD
""",
)

SIMPLIFIED = SpecTable(
    "The simplified rule of the paper",
    "No arterial enhancement CR; viable portion down by 30 % PR; up by 20 % or new lesion PD; else SD; missing NE. "
    "Notation as for targets; non-targets do not count.",
    """
baseline | earlier | now | new lesion | option | simplified | source
100 | | 0 | no | | CR | no arterial enhancement
100 | | 0 | yes | | PD | a new lesion overrides CR
100 | | 70 | no | | PR | down by 30 %
100 | | 70.000001 | no | | SD | else SD
100 | | 120 | no | | PD | up by 20 %
100 | | 119.999999 | no | | SD | else SD
100 | | 70 | yes | | PD | new lesion
100 | 50 | 60 | no | | PD | growth is counted from the nadir
100 | 50 | 60 | no | simplified_growth_reference = baseline | PR | growth is counted from the baseline
100 | 50 | 119 | no | simplified_growth_reference = baseline | SD | growth is counted from the baseline
100 | 50 | 120 | no | simplified_growth_reference = baseline | PD | growth is counted from the baseline
100 | 0 | 5 | no | | PD | nadir 0
100 | | - | no | | NE | missing
100 | | 130? | no | | NE | missing
- | | 50 | no | | NE | missing
100 | | - | yes | | PD | new lesion
""",
)

BEST = SpecTable(
    "Best overall response, unconfirmed",
    "Visits as day and response; `therapy` is the day on which new anticancer therapy began. Days are counted from the "
    "start of treatment, a plain difference.",
    """
visits | therapy | option | best | source
 | | | NE | no assessment: NE, in the denominator all the same
56 CR | | | CR | best of CR, PR, SD, IR/SD, PD, NE
56 PR | | | PR | best of CR, PR, SD, IR/SD, PD, NE
56 SD | | | SD | best of CR, PR, SD, IR/SD, PD, NE
56 IR/SD | | | IR/SD | best of CR, PR, SD, IR/SD, PD, NE
56 PD | | | PD | best of CR, PR, SD, IR/SD, PD, NE
56 NE | | | NE | best of CR, PR, SD, IR/SD, PD, NE
56 SD, 112 PR | | | PR | the best of all
56 PR, 112 CR | | | CR | the best of all
56 PR, 112 SD | | | PR | the best of all
56 IR/SD, 112 SD | | | SD | SD goes before IR/SD
56 NE, 112 PD | | | PD | PD goes before NE
56 IR/SD, 112 CR | | | CR | the best of all
# the minimum duration of stable disease
42 SD | | | SD | 42 days, inclusive
41 SD | | | NE | only early SD is NE
41 SD, 60 PD | | | PD | early SD, then PD is PD
42 SD, 60 PD | | | SD | 42 days, inclusive
41 IR/SD | | | NE | IR/SD likewise
42 IR/SD | | | IR/SD | IR/SD likewise
41 SD, 60 NE | | | NE | only early SD is NE
41 SD, 90 SD | | | SD | the later one counts
41 PR | | | PR | early PR counts
20 CR | | | CR | early CR counts
20 PD | | | PD | PD has no minimum time
55 SD | | minimum_sd_days = 56 | NE | option
56 SD | | minimum_sd_days = 56 | SD | option
# what comes after progression does not count
56 PD, 112 PR | | | PD | up to and including the first PD
56 SD, 112 PD, 168 CR | | | SD | up to and including the first PD
# new anticancer therapy
56 SD, 112 PR | 80 | | SD | before new therapy
56 PR | 40 | | NE | before new therapy
56 PR | 56 | | PR | a scan on the day on which therapy begins was made before it
56 SD, 112 PD | 80 | | SD | before new therapy
""",
)

SAME_DAY = SpecTable(
    "Several records of one day",
    "Responses of one day, and what the day counts as.",
    """
responses | the day | source
PR, SD | SD | one record per date, worst wins
CR, PR | PR | one record per date, worst wins
CR, PD | PD | one record per date, worst wins
IR/SD, CR | IR/SD | one record per date, worst wins
SD, IR/SD | SD | one record per date, worst wins
NE, PR | PR | NE loses to any
NE, PD | PD | NE loses to any
NE, NE | NE | nothing else was read
""",
)

CONFIRMED = SpecTable(
    "Best overall response, confirmed",
    "CR or PR seen again at least 28 days later, at most one NE and no SD between; notation as above.",
    """
visits | option | confirmed | source
# every pair, the first visit late enough for stable disease
56 CR, 112 CR | | CR | RECIST table 3
56 CR, 112 PR | | SD | disease after CR is PD: SD if the first reached minimum duration
56 CR, 112 SD | | SD | RECIST table 3: SD if the first reached minimum duration
56 CR, 112 PD | | SD | RECIST table 3: SD if the first reached minimum duration
56 CR, 112 NE | | SD | RECIST table 3: SD if the first reached minimum duration
56 PR, 112 CR | | PR | RECIST table 3
56 PR, 112 PR | | PR | RECIST table 3
56 PR, 112 SD | | SD | RECIST table 3
56 PR, 112 PD | | SD | RECIST table 3: SD if the first reached minimum duration
56 PR, 112 NE | | SD | RECIST table 3: SD if the first reached minimum duration
56 SD, 112 CR | | SD | the CR is not confirmed
56 SD, 112 PR | | SD | the PR is not confirmed
56 SD, 112 SD | | SD | RECIST table 3
56 SD, 112 PD | | SD | RECIST table 3
56 SD, 112 NE | | SD | RECIST table 3
56 PD, 112 CR | | PD | up to the first PD
56 PD, 112 PR | | PD | up to the first PD
56 PD, 112 SD | | PD | up to the first PD
56 PD, 112 PD | | PD | up to the first PD
56 PD, 112 NE | | PD | up to the first PD
56 NE, 112 CR | | SD | the CR is not confirmed, but late enough for SD
56 NE, 112 PR | | SD | the PR is not confirmed, but late enough for SD
56 NE, 112 SD | | SD | late enough
56 NE, 112 PD | | PD | RECIST table 3
56 NE, 112 NE | | NE | RECIST table 3
# every pair, the first visit too early for stable disease
20 CR, 60 CR | | CR | early responses count
20 CR, 60 PR | | PD | disease after CR is PD
20 CR, 60 SD | | PD | RECIST table 3: else PD
20 CR, 60 PD | | PD | RECIST table 3: else PD
20 CR, 60 NE | | NE | RECIST table 3: else NE
20 PR, 60 CR | | PR | early responses count
20 PR, 60 PR | | PR | early responses count
20 PR, 60 SD | | SD | RECIST table 3
20 PR, 60 PD | | PD | RECIST table 3: else PD
20 PR, 60 NE | | NE | RECIST table 3: else NE
20 SD, 60 PD | | PD | early SD, then PD is PD
20 SD, 60 NE | | NE | only early SD
20 SD, 60 SD | | SD | the later one is late enough
20 SD, 60 PR | | SD | the PR is not confirmed, but late enough for SD
# one visit alone
56 CR | | SD | not confirmed, but late enough
41 CR | | NE | not confirmed, and early
42 PR | | SD | 42 days, inclusive
41 PR | | NE | not confirmed, and early
# the interval, from both sides
56 PR, 83 PR | | SD | 27 days
56 PR, 84 PR | | PR | 28 days, inclusive
56 CR, 83 CR | | SD | 27 days
56 CR, 84 CR | | CR | 28 days, inclusive
56 PR, 70 PR, 84 PR | | PR | the first and the third
56 PR, 84 PR | confirmation_days = 29 | SD | option
56 PR, 60 PR | confirmation_days = 4 | PR | option
# what may lie between
56 PR, 84 NE, 112 PR | | PR | one NE
56 PR, 70 NE, 84 NE, 112 PR | | SD | two NE
56 PR, 70 NE, 84 NE, 112 PR | confirmation_max_ne = 2 | PR | option
56 PR, 84 NE, 112 PR | confirmation_max_ne = 0 | SD | option
56 PR, 84 SD, 112 PR | | SD | no SD
56 PR, 84 SD, 112 PR | confirmation_max_sd = 1 | PR | option
56 PR, 70 SD, 84 SD, 112 PR | confirmation_max_sd = 1 | SD | option
56 CR, 84 NE, 112 CR | | CR | one NE
56 CR, 70 NE, 84 NE, 112 CR | | SD | two NE
56 CR, 84 SD, 112 CR | confirmation_max_sd = 1 | SD | SD may lie between partial responses only
56 PR, 84 CR, 112 CR | | CR | CR confirmed
56 PR, 84 CR | | PR | PR confirmed by CR
56 PR, 70 CR, 90 PR | | SD | disease after CR is PD, and CR came too soon to confirm
56 PR, 70 CR, 90 PR | disease_after_cr = as_read | PR | option
56 CR, 112 PR | disease_after_cr = as_read | SD | option: neither is confirmed
20 CR, 60 SD | disease_after_cr = as_read | SD | option: late enough
56 CR, 80 SD, 112 CR | | SD | disease after CR ends the record
# IR/SD
56 IR/SD | | IR/SD | no targets
41 IR/SD | | NE | early
56 IR/SD, 112 PD | | IR/SD | no targets
56 CR, 112 IR/SD | | SD | disease after CR, which was late enough
20 CR, 60 IR/SD | | PD | disease after CR
""",
)

MEASURABLE = SpecTable(
    "Which lesions are measurable",
    "One lesion at the baseline, no role given by the hospital. Sizes in mm; `viable` is the arterially enhancing part.",
    """
organ | pattern | enhancement | viable | whole | short axis | target | source
# the liver, by the viable diameter
liver | typical | arterial | 10 | 30 | | yes | mRECIST: viable diameter of at least 10 mm
liver | typical | arterial | 9.999999 | 30 | | no | mRECIST: viable diameter of at least 10 mm
liver | typical | arterial | | 30 | | no | the whole diameter does not count in the liver
liver | | arterial | 12 | | | yes | nothing speaks against it
liver | typical | none | 12 | 30 | | no | a target enhances
liver | typical | none | | 30 | | no | a target enhances
liver | typical | faint | | 30 | | no | too faint to measure: 5 mm
liver | atypical | arterial | 30 | 30 | | no | atypical lesions are non-targets
liver | infiltrative | arterial | 80 | 80 | | no | infiltrative HCC is a non-target
liver | necrotic | none | 0 | 30 | | no | non-enhancing lesions are non-targets
liver | thrombus | arterial | 30 | 30 | | no | malignant thrombus is a non-target
# vessels, effusions, bone
portal_vein | thrombus | arterial | 30 | 30 | | no | malignant thrombus is a non-target
hepatic_vein | typical | arterial | 30 | 30 | | no | malignant thrombus is a non-target
bile_duct | typical | arterial | 30 | 30 | | no | malignant thrombus is a non-target
pleura | effusion | | | 30 | | no | effusions are non-targets
peritoneum | effusion | | | 30 | | no | effusions are non-targets
peritoneum | typical | | | 12 | | yes | RECIST: a measurable implant
bone | typical | | | 30 | | no | RECIST: bone without soft tissue
# outside the liver, by the whole diameter
lung | typical | not_assessed | | 10 | | yes | RECIST: 10 mm
lung | typical | not_assessed | | 9.999999 | | no | RECIST: 10 mm
lung | typical | arterial | 20 | | | no | the viable part does not count outside the liver
adrenal | typical | | | 25 | | yes | RECIST: 10 mm
# nodes, by the short axis
lymph_node | typical | | | | 15 | yes | RECIST: short axis of at least 15 mm
lymph_node | typical | | | | 14.999999 | no | RECIST: 10 to below 15 mm is a non-target
lymph_node | typical | | | 40 | | no | the long axis does not count
porta_hepatis | typical | | | | 20 | yes | mRECIST: at the porta hepatis at least 20 mm
porta_hepatis | typical | | | | 19.999999 | no | mRECIST: at the porta hepatis at least 20 mm
""",
)

CHOICE = SpecTable(
    "Which measurable lesions are the targets",
    "Lesions at the baseline as organ and size in mm, all measurable; the targets by their place in the list.",
    """
lesions | roles | option | targets | source
liver 30, liver 20 | | | 1, 2 | two per organ
liver 30, liver 20, liver 40 | | | 1, 3 | two per organ, the largest
liver 30, liver 30, liver 30 | | | 1, 2 | of equal ones the first by name
lymph_node 30, lymph_node 25, porta_hepatis 28 | | | 1, 3 | all nodes are one organ
liver 50, liver 40, lung 30, lung 20, adrenal 25, adrenal 15 | | | 1, 2, 3, 4, 5 | five in all, the largest
liver 50, liver 40, lung 30, lung 20, adrenal 25, brain 60 | | | 1, 2, 3, 5, 6 | five in all, the largest
liver 50, liver 40, liver 30, lung 11 | | | 1, 2, 4 | the third of the liver leaves its place to the lung
liver 50, liver 40 | target, non_target | | 1 | the hospital's own choice
liver 50, liver 40, liver 30 | target, target, target | | 1, 2, 3 | the hospital's own choice
liver 50, liver 40 | non_target, non_target | | none | the hospital's own choice
liver 50, liver 40 | target, non_target | target_lesions_from = derived | 1, 2 | option
liver 50, liver 40 | target, | | 1 | without a role beside roles: no target
liver 50, liver 40, liver 30 | | target_lesions_per_organ = 3 | 1, 2, 3 | option
""",
)

NEW = SpecTable(
    "New lesions",
    "One new lesion, followed over visits as day and size in mm (the viable part in the liver, the whole elsewhere, the "
    "short axis of nodes; `8/25`: the viable part and the whole, `?` not measured, 0 not enhancing); the days on which it "
    "is progression.",
    """
organ | pattern | sizes | option | PD on | source
liver | typical | 60 10 | | 60 | mRECIST: at least 10 mm with typical pattern
liver | typical | 60 9.999999 | | none | mRECIST: at least 10 mm with typical pattern
liver | typical | 60 8 | | none | smaller ones are watched
liver | typical | 60 8, 120 12 | | 60, 120 | smaller ones are watched; PD goes back to the first sight
liver | typical | 60 8, 120 12 | date_back = growth_only | 120 | option: it proves itself otherwise than by growth
liver | atypical | 60 30 | | none | atypical: watched
liver | atypical | 60 12, 120 22 | | 60, 120 | atypical: 10 mm growth; PD goes back to the first sight
liver | atypical | 60 12, 120 21.999999 | | none | atypical: 10 mm growth
liver | atypical | 60 12, 120 15, 180 22 | | 60, 180 | atypical: 10 mm growth; PD goes back to the first sight
liver | atypical | 60 12, 120 22 | date_back = growth_only | 60, 120 | option: it proves itself by growth
liver | atypical | 60 12, 120 22 | date_back = none | 120 | option: dated to the scan that proves it
liver | atypical | 60 12, 120 15, 180 22 | date_back = none | 180 | option: dated to the scan that proves it
liver | atypical | 60 8/25, 120 0/25 | | none | atypical: what no longer enhances has not grown
liver | atypical | 60 8/25, 120 0/40 | | none | atypical: the viable part is compared where there was one
liver | atypical | 60 20/25, 120 8/36 | | none | atypical: the viable part is compared where there was one
liver | atypical | 60 0/25, 120 12/25 | | none | atypical: enhancement that begins is no growth
liver | atypical | 60 0/12, 120 0/22 | | 60, 120 | atypical: 10 mm growth of a nodule that never enhances
liver | atypical | 60 12/14, 120 ?/24 | | 60, 120 | atypical: the whole, where the viable part is not measured
liver | atypical | 60 ?/12, 120 22/22 | | 60, 120 | atypical: the whole, where the viable part is not measured
liver | atypical | 60 ?/12, 120 22/21 | | none | atypical: one length is never compared with the other
liver | typical | 60 8/25, 120 0/25 | | none | typical: what no longer enhances has not grown
liver | | 60 30 | | none | without a pattern: watched
liver | infiltrative | 60 30 | | none | ill-defined: watched
liver | thrombus | 60 | | 60 | new malignant vascular invasion
portal_vein | thrombus | 60 | | 60 | new malignant vascular invasion
hepatic_vein | typical | 60 5 | | 60 | new malignant vascular invasion
bile_duct | typical | 60 5 | | 60 | new malignant vascular invasion
lung | typical | 60 4 | | 60 | new lesion outside the liver
bone | typical | 60 | | 60 | new lesion outside the liver
pleura | effusion | 60 50 | | none | effusion: only with malignant cytology
peritoneum | effusion | 60, 120 | | none | ascites: only with malignant cytology
lymph_node | typical | 60 15 | | 60 | mRECIST: a node of 15 mm is malignant
lymph_node | typical | 60 14.999999 | | none | mRECIST: from 10 to below 15 mm it is followed
lymph_node | typical | 60 10 | new_node_mm = 10 | 60 | option: a node of 10 mm is not normal
porta_hepatis | typical | 60 20 | | 60 | mRECIST: at the porta hepatis from 20 mm
porta_hepatis | typical | 60 19.999999 | | none | mRECIST: at the porta hepatis from 20 mm
lymph_node | typical | 60 9.999999 | | none | a node below 10 mm is normal
""",
)

NON_TARGETS = SpecTable(
    "Non-targets, when the reader says nothing",
    "Non-targets as they are at the visit: organ and enhancement, or size in mm of nodes and outside the liver.",
    """
non-targets | status | source
 | none | there are none
liver arterial | IR/SD | mRECIST: enhancement persists in one or more
liver none | CR | mRECIST: no enhancement in any
liver none, liver arterial | IR/SD | one is enough
liver none, liver none | CR | mRECIST: no enhancement in any
liver none, liver missing | NE | not all were seen
liver missing | NE | not all were seen
liver arterial, liver missing | IR/SD | one is enough
liver not_assessed | NE | enhancement is what counts
liver faint | IR/SD | faint is not gone
portal_vein arterial | IR/SD | thrombus that enhances
lung 8 | IR/SD | outside the liver: there
lung 0 | CR | outside the liver: gone
lymph_node 9 | CR | a node below 10 mm is normal
lymph_node 10 | IR/SD | a node of 10 mm is not
""",
)

TIMES = SpecTable(
    "Time to progression, progression-free survival, durations",
    "Visits as day and response; days are plain differences from the start of treatment. `+` marks a censored time.",
    """
visits | death | therapy | option | TTP | PFS | response | SD | source
56 SD, 112 PD | 300 | | | 112 | 112 | | 112 | first radiological progression
# two or more missed scans before progression
56 SD, 224 PD | | | | 224 | 224 | | 224 | an event, the days shown
56 SD, 224 PD | 300 | | progression_after_missed_scans = censored | 56+ | 56+ | | 56+ | option: censored at the last scan
56 SD, 223 PD | 300 | | progression_after_missed_scans = censored | 223 | 223 | | 223 | option: 167 days
168 PD | | | progression_after_missed_scans = censored | 0+ | 0+ | | | option: from the start of treatment
56 PR, 112 NE, 224 PD | | | progression_after_missed_scans = censored | 56+ | 56+ | 0+ | | option: NE is no scan
# the ends of a course
56 SD, 112 SD | 300 | | | 112+ | 300 | | 112+ | death without progression is censored; PFS counts it
56 SD, 112 SD | | | | 112+ | 112+ | | 112+ | the last evaluable scan
56 SD, 112 NE | | | | 56+ | 56+ | | 56+ | the last evaluable scan
56 SD, 112 NE | | | ttp_censored_at = last_scan | 112+ | 112+ | | 112+ | option
 | 300 | | | 0+ | 300 | | | no scan: censored at the start
 | | | | 0+ | 0+ | | | no scan: censored at the start
56 NE | | | | 0+ | 0+ | | | nothing evaluable
56 SD, 112 PD | | 80 | | 56+ | 56+ | | 56+ | progression after new therapy: censored before it
56 SD, 112 PD | | 80 | progression_after_new_therapy = counted | 112 | 112 | | 112 | option
56 SD | 300 | 80 | | 56+ | 56+ | | 56+ | a death after new therapy counts no more than a progression
56 SD | 300 | 300 | | 56+ | 300 | | 56+ | not after
56 PR, 112 PR, 168 PD | | | | 168 | 168 | 112 | | from the first response to progression
56 PR, 112 CR, 168 PD | | | | 168 | 168 | 112 | | from the first response, CR or PR
56 SD, 112 PR | | | | 112+ | 112+ | 0+ | | censored at the last evaluable scan
56 PR, 112 PR | 200 | | | 112+ | 200 | 56+ | | death censors the duration
56 PR, 112 PR | 200 | | death_in_response = event | 112+ | 200 | 144 | | option
56 PR, 112 SD, 168 PD | | | | 168 | 168 | 112 | | up to progression
56 PD, 112 SD | | | | 56 | 56 | | | the first progression
41 SD, 90 PD | | | | 90 | 90 | | | no duration of SD: the best response is PD
56 PR, 112 PD | | | response_confirmation = confirmed | 112 | 112 | | 112 | the best response is SD, its PR not confirmed
56 PR, 84 SD, 112 PR, 140 PR, 168 PD | | | response_confirmation = confirmed | 168 | 168 | 56 | | the confirmed one begins it
56 PR, 84 SD, 112 PR, 140 PR, 168 PD | | | | 168 | 168 | 112 | | unconfirmed: from the first response
9 CR, 37 NE, 44 NE, 51 CR, 79 CR, 99 PD | | | response_confirmation = confirmed | 99 | 99 | 48 | | the confirmed one begins it
56 PR, 84 PR, 112 CR, 140 CR, 168 PD | | | response_confirmation = confirmed | 168 | 168 | 112 | | PR, then CR, both confirmed
""",
)

TABLES = (TARGETS, OVERALL, SIMPLIFIED, BEST, SAME_DAY, CONFIRMED, MEASURABLE, CHOICE, NEW, NON_TARGETS, TIMES)
