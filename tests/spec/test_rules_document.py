"""The document of all cases has the cases that the tests execute."""

from spec.render import PATH, render_rules


def test_the_document_of_the_rules_is_current() -> None:
    assert PATH.read_text(encoding="utf-8") == render_rules(), "run `make docs`"
