"""The criteria of eligibility as tables; `study` are the study's definitions, the index date is 31 March 2010."""

from spec.table import SpecTable

CHAPTER = "Eligibility"

DISEASE = SpecTable(
    "Index date, diagnosis, stage, liver function",
    "`given` says what is recorded; what is not named is as in an eligible patient, `?` is not recorded.",
    """
criterion | given | option | verdict | source
index_date | first dose 2006-12-31 | | not_met | study: window from January 2007
index_date | first dose 2007-01-01 | | met | study: window from January 2007
index_date | first dose 2014-03-31 | | met | study: window to March 2014
index_date | first dose 2014-04-01 | | not_met | study: window to March 2014
index_date | first dose 2010-03-01 month | | unknown | study: needs day precision
index_date | no dose | | not_met | no course of the study drug
index_date | first dose 2006-12-31 | index_date_from = 2006-01-01 | met | option
index_date | first dose 2010-03-31 | index_date_to = 2010-03-30 | not_met | option
hcc | basis histology | | met | study: (a) by clinic or histology
hcc | basis clinical | | met | study: (a) by clinic or histology
hcc | basis ? | | unknown | not recorded
unresectable_bclc_b_c | BCLC B | | met | study: (b) BCLC B or C
unresectable_bclc_b_c | BCLC C | | met | study: (b) BCLC B or C
unresectable_bclc_b_c | BCLC 0 | | not_met | study: (b) BCLC B or C
unresectable_bclc_b_c | BCLC A | | not_met | study: (b) BCLC B or C
unresectable_bclc_b_c | BCLC D | | not_met | study: (b) BCLC B or C
unresectable_bclc_b_c | BCLC ? | | unknown | the reported stage decides; missing is unknown
unresectable_bclc_b_c | unresectable no | | not_met | study: (b) unresectable
unresectable_bclc_b_c | unresectable ? | | unknown | not recorded
unresectable_bclc_b_c | unresectable ?, BCLC A | | not_met | the stage decides alone
unresectable_bclc_b_c | unresectable no, BCLC ? | | not_met | resectability decides alone
unresectable_bclc_b_c | BCLC A | eligible_bclc_reported = A B C | met | option
unresectable_bclc_b_c | BCLC B | eligible_bclc_reported = C | not_met | option
unresectable_bclc_b_c | BCLC B | score_decides = derived | unknown | option: nothing to derive it from
unresectable_bclc_b_c | BCLC B, ECOG 3 | score_decides = derived | not_met | option: derived D
unresectable_bclc_b_c | BCLC B, ECOG 3 | | met | the reported stage decides
child_pugh_a_b | Child-Pugh A | | met | study: (e) Child-Pugh A or B
child_pugh_a_b | Child-Pugh B | | met | study: (e) Child-Pugh A or B
child_pugh_a_b | Child-Pugh C | | not_met | study: (e) Child-Pugh A or B
child_pugh_a_b | Child-Pugh ? | | unknown | neither reported nor derived
child_pugh_a_b | Child-Pugh B | eligible_child_pugh = A | not_met | option
child_pugh_a_b | Child-Pugh A | score_decides = derived | unknown | option: nothing to derive it from
""",
)

IMAGING = SpecTable(
    "Imaging",
    "Scans by day from the index date: modality, region, contrast (yes, no, `?`).",
    """
criterion | given | option | verdict | source
imaging_before | -61 ct abdomen yes | | met | study: (c) in the 61 days up to the index date
imaging_before | -62 ct abdomen yes | | not_met | study: (c) in the 61 days up to the index date
imaging_before | 0 mri abdomen yes | | met | study: (c) the index date included
imaging_before | 1 ct abdomen yes | | not_met | after the index date
imaging_before | -10 mri whole_body yes | | met | the abdomen is in the whole body
imaging_before | -10 ct chest yes | | not_met | not the abdomen
imaging_before | -10 ultrasound abdomen yes | | not_met | neither CT nor MRI
imaging_before | -10 ct abdomen no | | not_met | without contrast
imaging_before | -10 ct abdomen ? | | unknown | contrast not recorded
imaging_before | -10 ct ? yes | | unknown | region not recorded
imaging_before | -10 ? abdomen yes | | unknown | modality not recorded
imaging_before | -10 ct chest ? | | not_met | the chest is not the abdomen, whatever the contrast
imaging_before | -10 ct abdomen ?, -20 ct abdomen yes | | met | one scan that is known is enough
imaging_before | -10 ct abdomen no, -20 ct abdomen ? | | unknown | one scan may be it
imaging_before | | | not_met | no imaging recorded
imaging_before | -62 ct abdomen yes | baseline_imaging_days = 90 | met | option
imaging_before | -29 ct abdomen yes | baseline_imaging_days = 28 | not_met | option
imaging_after | 1 ct abdomen yes | | met | study: (d) at least one after it
imaging_after | 0 ct abdomen yes | | not_met | the index date is not after it
imaging_after | 56 ct abdomen no | | not_met | without contrast
imaging_after | 56 ct abdomen ? | | unknown | contrast not recorded
imaging_after | | | not_met | no imaging recorded
imaging_after | 2193 ct abdomen yes | | met | the day of the data cut-off
imaging_after | 2194 ct abdomen yes | | not_met | after the data cut-off nothing counts
imaging_after | 56 ct abdomen yes | followup_imaging_minimum = 2 | not_met | option: one of two
imaging_after | 56 ct abdomen yes, 56 mri abdomen yes | followup_imaging_minimum = 2 | not_met | option: both of one day
imaging_after | 56 ct abdomen yes, 112 ct abdomen ? | followup_imaging_minimum = 2 | unknown | option: the second may count
imaging_after | 56 ct abdomen yes, 112 mri abdomen yes | followup_imaging_minimum = 2 | met | option: two visits
""",
)

