"""What each clinical question says, and what the hospital can do about it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """One kind of question; `reported` and `derived` head its two columns."""

    says: str
    advice: str
    reported: str = "Reported"
    derived: str = "Derived"


WORDS: dict[str, Words] = {
    # clinical.response_question
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
}


def words_of(question: str) -> Words:
    """Tell the words of a question; a code without words is shown as it is."""
    return WORDS.get(question) or Words(question.replace("_", " "), "")
