-- Alpha-fetoprotein above 1000 ng/mL against the others: Table S4 of the study of sorafenib, as tidy rows.
-- @*: analysis.study_table
SELECT *  -- noqa: AM04
FROM analysis.study_table
WHERE study_id = 'sorafenib' AND table_id = 'table_s4'
ORDER BY row_position, level_position, group_position
