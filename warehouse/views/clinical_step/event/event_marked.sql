-- Each text of an adverse event with marks for what is written by rule and not by list: grades, counts, measures,
-- dates, signs, numbering. A mark stands between ⟨ and ⟩: ⟨g2⟩, ⟨g2-3⟩, ⟨g2/3⟩ a grade, ⟨b2-1⟩ two bare numbers
-- that may be a course of grades, ⟨m⟩ a measure, date, dose, score or another scale, ⟨s-/+⟩ signs, ⟨;⟩ the end of a
-- sentence, a line or an item of a list, ⟨?⟩ what must be asked.
-- @raw_text: The text as reported.
-- @plain_text: As clinical_step.event_plain has it.
-- @marked_text: With marks.
WITH plain AS (
    SELECT
        raw_text,
        plain_text,
        ' ' || plain_text || ' ' AS padded
    FROM clinical_step.event_plain
    WHERE is_text
),

-- What a grade could be mistaken in: versions, the grades of other scales, letters that stand for names.
scaled AS (
    SELECT
        raw_text,
        plain_text,
        REGEXP_REPLACE(padded, '\s*\n\s*', ' ⟨;⟩ ', 'g') AS of_lines,
        REGEXP_REPLACE(of_lines, '\bd\s*/\s*t\b', 'due to', 'g') AS with_cause,
        REGEXP_REPLACE(with_cause, '\bn\s*[/&]\s*v\b', 'nausea/vomiting', 'g') AS with_nausea,
        REGEXP_REPLACE(with_nausea, '\b(vomiting|nausea)\s*/\s*d\b', '\1/diarrhea', 'g') AS with_diarrhea,
        REGEXP_REPLACE(with_diarrhea, '\bdiarrhea\s*/\s*c\b', 'diarrhea/constipation', 'g') AS with_constipation,
        REGEXP_REPLACE(with_constipation, '\bf\s*/\s*c\b', 'fever/chills', 'g') AS with_letters,
        REGEXP_REPLACE(
            with_letters,
            '\b(?:nci[ -]*)?(?:ctcae|ctc)\b'
            || '(?:[ ,]*(?:(?:version|ver|v)[. ]*[2-5](?:[.]0[0-9]?)?|[2-5][.]0[0-9]?))?[ ,:]*',
            ' ', 'g'
        ) AS without_version,
        REGEXP_REPLACE(
            without_version,
            '\b(?:west[ -]*haven|kdigo|rifle|akin|los angeles|la|ecog|nyha|ccs|forrest|child(?:[ -]*pugh)?|ctp|cpc|bclc'
            || '|meld|albi|mrc|motor|power|nrs|vas|nprs|gcs|kps|karnofsky|apache|sofa|rucam|mmse|ps|who|wagner|sarin'
            || '|baveno|bristol)\b'
            || '[ -]*(?:criteria|classification|score|scale|class|stage|grade|gr|g|type|ps)?[ .:=-]*'
            || '(?:[0-9]+(?:[.][0-9]+)?(?:[-~/][0-9]+)?|iii|ii|iv|i|v|[a-d][0-9]{0,2})\b'
            || '(?:\s*/\s*(?:grade|gr|g)?[0-9]+)?',
            ' ⟨m⟩ ', 'g'
        ) AS of_other_scales,
        REGEXP_REPLACE(of_other_scales, '\bstage[ .:]*(?:[0-9]|iii|ii|iv|i|v)[a-c]?\b', ' ⟨m⟩ ', 'g') AS scaled_text
    FROM plain
),

