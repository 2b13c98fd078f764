-- Rows of lesions that could not be read and may be of any lesion: what they would have said is unknown, not absent.
-- Rows that a rule leaves out, a second baseline or what lies before it, are none of them.
SELECT
    patient_id,
    day,
    says_baseline,
    COALESCE(lesion_label, '(not readable) ' || record) AS lesion_label
FROM typed_row
WHERE patient_id IS NOT NULL AND may_say_more
