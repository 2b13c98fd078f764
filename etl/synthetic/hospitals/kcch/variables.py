"""The variables of KCCH's domains with their labels, after SDTM; a name stands for the same thing in every domain."""

from etl.synthetic.writers.variables import Dictionary, Variable

_TEXTS = {
    "STUDYID": "Study Identifier", "DOMAIN": "Domain Abbreviation", "USUBJID": "Unique Subject Identifier",
    "SUBJID": "Subject Identifier for the Study", "SITEID": "Study Site Identifier", "INVNAM": "Investigator Name",
    "RFXSTDTC": "Date/Time of First Study Treatment", "RFXENDTC": "Date/Time of Last Study Treatment",
    "BRTHDTC": "Date/Time of Birth", "SEX": "Sex", "COUNTRY": "Country",
    "DTHDTC": "Date/Time of Death", "DTHFL": "Subject Death Flag", "VISIT": "Visit Name",
    "SCTESTCD": "Subject Characteristic Short Name", "SCORRES": "Result or Finding in Original Units",
    "MHTERM": "Reported Term for the Medical History", "MHDECOD": "Dictionary-Derived Term",
    "MHCAT": "Category for Medical History",
    "MHOCCUR": "Medical History Occurrence", "MHKCD": "KCD Code", "MHSTDTC": "Start Date/Time of Medical History Event",
    "MHENDTC": "End Date/Time of Medical History Event", "MHLOC": "Location of Event", "MHINSITU": "In Situ",
    "EXTRT": "Name of Treatment", "EXDOSU": "Dose Units", "EXDOSFRQ": "Dosing Frequency per Interval",
    "EXOCCUR": "Occurrence of Treatment", "EXADJ": "Reason for Dose Adjustment", "EXSTDTC": "Start Date/Time of Treatment",
    "EXENDTC": "End Date/Time of Treatment",
    "DSCAT": "Category for Disposition Event", "DSDECOD": "Standardized Disposition Term",
    "DSSTDTC": "Start Date/Time of Disposition Event",
    "PRCAT": "Category for Procedure", "PRTRT": "Reported Name of Procedure", "PRDECOD": "Standardized Procedure Name",
    "PRLOC": "Location of Procedure", "PRCONTR": "Contrast Used", "PRARTPH": "Arterial Phase Acquired",
    "PRSTDTC": "Start Date/Time of Procedure", "PRENDTC": "End Date/Time of Procedure",
    "CMCAT": "Category for Medication", "CMTRT": "Reported Name of Drug, Med, or Therapy",
    "CMDECOD": "Standardized Medication Name",
    "CMSTDTC": "Start Date/Time of Medication", "CMENDTC": "End Date/Time of Medication",
    "CMRSDISC": "Reason the Intervention Was Discontinued",
    "LBTESTCD": "Lab Test or Examination Short Name", "LBORRES": "Result or Finding in Original Units",
    "LBORRESU": "Original Units",
    "LBORNRLO": "Reference Range Lower Limit in Orig Unit", "LBORNRHI": "Reference Range Upper Limit in Orig Unit",
    "LBSTAT": "Completion Status", "LBREASND": "Reason Test Not Done", "LBDTC": "Date/Time of Specimen Collection",
    "VSTESTCD": "Vital Signs Test Short Name", "VSORRES": "Result or Finding in Original Units", "VSORRESU": "Original Units",
    "VSDTC": "Date/Time of Measurements",
    "QSCAT": "Category of Question", "QSTESTCD": "Question Short Name", "QSORRES": "Finding in Original Units",
    "QSDTC": "Date/Time of Finding",
    "FAOBJ": "Object of the Observation", "FATESTCD": "Findings About Test Short Name",
    "FAORRES": "Result or Finding in Original Units", "FAORRESU": "Original Units", "FAMETHOD": "Method of Test or Examination",
    "FACONTR": "Contrast Used", "FADTC": "Date/Time of Collection",
    "AETERM": "Reported Term for the Adverse Event", "AEDECOD": "Dictionary-Derived Term", "AETOXGR": "Standard Toxicity Grade",
    "AESTDTC": "Start Date/Time of Adverse Event", "AEENDTC": "End Date/Time of Adverse Event", "AESER": "Serious Event",
    "AEOUT": "Outcome of Adverse Event", "AEPRE": "Present Before Treatment", "AEACN": "Action Taken with Study Treatment",
    "AEREL": "Causality",
    "TULNKID": "Link ID", "TUTESTCD": "Tumor Identification Short Name", "TUORRES": "Tumor Identification Result",
    "TULOC": "Location of the Tumor", "TUDTC": "Date/Time of Tumor Identification",
    "TRLNKID": "Link ID", "TRTESTCD": "Tumor Assessment Short Name", "TRORRES": "Result or Finding in Original Units",
    "TRORRESU": "Original Units", "TRDTC": "Date/Time of Tumor Measurement",
    "RSCAT": "Category for Assessment", "RSTESTCD": "Assessment Short Name", "RSORRES": "Result or Finding in Original Units",
    "RSEVAL": "Evaluator", "RSDTC": "Date/Time of Assessment",
    "SSTESTCD": "Subject Status Short Name", "SSORRES": "Result or Finding Original Result", "SSSRC": "Source of the Status",
    "SSDTC": "Date/Time of Assessment",
    "DDTESTCD": "Death Detail Assessment Short Name", "DDORRES": "Result or Finding as Collected",
    "DDSTRESC": "Character Result/Finding in Std Format", "DDDTC": "Date/Time of Collection",
}  # fmt: skip
_NUMBERS = {"EXDOSE": "Dose", "TRSTRESN": "Numeric Result/Finding in Standard Units"}
DOMAINS = ("dm", "sc", "mh", "ex", "ds", "pr", "cm", "lb", "vs", "qs", "fa", "ae", "tu", "tr", "rs", "ss", "dd")

_VARIABLES = {name: Variable(label) for name, label in _TEXTS.items()} | {
    name: Variable(label, "number", 1) for name, label in _NUMBERS.items()
}
DICTIONARY: Dictionary = {
    f"{domain}.xpt": _VARIABLES | {f"{domain.upper()}SEQ": Variable("Sequence Number", "number")} for domain in DOMAINS
}
