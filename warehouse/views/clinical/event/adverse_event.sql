-- Every adverse event as the hospitals recorded it, coded and graded by CTCAE 4.03, with its place in the treatment.
-- What is denied, doubtful or of the past stays, with its reading, and is no event. Grades that numbers alone give are
-- not here but in clinical.computed_event.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @verbatim_text: The text as reported.
-- @ordinal: Number of the event in its record, from 1.
-- @term: The CTCAE 4.03 term; empty when the words are in no list.
-- @meddra_code: MedDRA 12.0 lowest-level term code of the term.
-- @soc: System organ class.
-- @category: dermatologic, gastroenterologic, hypertension, liver, bleeding or other (reference.event_category).
-- @reading: event, negated, doubtful, history or disease (a tumour thrombus is disease).
-- @is_event: It is an adverse event that took place.
-- @grade: The grade by CTCAE 4.03; empty when none stands.
-- @reported_grade: The grade as reported, in its own version.
-- @ctcae_version: Its version of CTCAE; empty when it is not known. Code list: ctcae_version.
-- @counted_grade: The grade that counts in worst grades: by 4.03, or as reported by another version whose criteria
--   differ (study option event_other_version).
-- @is_valid: The grade stands (true); it does not, or the record has a fault (false); nothing to judge (empty).
-- @reason: Why there is no grade. Code list: event_reason.
-- @warning: What a reader must know of the grade or the term. Code list: event_reason.
-- @onset_on: First day of the event; of a partial date its first day.
-- @onset_on_precision: How precisely the onset is known: day, month or year.
-- @onset_day: Days from the index date to the onset.
-- @is_treatment_emergent: It was not there before treatment and can have begun while events count; a partial onset may
--   mean any of its days.
-- @is_grade_set_aside: What the hospital wrote of the event or of its grade was set aside: the grade that counts is not
-- known.
-- @is_name_set_aside: Its text or its term was set aside.
-- @is_early: Treatment-emergent, and begun within so many days from the index date (study option event_early_days).
-- @ended_on: Last day of the event.
-- @is_serious: The event met a criterion of seriousness.
-- @action_code: What was done with the study drug. Code list: drug_action.
-- @relation_code: Relation to the study drug in the reporter's judgement. Code list: relation.
-- @outcome_code: How the event ended. Code list: event_outcome.
-- @source_file: The file that the row came from.
-- @source_sheet: The sheet in the file, if it has sheets.
-- @source_record: Number of the record in the file or sheet, from 1, header not counted.
-- @source_ordinal: Which of the record's rows: 1000 * part + slot.
WITH bad_cell AS (
    SELECT
        site_id,
        source_file,
        source_sheet,
        source_record,
        source_ordinal,
        BOOL_OR(column_name IN ('verbatim_text', 'ctcae_term')) AS is_name_set_aside,
        BOOL_OR(column_name IN ('reported_grade', 'ctcae_version')) AS is_grade_set_aside,
        BOOL_OR(column_name = 'onset_on') AS is_onset_set_aside,
        BOOL_OR(column_name = 'is_present_before') AS is_before_set_aside
    FROM clinical_step.set_aside
    WHERE table_name = 'adverse_event' AND NOT is_row
    GROUP BY site_id, source_file, source_sheet, source_record, source_ordinal
),

placed AS (
    SELECT
        graded.*,
        COALESCE(bad_cell.is_name_set_aside, FALSE) AS is_name_set_aside,
        COALESCE(bad_cell.is_grade_set_aside, FALSE) AS is_grade_set_aside,
        COALESCE(bad_cell.is_onset_set_aside, FALSE) AS is_onset_set_aside,
        COALESCE(bad_cell.is_before_set_aside, FALSE) AS is_before_set_aside,
        recorded.onset_on,
        recorded.onset_on_precision,
        recorded.ended_on,
        recorded.is_serious,
        recorded.is_present_before,
        recorded.action_code,
        recorded.relation_code,
        recorded.outcome_code,
        event_window.index_date,
        event_window.counts_until,
        event_window.surely_counts_until,
        CASE recorded.onset_on_precision
            WHEN 'month' THEN LAST_DAY(recorded.onset_on)
            WHEN 'year' THEN MAKE_DATE(YEAR(recorded.onset_on), 12, 31)
            ELSE recorded.onset_on
        END AS onset_at_the_latest
    FROM clinical.graded_event AS graded
    INNER JOIN current.adverse_event AS recorded
        ON
            graded.site_id = recorded.site_id
            AND graded.source_file = recorded.source_file
            AND graded.source_sheet IS NOT DISTINCT FROM recorded.source_sheet
            AND graded.source_record = recorded.source_record
            AND graded.source_ordinal = recorded.source_ordinal
    LEFT JOIN bad_cell
        ON
            graded.site_id = bad_cell.site_id
            AND graded.source_file = bad_cell.source_file
            AND graded.source_sheet IS NOT DISTINCT FROM bad_cell.source_sheet
            AND graded.source_record = bad_cell.source_record
            AND graded.source_ordinal = bad_cell.source_ordinal
    LEFT JOIN clinical_step.event_window AS event_window
        ON
            graded.site_id = event_window.site_id
            AND graded.patient_id = event_window.patient_id
),

possible AS (
    SELECT
        *,
        index_date IS NOT NULL
        AND (is_event OR is_name_set_aside)
        AND is_present_before IS NOT TRUE
        AND COALESCE(onset_at_the_latest >= index_date AND onset_on <= counts_until, is_onset_set_aside)
            AS may_be_emergent,
        is_name_set_aside
        OR is_onset_set_aside
        OR is_before_set_aside
        OR COALESCE(onset_on > surely_counts_until, FALSE) AS is_emergence_open
    FROM placed
),

timed AS (
    SELECT
        *,
        CASE
            WHEN NOT COALESCE(may_be_emergent, FALSE) THEN FALSE
            WHEN NOT is_emergence_open THEN TRUE
        END AS is_treatment_emergent
    FROM possible
)

SELECT
    timed.site_id,
    timed.patient_id,
    timed.verbatim_text,
    timed.ordinal,
    timed.term,
    event_term.meddra_code,
    event_term.soc,
    event_term.category,
    timed.reading,
    timed.is_event,
    timed.grade,
    timed.reported_grade,
    timed.ctcae_version,
    CASE
        WHEN timed.is_grade_set_aside OR timed.is_name_set_aside THEN NULL
        WHEN timed.reason = 'version_differs' AND event_option.counts_other_versions THEN timed.reported_grade
        ELSE timed.grade
    END AS counted_grade,
    timed.is_valid,
    timed.reason,
    timed.warning,
    timed.onset_on,
    timed.onset_on_precision,
    timed.onset_on - timed.index_date AS onset_day,
    timed.is_treatment_emergent,
    timed.is_grade_set_aside OR timed.is_name_set_aside AS is_grade_set_aside,
    timed.is_name_set_aside,
    timed.is_treatment_emergent AND timed.onset_on - timed.index_date <= event_option.early_days AS is_early,
    timed.ended_on,
    timed.is_serious,
    timed.action_code,
    timed.relation_code,
    timed.outcome_code,
    timed.source_file,
    timed.source_sheet,
    timed.source_record,
    timed.source_ordinal
FROM timed
LEFT JOIN clinical.event_term AS event_term ON timed.term = event_term.term
CROSS JOIN clinical_step.event_option AS event_option
