"""How an expectation ends: it holds, it does not hold, or it had nothing to judge; the words in one place."""

HOLDS = "holds"
FAILS = "does not hold"
NOTHING_TO_JUDGE = "nothing to judge"

JUDGEMENT = (
    f"CASE WHEN NOT is_success THEN '{FAILS}' WHEN element_count > 0 THEN '{HOLDS}' ELSE '{NOTHING_TO_JUDGE}' END"
)
"""The same in SQL, of a row of quality.expectation_result."""
