"""What each clinical question says, and what the hospital can do about it."""

from dataclasses import dataclass
from functools import cache

from schemas.code_list import read_code_list


@dataclass(frozen=True)
class Words:
    """One kind of question; `reported` and `derived` head its two columns."""

    says: str
    advice: str
    reported: str = "Reported"
    derived: str = "Derived"


_RESPONSE = {
    "physician_against_lesions": Words(
        "the physician's response is not the one that the lesions give",
        "Look at the scan again: correct the response, or the lesions' sizes.",
        "Physician",
        "Lesions",
    ),
    "radiologist_against_lesions": Words(
        "the radiologist's response is not the one that the lesions give",
        "Look at the scan again: correct the response, or the lesions' sizes.",
        "Radiologist",
        "Lesions",
    ),
    "physician_against_radiologist": Words(
        "the physician and the radiologist read the scan differently",
        "Settle it between them, or confirm that both readings stand.",
        "Physician",
        "Radiologist",
    ),
    "new_lesion_not_followed": Words(
        "a new lesion is reported, and those described at the visit are by rule no progression",
        "Describe the lesion that is meant, correct its size or pattern, or withdraw the new lesion.",
        "Reported",
        "Described",
    ),
    "new_node_followed": Words(
        "a new lymph node is enlarged, and too small to be taken for malignant",
        "Measure its short axis again at the next scan, or say whether it is malignant.",
        "New node",
        "By the rule",
    ),
    "target_not_measurable": Words(
        "a lesion chosen as a target has no size, is too small, or is of a kind that mRECIST does not measure",
        "Give its size, correct its organ or pattern, or confirm that it stays a target.",
        "Chosen",
        "By the rule",
    ),
    "too_many_targets_in_organ": Words(
        "more target lesions were chosen in one organ than mRECIST allows",
        "Say which of them are the targets, or confirm that all are.",
        "Chosen",
        "At most",
    ),
    "too_many_targets": Words(
        "more target lesions were chosen in all than mRECIST allows",
        "Say which of them are the targets, or confirm that all are.",
        "Chosen",
        "At most",
    ),
    "response_before_treatment": Words(
        "a response is reported of imaging up to the day on which treatment began",
        "Correct the date of the imaging or of the first dose, or take the response away.",
        "Response",
        "First dose",
    ),
}

_LABORATORY = {
    "limits_of_another_unit": Words(
        "the limits of normal are none that a laboratory has for this test in this unit",
        "Say in which unit the results are, and what was measured; values that would fit the other unit are not used until then.",
        "Results",
        "Perhaps",
    ),
    "values_of_another_test": Words(
        "the numbers of this test are those of another",
        "Say what was measured; seconds cannot be converted into the INR without the reagent's ISI and normal time. "
        "The values are not used until then.",
        "Results",
        "Perhaps",
    ),
    "values_impossible": Words(
        "the numbers are none that a patient can have in this unit",
        "Correct the values or the unit; they are not used until then.",
        "Results",
        "Perhaps",
    ),
    "limits_swapped": Words(
        "the lower limit of normal lies above the upper one",
        "Exchange the limits, or send those that hold; until then they count as missing.",
        "Results",
        "Perhaps",
    ),
    "limits_not_positive": Words(
        "the limits of normal are negative, or the upper one is 0",
        "Send the limits that hold; until then they count as missing.",
        "Results",
        "Perhaps",
    ),
    "direct_above_total": Words(
        "direct bilirubin lies above the total of the same day",
        "Correct one of the two, or say that the columns are exchanged; both are used as they stand.",
        "Direct",
        "Total",
    ),
    "two_values_only": Words(
        "a test has two numbers in all, as a code has",
        "Say what the numbers mean, if they are no measurements; they are used as they stand.",
        "Results",
        "Perhaps",
    ),
    "file_off_by_factor": Words(
        "the results of one file lie apart from those of the others by the step of a unit",
        "Say whether the file has another unit; its numbers are used as they stand.",
        "This file",
        "The others",
    ),
}

_SCORES = {
    "bclc_differs": Words(
        "the reported BCLC stage is not the one that follows from tumour, liver function and performance status",
        "Correct the stage or what it rests on; the reported one decides.",
    ),
    "child_pugh_class_differs": Words(
        "the reported Child-Pugh class is not the one that follows from its components",
        "Correct the class or the components; the reported one decides.",
    ),
    "child_pugh_points_differ": Words(
        "the reported Child-Pugh points are not those that follow from its components",
        "Correct the points or the components.",
    ),
    "child_pugh_class_not_of_points": Words(
        "the reported Child-Pugh class is not that of the reported points",
        "Correct the class or the points.",
    ),
}

_ABOUT_EVENTS = {
    "unlisted": "Name the event by a term of CTCAE 4.03, or add the words to the list of spellings.",
    "text_missing": "Say what happened.",
    "term_unlisted": "Name the event by a term of CTCAE 4.03.",
    "term_differs": "Correct the words or the term.",
    "grade_missing": "Add the grade.",
    "grade_not_in_term": "Correct the grade or the term.",
    "grade_out_of_range": "Correct the grade.",
    "grade_is_range": "Say which of the grades was the worst.",
    "grade_of_several": "Give each event its own grade.",
    "grades_differ": "Correct the words or the grade.",
    "version_differs": "Grade the event by CTCAE 4.03.",
    "version_missing": "Say by which version the event was graded.",
    "numbers_differ": "Correct the number or the grade.",
    "onset_missing": "Add the day on which it began.",
}
"""What to do about an event; what it says stands in the code list event_reason."""


def words_of(question: str) -> Words:
    """Return the words of a question; a code without words is shown as it is."""
    return all_words().get(question) or Words(question.replace("_", " "), "")


@cache
def all_words() -> dict[str, Words]:
    """Collect the words of every question."""
    about_events = {
        entry.code: Words(
            entry.label[0].lower() + entry.label[1:],
            _ABOUT_EVENTS.get(entry.code, "Correct the record, or confirm that it stands."),
        )
        for entry in read_code_list("event_reason").entries
    }
    return about_events | _RESPONSE | _SCORES | _LABORATORY