-- "G2", "Gr II", "grade 2-3", "2도". A single letter i needs a space: GI is no grade, nor are 38.5도.
graded AS (
    SELECT
        raw_text,
        plain_text,
        REGEXP_REPLACE(
            scaled_text,
            '(?:\b(?:grade|grad|gr)[ .:=-]*(?:([0-9]+(?:[.][0-9]+)?)|(iii|ii|iv|i|v|one|two|three|four|five)\b)'
            || '|\bg(?:[ .:=-]*([0-9]+(?:[.][0-9]+)?)|[ .:=-]*(iii|ii|iv)\b|[ :=]+(i|v)\b))'
            || '(?:\s*([-~/→]|to\b|or\b)\s*(?:grade|gr|g)?[ .]*([0-9]\b|(?:iii|ii|iv|i|v)\b))?',
            ' ⟨g\1\2\3\4\5\6\7⟩ ', 'g'
        ) AS of_marks,
        REGEXP_REPLACE(
            of_marks,
            '(^|[^0-9.a-z/-])([1-5]|iii|ii|iv|i|v)(?:\s*[-~]\s*([1-5]|iii|ii|iv|i|v))?\s*(?:도|등급|단계|급)'
            || '(로|으로|의|에서|에|였|이었|이|까지|정도|[^\p{Hangul}]|$)',
            '\1 ⟨g\2-\3⟩ \4', 'g'
        ) AS of_degrees,
        -- A range that a unit follows is no range of grades: it stays without a meaning, and is asked.
        REGEXP_REPLACE(
            of_degrees,
            '⟨g[0-9iv]+(?:[-~/→]|to|or)[0-9]⟩\s*(일|회|번|주|개월|kg|%|days?\b|weeks?\b|times\b|hours?\b)',
            ' ⟨?⟩ \1', 'g'
        ) AS ungraded_ranges,
        REGEXP_REPLACE(ungraded_ranges, '-⟩', '⟩', 'g') AS single_grades,
        REGEXP_REPLACE(single_grades, '[<>≤≥]\s*⟨g', ' ⟨?⟩ ⟨g', 'g') AS graded_text
    FROM scaled
),

signed AS (
    SELECT
        raw_text,
        plain_text,
        REGEXP_REPLACE(graded_text, '\b0(?:\s*/\s*0)+\b', '(-/-)', 'g') AS with_zeros,
        REGEXP_REPLACE(
            with_zeros, '[(\[]\s*([-+±?]+(?:\s*[/,]\s*[-+±?]+)*)\s*[)\]]', ' ⟨s\1⟩ ', 'g'
        ) AS in_brackets,
        REGEXP_REPLACE(in_brackets, '[(\[]\s*([-+±]+)\s*,', ' ⟨s\1⟩ (', 'g') AS with_remark,
        REGEXP_REPLACE(with_remark, '\s([-+±]+(?:\s*/\s*[-+±]+)+)(\s|,|;)', ' ⟨s\1⟩ \2', 'g') AS in_row,
        REGEXP_REPLACE(in_row, '([^⟨]\p{L}|[\s⟩])([+]+|±)\s*(,|;|/|⟨;|$)', '\1 ⟨s\2⟩ \3', 'g') AS with_plus,
        REGEXP_REPLACE(with_plus, '\s(-+)\s*(,|;|/|⟨;|$)', ' ⟨s\1⟩ \2', 'g') AS with_minus,
        -- "cough+ sputum- dyspnea-"
        REGEXP_REPLACE(with_minus, '([^⟨s]\p{L}|[^⟨]s)([-+]+)(\s|,|;|$)', '\1 ⟨s\2⟩ \3', 'g') AS with_glued,
        REGEXP_REPLACE(with_glued, '([^⟨s]|[^⟨]s)[?]+', '\1 ⟨s?⟩ ', 'g') AS signed_text
    FROM graded
),

