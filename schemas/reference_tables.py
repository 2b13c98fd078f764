"""The tables of reference.*: one declaration for each file of schemas/reference, with the types of its columns.

A new file needs its entry here and no migration: `warehouse.reference.load` checks that its header is the one declared,
and the table is made again when either has changed.
"""

from functools import partial

from schemas.declared_table import Column, DeclaredTable

text = partial(Column, "VARCHAR")
small = partial(Column, "SMALLINT")
decimal = partial(Column, "DECIMAL(18,6)")
short_decimal = partial(Column, "DECIMAL(9,3)")

CODE = DeclaredTable(
    "The closed vocabularies of the canonical model.",
    {
        "code_list": text("Name of the code list (schemas/codelists/)."),
        "code": text("The code that is stored."),
        "label": text("Its meaning in English."),
        "label_ko": text("Its meaning in Korean."),
        "source": text("Where the code comes from."),
        "position": small("Order of display, from 1."),
    },
)
"""reference.code: the code lists of schemas/codelists, which share one table."""

REFERENCE_TABLES: dict[str, DeclaredTable] = {
    "analyte": DeclaredTable(
        "The laboratory catalogue.",
        {
            "analyte_code": text("The analyte (code list analyte)."),
            "loinc_code": text("Its LOINC code."),
            "unit": text("The common unit (UCUM)."),
            "plausible_from": decimal("Lowest plausible value, in the common unit."),
            "plausible_to": decimal("Highest plausible value, in the common unit."),
            "absurd_below": decimal("No patient can have less, in the common unit."),
            "absurd_above": decimal("No patient can have more, in the common unit."),
            "lower_limit_from": decimal("No laboratory's lower limit of normal is lower, in the common unit."),
            "lower_limit_to": decimal("No laboratory's lower limit of normal is higher, in the common unit."),
            "upper_limit_from": decimal("No laboratory's upper limit of normal is lower, in the common unit."),
            "upper_limit_to": decimal("No laboratory's upper limit of normal is higher, in the common unit."),
            "mistaken_for": text("The analyte whose numbers hospitals send under this one's name, where one is known."),
        },
    ),
    "unit_conversion": DeclaredTable(
        "Factors from reported units to common units.",
        {
            "analyte_code": text("The analyte."),
            "from_unit": text("Unit as reported (UCUM)."),
            "to_unit": text("The analyte's common unit (UCUM)."),
            "factor": Column("DECIMAL(18,9)", "What a reported number is multiplied by."),
            "source": text("Where the factor comes from."),
        },
    ),
    "ctcae_term": DeclaredTable(
        "The terms of CTCAE 4.03.",
        {
            "term": text("The CTCAE 4.03 term."),
            "meddra_llt_code": text("MedDRA 12.0 lowest-level term code of the term."),
            "soc": text("System organ class."),
            "grades": Column("SMALLINT[]", "The grades that the term has.", read="string_split(trim(grades), ' ')"),
        },
    ),
    "lab_term": DeclaredTable(
        "The terms of CTCAE 4.03 that are graded by laboratory values.",
        {
            "lab_term": text("The term together with what is measured for it."),
            "term": text("The CTCAE 4.03 term (reference.ctcae_term)."),
            "analyte_code": text("The analyte that it grades (code list analyte)."),
            "direction": text("Whether low or high values are graded."),
            "normal_limit": text("The limit of normal needed: lln, uln, uln_or_baseline, or none."),
            "source": text("Where the term comes from."),
        },
    ),
    "lab_criterion": DeclaredTable(
        "The laboratory criteria of CTCAE 4.03, one row per grade, kind of limit and unit.",
        {
            "lab_term": text("The term (reference.lab_term)."),
            "grade": small("The grade that it gives."),
            "basis": text(
                "What is compared: times_uln, times_lln, absolute, times_baseline, rise, times_cutoff or clinical."
            ),
            "comparator": text("How the value lies to the limit: >, >=, < or <=."),
            "limit_value": decimal("The multiple, the limit itself, or the rise."),
            "unit": text("Unit of an absolute limit or a rise (UCUM); empty for multiples."),
            "condition": text("What else must be known: fasting, anticoagulated, symptomatic ..."),
            "criterion": text("The criterion in words."),
            "source": text("Where the criterion comes from."),
        },
    ),
    "child_pugh_class": DeclaredTable(
        "The Child-Pugh class of the points.",
        {
            "points_from": small("The fewest points of the class."),
            "points_to": small("The most points of the class."),
            "class_code": text("The class (code list child_pugh_class)."),
            "source": text("Where the class comes from."),
        },
    ),
    "drug_kind": DeclaredTable(
        "The kinds of systemic drugs, which decide what may come before the study drug.",
        {
            "drug_code": text("The drug (code list systemic_drug)."),
            "kind": text("targeted, immune, chemotherapy, other, or unknown: it may be of any kind."),
            "source": text("Why the drug is of this kind."),
        },
    ),
    "cancer_site_kind": DeclaredTable(
        "Which other cancers the study excepts, by site.",
        {
            "cancer_site_code": text("The site (code list cancer_site)."),
            "kind": text("superficial: excepted; in_situ_excepted: excepted in situ; counted: not excepted."),
            "source": text("Why the site is of this kind."),
        },
    ),
    "lab_spelling": DeclaredTable(
        "How terms and analytes may also be written in a file for `hcc grade`; units are read by rule.",
        {
            "kind": text("term or analyte."),
            "spelling": text("Another spelling, in small letters."),
            "meaning": text("The lab_term or analyte code that it means."),
            "is_fasting": Column(
                "BOOLEAN", "What the spelling says of the specimen: taken fasting, or not; else empty."
            ),
        },
    ),
    "event_synonym": DeclaredTable(
        "How charts write the terms of CTCAE 4.03; a spelling of two terms stands for two events.",
        {
            "spelling": text("The words; case, spaces and punctuation do not matter."),
            "term": text("The CTCAE 4.03 term that they mean (reference.ctcae_term)."),
            "language": text("ko or en."),
            "source": text("Where the spelling comes from."),
            "reviewer": text("Who vouches for it."),
        },
    ),
    "event_word": DeclaredTable(
        "Words that deny, doubt or date back an event, say that there was nothing, or count grades.",
        {
            "kind": text("reading, nothing, counted, with site, or numeral."),
            "place": text(
                "Where it stands: before, after, ends (after, and a clause ends), anywhere, whole, term or grade."
            ),
            "word": text("The word in small letters; of counted and with site a CTCAE 4.03 term."),
            "meaning": text("event, negated, doubtful, history, disease, counted, asked, or the number."),
            "source": text("Where the word comes from."),
        },
    ),
    "event_remark": DeclaredTable(
        "What charts write next to an adverse event without naming one; words that are in no list are asked about.",
        {
            "kind": text(
                "raised, lowered, but, particle, join, all, severity, site, course, worse, present, treatment, disease, "
                "heading, past heading or nothing."
            ),
            "words": text("The words; case, spaces and punctuation do not matter."),
            "source": text("Where the words come from."),
            "reviewer": text("Who vouches for them."),
        },
    ),
    "event_analyte": DeclaredTable(
        "What charts call a laboratory result or a sign, and the terms that it means when it is raised or lowered.",
        {
            "spelling": text("The words; case, spaces and punctuation do not matter."),
            "direction": text("raised or lowered; empty when neither is a term."),
            "term": text("The CTCAE 4.03 term (reference.ctcae_term); empty when neither direction is one."),
            "source": text("Where the spelling comes from."),
            "reviewer": text("Who vouches for it."),
        },
    ),
    "event_category": DeclaredTable(
        "The groups of terms in which the study counts adverse events.",
        {
            "category": text("dermatologic, gastroenterologic, hypertension, liver or bleeding."),
            "term": text("The CTCAE 4.03 term (reference.ctcae_term)."),
            "counts_if": text("The study option, with its value, under which alone it belongs; else empty."),
            "source": text("Why it belongs to the group."),
        },
    ),
    "event_measure": DeclaredTable(
        "What is counted or measured for adverse events.",
        {
            "measure": text("What is measured."),
            "unit": text("Its unit (UCUM)."),
            "compared": text("value, yes_no (1 or 0), rise over baseline, or fall_percent of baseline."),
            "lowest": short_decimal("No patient has less."),
            "highest": short_decimal("No patient has more."),
            "source": text("Where the bounds come from."),
        },
    ),
    "event_criterion": DeclaredTable(
        "The criteria of CTCAE 4.03 that go by numbers, one row per term, measure and grade.",
        {
            "term": text("The CTCAE 4.03 term (reference.ctcae_term)."),
            "measure": text("What is measured (reference.event_measure)."),
            "grade": small("The grade that it gives."),
            "comparator": text("How the number lies to the limit: >=, > or <."),
            "limit_value": short_decimal("The limit."),
            "hours_above": short_decimal("It must also have lasted for more hours than this; else empty."),
            "with_measure": text("What must be so too, on the same occasion (reference.event_measure); else empty."),
            "with_comparator": text("How that number lies to its limit."),
            "with_limit": short_decimal("Its limit."),
            "absence": text(
                "What a number that meets no criterion says: alone or together with the others that there is no event, or never."
            ),
            "criterion": text("The criterion in words."),
            "source": text("Where the criterion comes from."),
        },
    ),
    "event_translation": DeclaredTable(
        "Which grades of other versions of CTCAE mean the same in 4.03; the most particular row counts.",
        {
            "version": text("The other version (code list ctcae_version)."),
            "term": text("The CTCAE 4.03 term; empty for all that have no row of their own."),
            "grade": small("The grade; empty for all that have no row of their own."),
            "is_same": Column("BOOLEAN", "Whoever has the grade in that version has the same one in 4.03."),
            "reason": text("Why, or why not."),
            "source": text("What was compared."),
        },
    ),
    "fit_kind": DeclaredTable(
        "The ways in which a study's models are fitted; names of their analyses begin with one of them.",
        {
            "fit_kind": text("The way, as in analysis.model_term.fitted_as."),
            "place": small("Place of its column next to the model as printed; empty where it stands elsewhere."),
            "label": text("What readers see."),
            "meaning": text("What is done."),
        },
    ),
    "study_option": DeclaredTable(
        "The study's numbers and choices; every report prints them.",
        {
            "name": text("Name of the option."),
            "value": text("Its value."),
            "unit": text("Unit of the value, or the choices that it can take."),
            "description": text("What the option decides."),
            "default_value": text("Its value in schemas/reference/study_option.csv.", read="value", in_file=False),
            "chosen_by": text(
                "Who chose another value with `hcc option`; empty for the default.", read="NULL", in_file=False
            ),
            "chosen_at": Column(
                "TIMESTAMP", "When it was chosen (UTC); empty for the default.", read="NULL", in_file=False
            ),
        },
    ),
}
"""By name of the file, which is the name of the table."""
