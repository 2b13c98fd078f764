"""The canonical table adverse_event."""

from schemas.canonical_table import CanonicalTable, about
from schemas.columns import Boolean, Date, SmallInteger, Text, column, date, patient_id, precision, sequence_number


class AdverseEvent(CanonicalTable):
    """One adverse event."""

    patient_id: Text = patient_id()
    verbatim_text: Text = column("Verbatim text", "The event in the hospital's words.", expected_percent=95)
    ctcae_term: Text = column("CTCAE term", "The CTCAE term as the hospital coded it.")
    reported_grade: SmallInteger = column(
        "Grade, reported",
        "Grade as the hospital reports it, in the version of CTCAE that it names.",
        ge=1,
        le=5,
        expected_percent=80,
    )
    ctcae_version: Text = column("CTCAE version", "The version by which the hospital graded.", codes="ctcae_version")
    onset_on: Date = date("Onset", "First day of the event.", expected_percent=85)
    onset_on_precision: Text = precision("the onset")
    ended_on: Date = date("End", "Last day of the event; empty while it goes on.")
    ended_on_precision: Text = precision("the end")
    is_serious: Boolean = column("Serious", "The event met a criterion of seriousness.")
    outcome_code: Text = column("Outcome", "How the event ended.", codes="event_outcome")
    is_present_before: Boolean = column("Present before", "The event was there before treatment began.")
    action_code: Text = column("Action on the drug", "What was done with the study drug.", codes="drug_action")
    relation_code: Text = column(
        "Relation", "Relation to the study drug in the reporter's judgement.", codes="relation"
    )
    sequence_number: Text = sequence_number()

    class Config:
        """What one row is, what distinguishes two rows, whose child the table is, what it measures and when."""

        metadata = about(
            grain="one adverse event",
            key=(
                "patient_id",
                "verbatim_text",
                "ctcae_term",
                "onset_on",
                "ended_on",
                "reported_grade",
                "ctcae_version",
                "is_serious",
                "sequence_number",
            ),
            parent="patient",
            day="onset_on",
            periods=(("onset_on", "ended_on"),),
            measures=(),
            harmonised=None,
        )
