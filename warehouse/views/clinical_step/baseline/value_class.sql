-- The classes into which the study sorts numbers, made from the edges in reference.study_option.
-- The lowest edge belongs to the class above it, every other edge to the class below it.
-- @scale: bmi (kg/m2), afp (ng/mL), or afp_ratio (AFP at first evaluation in percent of the baseline).
-- @class_number: From 1, the lowest class.
-- @class_name: The class in words, such as <7, 7-1000 or >10000.
-- @lower_edge: Lower edge; empty for the lowest class.
-- @is_lower_included: A value on the lower edge is in the class.
-- @upper_edge: Upper edge; empty for the highest class.
-- @is_upper_included: A value on the upper edge is in the class.
WITH edge_list AS (
    SELECT
        'bmi' AS scale,
        value AS edges
    FROM reference.study_option
    WHERE name = 'bmi_class_edges'
    UNION ALL
    SELECT
        'afp' AS scale,
        STRING_AGG(value, ' ' ORDER BY CAST(value AS DECIMAL(9, 3))) AS edges
    FROM reference.study_option
    WHERE name IN ('afp_class_low', 'afp_class_high', 'afp_class_very_high')
    UNION ALL
    SELECT
        'afp_ratio' AS scale,
        STRING_AGG(value, ' ' ORDER BY CAST(value AS DECIMAL(9, 3))) AS edges
    FROM reference.study_option
    WHERE name IN ('afp_ratio_low_percent', 'afp_ratio_high_percent')
),

edge AS (
    SELECT
        scale,
        UNNEST(STRING_SPLIT(edges, ' ')) AS edge
    FROM edge_list
),

numbered AS (
    SELECT
        scale,
        edge,
        CAST(edge AS DECIMAL(9, 3)) AS number,
        ROW_NUMBER() OVER (PARTITION BY scale ORDER BY CAST(edge AS DECIMAL(9, 3))) AS place,
        LEAD(edge) OVER (PARTITION BY scale ORDER BY CAST(edge AS DECIMAL(9, 3))) AS next_edge
    FROM edge
)

SELECT
    scale,
    1 AS class_number,
    '<' || edge AS class_name,
    CAST(NULL AS DECIMAL(9, 3)) AS lower_edge,
    FALSE AS is_lower_included,
    number AS upper_edge,
    FALSE AS is_upper_included
FROM numbered
WHERE place = 1
UNION ALL
SELECT
    scale,
    place + 1 AS class_number,
    CASE WHEN next_edge IS NULL THEN '>' || edge ELSE edge || '-' || next_edge END AS class_name,
    number AS lower_edge,
    place = 1 AND next_edge IS NOT NULL AS is_lower_included,
    CAST(next_edge AS DECIMAL(9, 3)) AS upper_edge,
    next_edge IS NOT NULL AS is_upper_included
FROM numbered
