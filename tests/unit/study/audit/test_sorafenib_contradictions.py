"""The published table of sorafenib: its twelve points of arithmetic come out of computation, each by its cells."""

import re
from pathlib import Path

import pytest

from etl.study.audit.audit import Audit, audit
from etl.study.audit.figure import Figure
from etl.study.audit.finding import CANNOT_BE_TESTED, Finding
from etl.study.audit.read_figures import read_figures

FILE = Path("studies/published/sorafenib.csv")
FITS_258 = (
    "sex, diabetes, aetiology, child_pugh, bclc, extrahepatic_metastasis, lymph_node, lung, portal_vein, concomitant, "
    "salvage, first_line, any_event, event_2_4, dermatologic_2_4, gastroenterologic_2_4"
)
LOGISTIC = "univariable.hazard_ratio"

POINTS: list[tuple[int, str, tuple[str, ...], str]] = [
    # point, kind, cells that the finding names, what its sentence says
    (1, "group_size", ("t1.survival_group.long_term.long_term.size", "t1.child_pugh.a.long_term.percent"), FITS_258),
    (1, "group_size", ("t1.survival_group.long_term.long_term.size",), "the groups sum to 1567, not 1566"),
    (1, "levels", ("t1.child_pugh.a.long_term.n", "t1.child_pugh.b.long_term.n"), "sum to 258, the group has 257"),
    (1, "levels", ("t1.bclc.b.long_term.n", "t1.bclc.c.long_term.n"), "sum to 258, the group has 257"),
    (1, "levels", ("t1.aetiology.hbv.long_term.n",), "sum to 258, the group has 257"),
    (1, "group_size", (f"t3.concomitant.yes.{LOGISTIC}", "t2.concomitant.yes.long_term.n"), "71 of 258 and 158 of 1309"),
    (1, "group_size", (f"t3.dermatologic_2_4.yes.{LOGISTIC}",), "73 of 258 and 234 of 1309"),
    (1, "group_size", (f"t3.diabetes.yes.{LOGISTIC}",), "40 of 258 and 148 of 1308"),
    (1, "counts", (f"t3.statin.yes.{LOGISTIC}",), "16 of 258 and 72 of 1309"),
    (1, "counts", (f"t3.metformin.yes.{LOGISTIC}",), "22 of 258 and 37 of 1308"),
    (2, "percentage", ("abstract.best_response.cr.total.percent",), "8 of 1566 is 0.51 %, printed is 0.4%"),
    (2, "percentage", ("results.best_response.cr.total.percent",), "8 of 1566 is 0.51 %, printed is 0.4%"),
    (2, "percentage", ("t2.best_response.cr.long_term.percent",), "8 of 258 is 3.10 %, printed is 3.5; 9 would give 3.5"),
    (3, "percentage", ("abstract.best_response.pr.total.percent",), "139 of 1566 is 8.88 %, printed is 8.8%"),
    (3, "percentage", ("results.best_response.pr.total.percent",), "147 of 1566 is 9.39 %, printed is 8.8%"),
    (3, "overall", ("results.best_response.pr.total.n", "t2.best_response.pr.long_term.n"), "139, printed is 147"),
    (3, "printed_twice", ("abstract.best_response.pr.total.n", "results.best_response.pr.total.n"), "139 (Abstract), 147"),
    (3, "combined", ("abstract.objective_response.yes.total.percent",), "147, 9.39 % of 1566, printed is 9.1%"),
    (3, "combined", ("conclusion.objective_response.yes.total.percent",), "which would be 142 to 143 patients"),
    (4, "part_above_whole", ("t1.lung.yes.short_term.n", "t1.extrahepatic_metastasis.yes.short_term.n"), "573 is more"),
    (4, "inverted", ("t3.extrahepatic_metastasis.yes.univariable.hazard_ratio",), "131 of 258 and 766 of 1309"),
    (5, "other_split", ("t3.afp_class.7-1000.univariable.hazard_ratio",), "<7 123/331, 7-1000 90/471"),
    (5, "other_split", ("t3.afp_class.1000-10000.univariable.high",), "1000-10000 31/265, >10000 14/242 (the only one"),
    (5, "other_split", ("t3.afp_class.gt10000.univariable.low",), "all ratios of the row follow"),
    (5, "part_as_whole", ("abstract.afp_class.gt1000.hazard_ratio",), "afp_class=1000-10000 alone"),
    (5, "part_as_whole", ("long-term-survivors.afp_class.gt1000.hazard_ratio",), "afp_class=1000-10000 alone"),
    (6, "overall", ("abstract.aetiology.hbv.total.percent", "t1.aetiology.hbv.long_term.n"), "79.25 % of 1566"),
    (6, "overall", ("abstract.bclc.c.total.percent", "t1.bclc.c.short_term.n"), "79.37 % of 1566"),
    (6, "swapped", ("t1.peritoneum.yes.short_term.n", "t1.peritoneum.yes.short_term.percent"), "reads as 99 (7.6)"),
    (7, "printed_twice", ("t2.sd_duration_months.long_term.mean",), "printed as 46.7"),
    (7, "printed_twice", ("t2.sd_duration_months.short_term.mean",), "printed as 14.5"),
    (7, "printed_twice", ("t2.sd_duration_months.long_term.mean",), "Nor can 46.7 be the median"),
    (7, "method_of_p", ("t2.pr_duration_months.p",), "is that of Welch's t-test"),
    (8, "ratio_interval", ("long-term-survivors.concomitant.yes.hazard_ratio",), "interval is that of 2.915"),
    (8, "printed_twice", ("abstract.concomitant.yes.hazard_ratio", "t3.concomitant.yes.multivariable.hazard_ratio"), "2.766"),
    (8, "hazard_or_odds", (f"t3.child_pugh.b.{LOGISTIC}", "abstract.metformin.yes.hazard_ratio"), "51 ratios"),
    (9, "p_of_means", ("t1.age.p",), "p = 0.163 does not follow"),
    (9, "p_of_interval", ("abstract.portal_vein.vp4.p",), "It is the p of the whole factor"),
    (9, "p_of_interval", ("long-term-survivors.portal_vein.vp4.p",), "It is the p of the whole factor"),
    (9, "p_of_interval", ("long-term-survivors.bmi_class.gt25.p",), "It is the p of the whole factor"),
    *[
        (9, "method_of_p", (f"t1.{row}.p",), "is that of Fisher's exact test, not of chi-square")
        for row in ("sex", "diabetes", "extrahepatic_metastasis", "lung", "bone", "adrenal", "peritoneum")
    ],
    *[
        (9, "method_of_p", (f"{cell}.p",), "is that of Pearson's chi-square:")
        for cell in (
            "t1.brain", "t2.first_line", "t4.any_event", "t4.event_2_4", "t4.event_3_4", "t4.gastroenterologic_2_4",
            "t4.hypertension_2_4",
        )
    ],
    (10, "overall", ("long-term-survivors.afp_class.gt1000.best_response-pr.percent",), "35.10 to 35.82"),
    (10, "spread", ("long-term-survivors.nodule_count.t6.p",), "2.45 against 3.83"),
    (11, "missing", ("t1.bmi_class.lt23.short_term.n",), "so 25 of 1309 have no value"),
    (11, "missing", ("t1.aetiology.hbv.short_term.n",), "so 7 of 1309 have no value"),
    (11, "missing", ("t1.ecog.0.long_term.n",), "(or 20 of 258, the size that fits most rows) have no value"),
    (11, "missing", ("t1.ecog.0.short_term.n",), "so 80 of 1309 have no value"),
    (11, "missing", ("t1.afp_class.lt7.short_term.n",), "so 9 of 1309 have no value"),
    (11, "missing", ("t2.afp_ratio.lt80.long_term.n",), "(or 9 of 258, the size that fits most rows) have no value"),
    (11, "missing", ("t2.afp_ratio.lt80.short_term.n",), "so 147 of 1309 have no value"),
    (12, "adjusted_for", ("discussion.metformin.yes.adjusted_for", "t3.diabetes.yes.univariable.hazard_ratio"), "diabetes"),
    (12, "label", ("t1.bmi_class.gt25.long_term.n", f"t3.bmi_class.gt25.{LOGISTIC}"), "> 25 (Table 1) and 25–30 (Table 3)"),
    (12, "names", ("abstract.dermatologic_2_4.yes.hazard_ratio",), "'hand-foot skin reaction'"),
]  # fmt: skip


