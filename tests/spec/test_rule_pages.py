"""The pages of the rules are current, and say nothing that no reference row, no option and no executed case says."""

import math
import re

import pytest
from spec.render import render_rules
from spec.rule_page import (
    CASE,
    CELL,
    DOMAINS,
    FOLDER,
    OPTION,
    REFERENCE,
    find_case,
    find_cell,
    named_options,
    option,
    read_template,
    referred_cases,
    render_page,
    spec_tables,
)
from support.csv_rows import read_csv_rows

NAMES = re.compile(
    r"CTCAE 4\.03|[Vv]ersions? [\d.]+(?: and [\d.]+)?|RECIST 1\.1|Vp\d|BCLC 0|\*\*BCLC 0\*\*|4\.03|Table \d"
)
"""Names that hold a digit and state no number."""
SURE = re.compile(r"\*[^*]*\b(printed|read so|chosen)\b[^*]*\*")
"""The source of a rule and how sure it is, at the end of a sentence."""


def items(domain: str) -> list[str]:
    """The rules of a page, each on one line."""
    rules = read_template(domain).partition("\n## Rules\n")[2].partition("\n## ")[0]
    return [" ".join(item.split()) for item in re.split(r"^- ", rules, flags=re.MULTILINE)[1:]]


ITEMS = [(domain, item) for domain in DOMAINS for item in items(domain)]


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_page_is_current(domain: str) -> None:
    assert (FOLDER / f"{domain}.md").read_text(encoding="utf-8") == render_page(domain), "run `make docs`"


@pytest.mark.parametrize(("domain", "item"), ITEMS, ids=[f"{domain}-{item[:40]}" for domain, item in ITEMS])
def test_a_rule_has_its_case_and_how_sure_it_is(domain: str, item: str) -> None:
    assert CASE.search(item), "no executed case"
    assert SURE.search(item), "no source with `printed`, `read so` or `chosen`"


@pytest.mark.parametrize(("domain", "item"), ITEMS, ids=[f"{domain}-{item[:40]}" for domain, item in ITEMS])
def test_a_number_is_that_of_a_case(domain: str, item: str) -> None:
    """A number that no mark writes stands in a case that the rule links to."""
    cases = " ".join(find_case(*mark).line for mark in CASE.findall(item))
    text = item
    for mark in (CASE, CELL, OPTION, re.compile(r"`[^`]*`"), NAMES):
        text = mark.sub(" ", text)
    told = re.findall(r"(?<![\w.])-?\d+(?:\.\d+)?", text)
    known = re.findall(r"\d+(?:\.\d+)?", cases)
    assert [number for number in told if number.lstrip("-") not in known] == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_page_has_its_parts(domain: str) -> None:
    text = render_page(domain)
    headings = re.findall(r"^## (.*)$", text, flags=re.MULTILINE)
    assert headings[0] == "Rules"
    assert headings[-3:] == ["Sources, and how sure they are", "Not covered", "Options named here"]
    assert "{" not in text


def test_the_pages_name_every_option() -> None:
    named = {name for domain in DOMAINS for name in named_options(read_template(domain))}
    assert named == {row["name"] for row in read_csv_rows(REFERENCE / "study_option.csv")}


def test_every_case_that_a_page_links_has_its_anchor_once() -> None:
    appendix = render_rules()
    linked = {anchor for domain in DOMAINS for anchor in re.findall(r"\(cases\.md#([\w-]+)\)", render_page(domain))}
    assert len(linked) > 150
    assert {anchor: appendix.count(f'<a id="{anchor}"></a>') for anchor in linked} == dict.fromkeys(linked, 1)
    assert {row.anchor for row in referred_cases().values()} == linked


def test_an_anchor_stands_in_the_row_of_its_case() -> None:
    appendix = {
        mark[1]: " ".join(re.sub(r'<a id="[^"]*"></a>', "", line).split())
        for line in render_rules().splitlines()
        if (mark := re.search(r'<a id="([^"]*)"></a>', line))
    }
    assert appendix == {row.anchor: row.line for row in referred_cases().values()}


def test_the_formula_of_albi_gives_the_scores_of_its_cases() -> None:
    formula = re.search(r"`([\d.]+) x log10\(bilirubin in umol/L\) - ([\d.]+) x albumin in g/L`", render_page("scores"))
    assert formula
    cases = next(table for table in spec_tables() if table.title == "ALBI").cases
    in_si = [case for case in cases if "umol/L" in case["bilirubin"] and "g/L" in case["albumin"] and case["score"]]
    assert in_si
    for case in in_si:
        bilirubin, albumin = (float(case[name].split()[0]) for name in ("bilirubin", "albumin"))
        score = float(formula[1]) * math.log10(bilirubin) - float(formula[2]) * albumin
        assert abs(score - float(case["score"])) <= 0.0005


WRONG = [
    # a mark that leads nowhere
    lambda: option("no_such_option"),
    lambda: find_cell("lab_criterion", "lab_term=alt_increased", "limit_value"),
    lambda: find_cell("lab_criterion", "lab_term=no_such_term", "limit_value"),
    lambda: find_case("Imaging", "-61 ct abdomen perhaps"),
    lambda: find_case("Best overall response", "56 PR"),
    lambda: find_case("No such table", ""),
]


@pytest.mark.parametrize("lead", WRONG)
def test_a_mark_that_leads_nowhere_is_refused(lead: object) -> None:
    with pytest.raises(LookupError):
        lead()  # type: ignore[operator]