THERAPY = SpecTable(
    "Other systemic therapy before the study drug",
    "Drugs by day from the index date, with the precision of the start where it is not the day.",
    """
criterion | given | option | verdict | source
no_other_systemic_therapy | | | met | none recorded
no_other_systemic_therapy | doxorubicin -1 | | not_met | study: other systemic therapy before
no_other_systemic_therapy | doxorubicin 0 | | met | not before the index date
no_other_systemic_therapy | doxorubicin 90 | | met | not before the index date
no_other_systemic_therapy | other -100 | | not_met | study: other systemic therapy before
no_other_systemic_therapy | sunitinib -100 | | met | study, default: targeted therapy before is allowed
no_other_systemic_therapy | lenvatinib -100 | | met | study, default: targeted therapy before is allowed
no_other_systemic_therapy | immunotherapy -100 | | met | study, default: immune therapy before is allowed
no_other_systemic_therapy | study_drug_other -100 | | unknown | an investigational drug may be of either kind
no_other_systemic_therapy | study_drug_other -100, cisplatin -50 | | not_met | chemotherapy decides
no_other_systemic_therapy | cisplatin -30 month | | unknown | 2010-03 may lie on either side of 2010-03-31
no_other_systemic_therapy | cisplatin -58 month | | not_met | 2010-02 lies before
no_other_systemic_therapy | sunitinib -100 | prior_systemic_therapy_allowed = infusion_alone | not_met | option
no_other_systemic_therapy | immunotherapy -100 | prior_systemic_therapy_allowed = infusion_alone | not_met | option
no_other_systemic_therapy | study_drug_other -100 | prior_systemic_therapy_allowed = infusion_alone | not_met | option
no_other_systemic_therapy | | prior_systemic_therapy_allowed = infusion_alone | met | option: none recorded
""",
)

CONDITIONS = SpecTable(
    "Other diseases",
    "`serious` present (yes, no, `?`); a cancer by site, in situ (yes, no, `?`) and days from its cure to the index date.",
    """
criterion | given | option | verdict | source
no_serious_condition | | | met | none recorded
no_serious_condition | serious no | | met | recorded as absent
no_serious_condition | serious yes | | not_met | study: serious condition
no_serious_condition | serious ? | | unknown | present or not is not recorded
no_other_cancer | | | met | none recorded
no_other_cancer | cancer stomach no - | | not_met | study: another cancer
no_other_cancer | cancer ? ? - | | unknown | its site is not recorded
no_other_cancer | cancer skin_basal_cell ? - | | met | study: basal cell carcinoma of the skin is allowed
no_other_cancer | cancer cervix yes - | | met | study: in situ of the cervix is allowed
no_other_cancer | cancer cervix no - | | not_met | invasive
no_other_cancer | cancer cervix ? - | | unknown | in situ or not is not recorded
no_other_cancer | cancer bladder yes - | | met | study: superficial of the bladder is allowed
no_other_cancer | cancer bladder no - | | not_met | not superficial
no_other_cancer | cancer breast yes - | | not_met | not among those listed
no_other_cancer | cancer stomach no 1095 | | met | as printed: cured less than three years (1095.75 days) before
no_other_cancer | cancer stomach no 1096 | | not_met | as printed: less than three years
no_other_cancer | cancer stomach no 0 | | met | cured on the index date
no_other_cancer | cancer stomach no -1 | | not_met | cured after the index date
no_other_cancer | cancer stomach no 1095, cancer lung no - | | not_met | one is enough
no_other_cancer | cancer stomach no 1095 | other_cancer_cured_years = at_least_3 | not_met | option: at least three years
no_other_cancer | cancer stomach no 1096 | other_cancer_cured_years = at_least_3 | met | option: at least three years
no_other_cancer | cancer stomach no - | other_cancer_cured_years = at_least_3 | not_met | never cured
""",
)

TABLES = (DISEASE, IMAGING, THERAPY, CONDITIONS)
