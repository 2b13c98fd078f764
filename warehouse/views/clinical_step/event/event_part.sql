-- The words of each text in its parts: what a comma, an arrow, the end of a sentence or the next name with its own
-- grade separates. A laboratory result with a direction has become a name; without one it is a measure next to the
-- event that it belongs to.
-- @raw_text: The text as reported.
-- @sentence: Number of the sentence, line or item of a list, from 0.
-- @clause: Number of the clause, from 0: a sentence, or what 'but' separates in it.
-- @part: Number of the part in the text, from 0.
-- @place: Where the words begin; the order of the words.
-- @words: The words.
-- @mark: What they are, as in clinical_step.event_token; x where nothing accounts for them.
-- @bracket_depth: In how many brackets they stand.
-- @terms: Of a name, the CTCAE 4.03 terms.
-- @is_respelled: A letter of the words was changed.
WITH token AS (
    SELECT
        *,
        SUM(CASE mark WHEN '(' THEN 1 WHEN ')' THEN -1 ELSE 0 END) OVER in_text AS bracket_depth,
        -- A colon, a particle or a bracket stands between no two words.
        mark IN ('p', 'l', '(', ')') AS is_silent
    FROM clinical_step.event_token
    WINDOW in_text AS (PARTITION BY raw_text ORDER BY place)
),

neighboured AS (
    SELECT
        *,
        LAG(mark) OVER (PARTITION BY raw_text, is_silent ORDER BY place) AS mark_before,
        LEAD(mark) OVER (PARTITION BY raw_text, is_silent ORDER BY place) AS mark_after
    FROM token
),

claused AS (
    SELECT
        *,
        -- 'But' and "없으나" end a clause.
        mark = ';' OR (NOT is_silent AND mark_before IN ('X', 'E')) AS begins_clause,
        CAST(SUM(CASE WHEN begins_clause THEN 1 ELSE 0 END) OVER in_text AS INTEGER) AS clause,
        CAST(SUM(CASE WHEN mark = ';' THEN 1 ELSE 0 END) OVER in_text AS INTEGER) AS sentence,
        begins_clause
        OR (bracket_depth <= 0 AND mark = ',')
        -- "G3 → G1" is one course; "→ hold" is a part of its own.
        OR (
            bracket_depth <= 0
            AND words = '→'
            AND NOT (mark_before IN ('g', 'm', 'q') AND mark_after IN ('g', 'm', 'q'))
        ) AS is_separated
    FROM neighboured
    WINDOW in_text AS (PARTITION BY raw_text ORDER BY place)
),

separated AS (
    SELECT
        *,
        SUM(CASE WHEN is_separated THEN 1 ELSE 0 END) OVER (PARTITION BY raw_text ORDER BY place) AS stretch
    FROM claused
),

-- The direction of a laboratory result: the next one in the stretch, or else one that stands before them all.
pointed AS (
    SELECT
        *,
        CASE WHEN mark IN ('u', 'd') THEN mark END AS direction,
        CASE WHEN mark IN ('a', 'u', 'd', 'n') THEN mark END AS named_or_direction
    FROM separated
),

directed AS (
    SELECT
        *,
        FIRST_VALUE(direction IGNORE NULLS) OVER later AS direction_after,
        FIRST_VALUE(named_or_direction IGNORE NULLS) OVER whole_stretch AS first_mark,
        CASE WHEN first_mark IN ('u', 'd') THEN first_mark END AS direction_before,
        FLATTEN(LIST(terms) FILTER (WHERE mark = 'n') OVER (PARTITION BY raw_text)) AS terms_in_text,
        COALESCE(BOOL_OR(mark IN ('n', 'a') AND bracket_depth <= 0) OVER earlier, FALSE) AS follows_name
    FROM pointed
    WINDOW
        whole_stretch AS (
            PARTITION BY raw_text, stretch ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
        ),
        earlier AS (PARTITION BY raw_text, stretch ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
        later AS (PARTITION BY raw_text, stretch ORDER BY place ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)
),

meant AS (
    SELECT
        *,
        mark = 'a' AND bracket_depth > 0 AND follows_name AND direction_after IS NULL AS is_value_inside,
        CASE
            WHEN mark <> 'a' OR is_value_inside THEN NULL
            WHEN COALESCE(direction_after, direction_before) = 'u' THEN raised
            WHEN COALESCE(direction_after, direction_before) = 'd' THEN lowered
        END AS directed_terms
    FROM directed
),

resolved AS (
    SELECT
        * EXCLUDE (mark, terms),
        COALESCE(directed_terms, terms) AS terms,
        CASE
            WHEN is_value_inside THEN 'm'
            WHEN mark = 'a' AND directed_terms IS NOT NULL THEN 'n'
            WHEN mark = 'a' AND (direction_after IS NOT NULL OR direction_before IS NOT NULL) THEN 'x'
            -- "Anemia, Hb 7.8": the value of what the text names.
            WHEN mark = 'a' AND COALESCE(LIST_HAS_ANY(related, terms_in_text), FALSE) THEN 'm'
            WHEN mark = 'a' THEN 'x'
            WHEN mark IN ('b', 'q') AND mark_before = 'a' THEN 'm'
            WHEN mark IN ('u', 'd') THEN 'e'
            ELSE mark
        END AS mark
    FROM meant
),

-- "HFS G2 diarrhea G1", "G2 HFS G1 diarrhea", "두통(-) 설사(+)", "HFS none / diarrhea G1".
headed AS (
    SELECT
        *,
        FIRST_VALUE(CASE WHEN mark IN ('n', 'g', 'N', 'B', 'D', 'Q', 'H', 'R', 'x') THEN mark END IGNORE NULLS) OVER (
            PARTITION BY raw_text, stretch ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
        ) AS head
    FROM resolved
),

split AS (
    SELECT
        *,
        is_separated
        OR (
            bracket_depth <= 0
            AND NOT is_silent
            AND (
                (head = 'n' AND mark = 'j' AND mark_before IN ('g', 's', 'Z', 'B'))
                OR (head = 'n' AND mark = 'j' AND mark_before = 'b' AND mark_after = 'n')
                OR (head = 'n' AND mark = 'n' AND mark_before IN ('g', 's', 'Z'))
                OR (head = 'g' AND mark = 'g' AND mark_before = 'n')
                OR (mark = 'n' AND mark_before = 'f')
                OR (mark = 'f' AND mark_before IN ('Z', 'g', 's'))
            )
        ) AS is_split
    FROM headed
)

SELECT
    raw_text,
    sentence,
    clause,
    CAST(
        SUM(CASE WHEN is_split THEN 1 ELSE 0 END) OVER (PARTITION BY raw_text ORDER BY place) AS INTEGER
    ) AS part,
    place,
    words,
    -- A join that begins a part joins nothing.
    CASE WHEN mark = 'j' AND is_split THEN 'p' ELSE mark END AS mark,
    bracket_depth,
    terms,
    is_respelled
FROM split
