-- Child-Pugh A against B: Table S3 of the study of sorafenib, as tidy rows.
-- @*: analysis.study_table
SELECT *  -- noqa: AM04
FROM analysis.study_table
WHERE study_id = 'sorafenib' AND table_id = 'table_s3'
ORDER BY row_position, level_position, group_position