@pytest.fixture(scope="module")
def figures() -> tuple[Figure, ...]:
    return read_figures(FILE)


@pytest.fixture(scope="module")
def found(figures: tuple[Figure, ...]) -> Audit:
    return audit(figures)


@pytest.mark.parametrize(("point", "kind", "cells", "says"), POINTS)
def test_a_point_comes_out_of_computation(
    point: int, kind: str, cells: tuple[str, ...], says: str, found: Audit
) -> None:
    matching = [
        each
        for each in found.contradictions + found.notes
        if each.kind == kind and set(cells) <= set(each.figure_ids) and says in each.sentence
    ]
    assert matching != []


def test_all_twelve_points_are_listed() -> None:
    assert {point for point, *_ in POINTS} == set(range(1, 13))


def test_every_contradiction_belongs_to_a_point(found: Audit) -> None:
    """Beyond the points: more ratios of 258, repeats of 4 and 6 and of the response, nodules of the concomitant groups."""
    beyond = [each for each in found.contradictions if not _is_listed(each)]
    assert {(each.kind, re.split(r"[,:]", each.sentence)[0]) for each in beyond} == {
        ("group_size", "Table 3"),
        ("part_above_whole", "Table 1"),
        ("overall", "Results"),
        ("overall", "nodule_count "),
        ("combined", "Discussion"),
        ("combined", "Highlights"),
    }


def test_the_age_p_is_the_interval_of_the_reviewers(found: Audit) -> None:
    (age,) = [each for each in found.contradictions if each.kind == "p_of_means"]
    low, high = (float(number) for number in re.findall(r"Student's t-test (\S+) to (\S+);", age.computed)[0])
    assert 0.309 < low < 0.311
    assert 0.323 < high < 0.326
    assert low < 0.319 < high


def test_no_mean_of_the_paper_is_testable_by_grim(found: Audit) -> None:
    verdicts = {each.figure_ids[0]: each.verdict for each in found.notes if each.kind == "grim"}
    assert verdicts["t1.age.long_term.mean"] == CANNOT_BE_TESTED
    assert verdicts["t1.nodule_count.long_term.mean"] == CANNOT_BE_TESTED
    assert set(verdicts.values()) == {CANNOT_BE_TESTED, "not applicable"}


def test_every_figure_has_a_place_a_key_and_a_value(figures: tuple[Figure, ...]) -> None:
    assert len(figures) == 545
    assert [each.figure_id for each in figures if not (each.place and each.analysis_id and each.variable)] == []
    assert [each.figure_id for each in figures if not each.operation and each.statistic != "adjusted_for"] == []
    assert [each.figure_id for each in figures if each.value is None] == ["discussion.metformin.yes.adjusted_for"]


def _is_listed(each: Finding) -> bool:
    return any(
        each.kind == kind and set(cells) <= set(each.figure_ids) and says in each.sentence
        for _, kind, cells, says in POINTS
    )
