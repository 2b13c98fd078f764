"""The names of methods as a report prints them."""

METHODS = {
    "student_t": "Student's t test",
    "welch_t": "Welch's t test",
    "anova": "analysis of variance",
    "kruskal_wallis": "Kruskal-Wallis test",
    "fisher_exact": "Fisher's exact test",
    "pearson_chi_square": "Pearson's chi-square test without correction",
    "yates_chi_square": "chi-square test with Yates's correction",
    "log_rank": "log-rank test",
    "stratified_log_rank": "log-rank test, stratified by hospital",
    "gray": "Gray's test",
    "logistic": "logistic regression",
    "logistic_weighted": "logistic regression, weighted for censoring before the horizon",
    "cox_breslow": "Cox regression, ties by Breslow (as SPSS)",
    "cox_efron": "Cox regression, ties by Efron",
    "cox_exact": "Cox regression, exact ties",
    "firth": "Firth's penalised regression, limits by profile likelihood",
    "likelihood_ratio": "likelihood-ratio test",
    "penalised_likelihood_ratio": "penalised likelihood-ratio test",
    "wald": "Wald test",
    "cochran_q": "Cochran's Q",
    "conditional_rate_test": "exact test of two rates, given their sum",
    "conditional_rate_ratio": "exact limits of the ratio of two rates, given their sum",
    "poisson_rate": "exact Poisson limits",
    "hosmer_lemeshow": "Hosmer-Lemeshow test",
    "delong": "limits by DeLong",
    "harrell_c": "Harrell's concordance",
    "proportional_hazards_score": "score test of proportional hazards (Grambsch and Therneau)",
    "kaplan_meier": "Kaplan-Meier",
    "aalen_johansen": "Aalen-Johansen",
    "standardised_mean_difference": "difference of the means in pooled standard deviations",
    "standardised_level_difference": "distance of the shares (Yang and Dalton)",
}


def method_name(method: str) -> str:
    """The printed name of a method."""
    return METHODS.get(method, method.replace("_", " "))


def is_hazard(method: str) -> bool:
    """Whether the ratios of a method are hazard ratios."""
    return method.startswith("cox")