-- Numbers that a unit, a word or their form makes counts, sizes, doses, days or scores: never a grade.
measured AS (
    SELECT
        raw_text,
        plain_text,
        REGEXP_REPLACE(
            signed_text,
            '''?\b(?:19|20)[0-9]{2}\s*(?:[-./]|년)\s*[0-9]{1,2}(?:\s*(?:[-./]|월)\s*[0-9]{1,2}|\s*월)?'
            || '(?:\s*일)?(?:부터|까지|에|경)?',
            ' ⟨m⟩ ', 'g'
        ) AS of_dates,
        REGEXP_REPLACE(
            of_dates, '[0-9]{1,2}\s*월(?:\s*[0-9]{1,2}\s*일)?(?:부터|까지|에|경|초|말)?', ' ⟨m⟩ ', 'g'
        ) AS of_months,
        REGEXP_REPLACE(
            of_months,
            '\bc[0-9]{1,2}\s*d[0-9]{1,2}\b|\bc[0-9]{1,2}\b|#\s*[0-9]+\s*(?:cycles?\b|cy\b|차)'
            || '|\b(?:cycle|visit)\s*#?[0-9]+\b|\bd[0-9]{2,3}\b|\bv[0-9]{1,2}\s*[:.]',
            ' ⟨m⟩ ', 'g'
        ) AS of_cycles,
        REGEXP_REPLACE(
            of_cycles, '^(\s*)d[0-9]\b|((?:^|[,;⟩(]|\bon|\bsince|\bfrom)\s*)(?:week|day)\s*#?[0-9]+\b',
            '\1\2 ⟨m⟩ ', 'g'
        ) AS of_first_days,
        REGEXP_REPLACE(
            of_first_days, '[+-]?\b[0-9]+(?:[.][0-9]+)?(?:\s*/\s*[0-9]+(?:[.][0-9]+)?)+', ' ⟨m⟩ ', 'g'
        ) AS of_ratios,
        -- No stool at all is no diarrhea.
        REGEXP_REPLACE(
            of_ratios, '(^|[^0-9.])0\s*(?:회|번|차례|times?\b|x\b|/\s*(?:day|일|d\b))', '\1 ⟨?⟩ ', 'g'
        ) AS without_zeros,
        -- The units; what may follow them is part of the measure.
        REGEXP_REPLACE(
            without_zeros,
            '(?:약\s*|\bx\s*|[<>≤≥=]\s*)?(?:\b[0-9]+(?:[.,][0-9]+)?|⟨m⟩)'
            || '(?:\s*(?:[-~→]|에서|to\b)\s*[0-9]+(?:[.,][0-9]+)?)?\s*'
            || '(?:%|°\s*c?\b|x?10\^3/?u?l?|/\s*u?l\b|/\s*mm3|/\s*hpf|mg/dl|g/dl|mmol/l|meq/l|iu/l|u/l|ng/ml|ng/dl'
            || '|uiu/ml|mmhg|mg|kg|mcg|ug|ml|cc|cm|mm|msec|ms|bpm|k\b|kcal'
            || '|시간|분간|분|일|주일|주기|주|개월|달|년|회|번|차례|차|개|군데|배|끼|살|세|알|정도|정|팩|만|천|점'
            || '|hours?\b|hrs?\b|days?\b|weeks?\b|wks?\b|months?\b|mos?\b|years?\b|yrs?\b|times?\b|cycles?\b'
            || '|episodes?\b|ea\b|tabs?\b|caps?\b|pints?\b|packs?\b|units?\b|points?\b|meq\b|x\b|d\b|l\b|t\b|u\b'
            || '|(?:a|per)\s+(?:day|week|month)\b'
            || '|/\s*(?:일|주|개월|회|days?\b|d\b|weeks?\b|wk\b|months?\b|mo\b))'
            || '(?:\s*/\s*(?:일|주|개월|회|day\b|d\b|weeks?\b|wk\b|months?\b|mo\b|hr\b|h\b|min\b|24hr\b|24h\b|kg\b'
            || '|cycle\b|yr\b)'
            || '|\s*(?:qd|bid|tid|qid|daily|prn|qod)\b|\s*(?:a|per)\s+(?:day|week|month|cycle)\b)?'
            || '(?:간|째|동안|가량|정도|쯤|씩|내외|넘게|까지|만에|부터|마다|이상|이하|차|분|반|내'
            || '|\s+(?:이상|이하|정도|가량|동안))*',
            ' ⟨m⟩ ', 'g'
        ) AS of_units,
        REGEXP_REPLACE(
            of_units, '\b[3-4][0-9](?:[.][0-9]+)?\s*(?:''\s*c?|c)(\s|[^a-z])', ' ⟨m⟩ \1', 'g'
        ) AS of_degrees,
        REGEXP_REPLACE(
            of_degrees, '\bx\s*[0-9]+(?:\s*[-~]\s*[0-9]+)?\b|\b3[5-9][.][0-9]\b|\b4[0-2][.][0-9]\b', ' ⟨m⟩ ', 'g'
        ) AS of_temperatures_alone,
        REGEXP_REPLACE(of_temperatures_alone, '\b(?:for|over|x)\s*⟨m⟩', ' ⟨m⟩ ', 'g') AS of_counts,
        REGEXP_REPLACE(
            of_counts,
            '(^|[^0-9.])(?:[6-9]|[0-9]{2,}|[0-9]+[.][0-9]+)\s*도(\s|[^\p{Hangul}]|씨|까지|이상|의|로|$)',
            '\1 ⟨m⟩ \2', 'g'
        ) AS of_temperatures,
        REGEXP_REPLACE(of_temperatures, '\b[1-4]\s*[+](\s|[^0-9])', ' ⟨m⟩ \1', 'g') AS of_dipsticks,
        REGEXP_REPLACE(of_dipsticks, '[<>≤≥]\s*[0-9]+(?:[.][0-9]+)?', ' ⟨m⟩ ', 'g') AS measured_text
    FROM signed
),

-- Balanced brackets hold remarks; a bracket without its other half ends a number.
listed AS (
    SELECT
        raw_text,
        plain_text,
        REGEXP_REPLACE(measured_text, '[(\[]([^()\[\]]*)[)\]]', ' ⦅\1⦆ ', 'g') AS of_brackets,
        REGEXP_REPLACE(of_brackets, '[(\[]([^()\[\]]*)[)\]]', ' ⦅\1⦆ ', 'g') AS of_nested_brackets,
        REGEXP_REPLACE(
            of_nested_brackets,
            '(^|⟨;⟩)\s*(?:[-*•■●○◦※▪□]+|[0-9]{1,2}\s*[.)]|⦅\s*[0-9]{1,2}\s*⦆)\s*(\D)', '\1 ⟨;⟩ \2', 'g'
        ) AS of_lines,
        -- Numbering within a line begins with 1.
        CASE
            WHEN REGEXP_MATCHES(of_nested_brackets, '(?:^\s*|[⟩:;]\s*)1\s*[.)]\s*\D|\s1[)]\s*\D|⦅\s*1\s*⦆\s*\D')
                THEN
                    REGEXP_REPLACE(
                        of_lines, '([\s:;])(?:[0-9]{1,2}\s*[.)]|⦅\s*[0-9]{1,2}\s*⦆)\s*([^0-9\s])', '\1 ⟨;⟩ \2', 'g'
                    )
            ELSE of_lines
        END AS of_numbers,
        REGEXP_REPLACE(of_numbers, '[①-⑳]|#\s*[0-9]*\s*[.)]?', ' ⟨;⟩ ', 'g') AS of_signs,
        REGEXP_REPLACE(
            of_signs, '(^|[^0-9.⟨a-z-])([0-5]|iii|ii|iv|i|v)\s*[-~→]\s*([0-5]|iii|ii|iv|i|v)(\s|[^0-9.a-z])',
            '\1 ⟨b\2-\3⟩ \4', 'g'
        ) AS listed_text
    FROM measured
),

-- A full stop ends a sentence; behind a shortened word, and inside one, it ends nothing.
sentenced AS (
    SELECT
        raw_text,
        plain_text,
        REGEXP_REPLACE(
            listed_text,
            '\b(abd|pl|wt|bwt|gen|gr|t|d|s|r|l|rt|lt|susp|prob|esp|inc|dec|elev|epi|post|br|bilat|hx|approx|resp|inj'
            || '|tab|cap|ca|neg|pos|temp|dist|ext|periph|max|meta|diff|pul|hepat|int|mod|sev|b|p|o|i|v|c|n|e|u)[.]\s*',
            '\1 ', 'g'
        ) AS of_short_words,
        REGEXP_REPLACE(of_short_words, '([a-z])[.]([a-z])', '\1 \2', 'g') AS of_inner_stops,
        REGEXP_REPLACE(of_inner_stops, '([^0-9])[.]+|[.]+(\s)', '\1 ⟨;⟩ \2', 'g') AS with_sentences,
        -- A hyphen between words is a space, and behind a grade or Hangul a comma.
        REGEXP_REPLACE(with_sentences, '([⟩\p{Hangul}])\s+-+\s', '\1 , ', 'g') AS with_dashes,
        REGEXP_REPLACE(with_dashes, '([^⟨s0-9/+±-])-+([^0-9/+±⟩-])', '\1 \2', 'g') AS sentenced_text
    FROM listed
)

SELECT
    raw_text,
    plain_text,
    sentenced_text AS marked_text
FROM sentenced
