"""The rules of the scores as tables; `CP` is the Child-Pugh table, `ALBI` Johnson 2015, `BCLC` its order of stages."""

from spec.table import SpecTable

CHAPTER = "Scores"

COMPONENTS = SpecTable(
    "Child-Pugh, component by component",
    "Every edge from both sides; an end of a range belongs to two points. Values are converted to mg/dL and g/dL, rounded "
    "to 0.01 and then scored, so both unit systems agree. Empty points: it cannot be scored, and there is no total.",
    """
component | value | unit | option | points | source
bilirubin | 1.99 | mg/dL | | 1 | CP: below 2 mg/dL
bilirubin | 2 | mg/dL | | 2 | CP: 2 to 3 mg/dL
bilirubin | 3 | mg/dL | | 2 | CP: 2 to 3 mg/dL
bilirubin | 3.01 | mg/dL | | 3 | CP: above 3 mg/dL
bilirubin | 1.994 | mg/dL | | 1 | rounded to 1.99
bilirubin | 1.995 | mg/dL | | 2 | rounded to 2.00
bilirubin | 3.004 | mg/dL | | 2 | rounded to 3.00
bilirubin | 3.005 | mg/dL | | 3 | rounded to 3.01
bilirubin | 34.0 | umol/L | | 1 | 1.99 mg/dL
bilirubin | 34.2 | umol/L | | 2 | 2.00 mg/dL
bilirubin | 51.3 | umol/L | | 2 | 3.00 mg/dL
bilirubin | 51.4 | umol/L | | 3 | 3.01 mg/dL
bilirubin | 0 | mg/dL | | 1 | CP: below 2 mg/dL
bilirubin | -1 | mg/dL | | | a negative number
bilirubin | <2 | mg/dL | | 1 | every value that it allows has one point
bilirubin | <=2 | mg/dL | | | 2.00 itself would have two points
bilirubin | <2.01 | mg/dL | | | 2.00 would have two points
bilirubin | <3 | mg/dL | | | one point or two
bilirubin | >3 | mg/dL | | 3 | every value that it allows has three points
bilirubin | >=3 | mg/dL | | | two points or three
bilirubin | >2 | mg/dL | | | two points or three
bilirubin | <34.2 | umol/L | | 1 | below 2.00 mg/dL
albumin | 3.51 | g/dL | | 1 | CP: above 3.5 g/dL
albumin | 3.5 | g/dL | | 2 | CP: 2.8 to 3.5 g/dL
albumin | 2.8 | g/dL | | 2 | CP: 2.8 to 3.5 g/dL
albumin | 2.79 | g/dL | | 3 | CP: below 2.8 g/dL
albumin | 35.1 | g/L | | 1 | 3.51 g/dL
albumin | 35 | g/L | | 2 | 3.50 g/dL
albumin | 28 | g/L | | 2 | 2.80 g/dL
albumin | 27.9 | g/L | | 3 | 2.79 g/dL
albumin | 2.99 | g/dL | child_pugh_albumin_edge = 3.0 | 3 | Harrison: below 3.0 g/dL
albumin | 3 | g/dL | child_pugh_albumin_edge = 3.0 | 2 | Harrison: 3.0 to 3.5 g/dL
albumin | >3.5 | g/dL | | 1 | every value that it allows has one point
albumin | >=3.5 | g/dL | | | one point or two
albumin | <2.8 | g/dL | | 3 | every value that it allows has three points
albumin | <=2.8 | g/dL | | | two points or three
inr | 1.69 | 1 | | 1 | CP: below 1.7
inr | 1.699999 | 1 | | 1 | INR has no second unit and is not rounded
inr | 1.7 | 1 | | 2 | CP: 1.7 to 2.3
inr | 2.3 | 1 | | 2 | CP: 1.7 to 2.3
inr | 2.31 | 1 | | 3 | CP: above 2.3
inr | <1.7 | 1 | | 1 | every value that it allows has one point
inr | >2.3 | 1 | | 3 | every value that it allows has three points
inr | >1.7 | 1 | | | two points or three
ascites | none | | | 1 | CP: none
ascites | slight | | | 2 | CP: slight or controlled
ascites | moderate | | | 3 | CP: moderate or refractory
ascites | grade_1_2 | | | | not a code of ascites
encephalopathy | none | | | 1 | CP: none
encephalopathy | grade_1_2 | | | 2 | CP: grade 1 to 2
encephalopathy | grade_3_4 | | | 3 | CP: grade 3 to 4
encephalopathy | slight | | | | not a code of encephalopathy
bilirubin | | | | | missing
albumin | | | | | missing
inr | | | | | missing
ascites | | | | | missing
encephalopathy | | | | | missing
""",
)

CLASSES = SpecTable(
    "Child-Pugh, class",
    "Points of bilirubin, albumin, INR, ascites and encephalopathy, `?` not known; `reported` is class and points of the "
    "hospital. The class that decides is the reported one, else the derived one.",
    """
points | reported | option | total | derived | decides | source
1 1 1 1 1 | | | 5 | A | A | CP: A 5-6
1 1 1 1 2 | | | 6 | A | A | CP: A 5-6
1 1 1 2 2 | | | 7 | B | B | CP: B 7-9
1 1 3 2 2 | | | 9 | B | B | CP: B 7-9
1 2 3 2 2 | | | 10 | C | C | CP: C 10-15
3 3 3 3 3 | | | 15 | C | C | CP: C 10-15
? 1 1 1 1 | | | | | | any missing: none
1 ? 1 1 1 | | | | | | any missing: none
1 1 ? 1 1 | | | | | | any missing: none
1 1 1 ? 1 | | | | | | any missing: none
1 1 1 1 ? | | | | | | any missing: none
3 3 3 3 ? | | | | | | any missing: none, also where the class could not change
1 1 1 1 1 | C | | 5 | A | C | the reported one decides
1 1 1 1 ? | B | | | | B | the reported one decides
1 1 1 1 ? | 7 | | | | B | the reported points have a class
1 1 1 1 ? | 5 | | | | A | CP: A 5-6
1 1 1 1 ? | 6 | | | | A | CP: A 5-6
1 1 1 1 ? | 9 | | | | B | CP: B 7-9
1 1 1 1 ? | 10 | | | | C | CP: C 10-15
1 1 1 1 ? | 15 | | | | C | CP: C 10-15
1 1 1 1 1 | 4 | | 5 | A | A | no total of five components: as if nothing were reported
1 1 1 1 1 | 16 | | 5 | A | A | no total of five components: as if nothing were reported
1 1 1 1 1 | C | score_decides = derived | 5 | A | A | the derived one decides
1 1 1 1 ? | B | score_decides = derived | | | | a missing input gives unknown, never a class
""",
)

ALBI = SpecTable(
    "ALBI",
    "0.66 x log10(bilirubin in umol/L) - 0.085 x albumin in g/L, shown to three places; `why not` is the reason why there is "
    "no score, or no grade.",
    """
bilirubin | albumin | score | grade | mALBI | why not | source
1 mg/dL | 4.017 g/dL | -2.601 | 1 | 1 | | ALBI: 1 up to -2.60
1 mg/dL | 4.016 g/dL | -2.600 | 2 | 2a | | ALBI: 2 above -2.60 (-2.5998)
17.1 umol/L | 40.17 g/L | -2.601 | 1 | 1 | | the same in SI units
17.1 umol/L | 40.16 g/L | -2.600 | 2 | 2a | | the same in SI units
1 mg/dL | 3.628 g/dL | -2.270 | 2 | 2a | | mALBI: 2a up to -2.27 (-2.27002)
1 mg/dL | 3.627 g/dL | -2.269 | 2 | 2b | | mALBI: 2b above -2.27
1 mg/dL | 2.593 g/dL | -1.390 | 2 | 2b | | ALBI: 2 up to -1.39 (-1.39027)
1 mg/dL | 2.592 g/dL | -1.389 | 3 | 3 | | ALBI: 3 above -1.39
17.1 umol/L | 25.93 g/L | -1.390 | 2 | 2b | | the same in SI units
17.1 umol/L | 25.92 g/L | -1.389 | 3 | 3 | | the same in SI units
0 mg/dL | 4 g/dL | | | | bilirubin not above zero | bilirubin 0 has no logarithm
-1 mg/dL | 4 g/dL | | | | bilirubin missing (bilirubin of 2010-03-31 not used, value_negative) | a negative number
1 mg/dL | 0 g/dL | | | | albumin missing (albumin of 2010-03-31 not used, value_absurd) | no patient has no albumin
| 4 g/dL | | | | bilirubin missing | no value
1 mg/dL | | | | | albumin missing | no value
| | | | | bilirubin and albumin missing | no value
<0.2 mg/dL | 4 g/dL | | 1 | 1 | the bound leaves the score open | no other grade is possible
<3 mg/dL | 3.5 g/dL | | | | the bound leaves the grade open | grade 1 or 2
>30 mg/dL | 3 g/dL | | 3 | 3 | the bound leaves the score open | no other grade is possible
1 mg/dL | >5 g/dL | | 1 | 1 | the bound leaves the score open | no other grade is possible
1 mg/dL | <2 g/dL | | 3 | 3 | the bound leaves the score open | no other grade is possible
0.0004 mg/dL | <1 g/dL | | 2 | | the bound leaves the score open | either half of grade 2, and no other grade
""",
)

PERFORMANCE = SpecTable(
    "ECOG, reported or from Karnofsky",
    "The reported ECOG goes before Karnofsky.",
    """
ECOG reported | Karnofsky | option | ECOG | from | source
0 | | | 0 | ecog | ECOG 0-5
4 | | | 4 | ecog | ECOG 0-5
5 | | | 5 | ecog | ECOG 5 is dead
6 | | | | | not an ECOG
1.5 | | | | | not an ECOG
1 | 50 | | 1 | ecog | reported goes first
6 | 80 | | 1 | karnofsky | what is no ECOG gives way
| 100 | | 0 | karnofsky | Karnofsky 100: 0
| 90 | | 1 | karnofsky | Karnofsky 90: 1
| 90 | karnofsky_90_ecog = 0 | 0 | karnofsky | option, Karnofsky 90: 0
| 80 | karnofsky_90_ecog = 0 | 1 | karnofsky | option, Karnofsky 90: 0
| 80 | | 1 | karnofsky | Karnofsky 80: 1
| 70 | | 2 | karnofsky | Karnofsky 70: 2
| 60 | | 2 | karnofsky | Karnofsky 60: 2
| 50 | | 3 | karnofsky | Karnofsky 50: 3
| 40 | | 3 | karnofsky | Karnofsky 40: 3
| 30 | | 4 | karnofsky | Karnofsky 30: 4
| 20 | | 4 | karnofsky | Karnofsky 20: 4
| 10 | | 4 | karnofsky | Karnofsky 10: 4
| 0 | | 5 | karnofsky | Karnofsky 0 is dead
| 75 | | | | not a step of Karnofsky
| | | | | neither
""",
)

BCLC = SpecTable(
    "BCLC, derived",
    "Read from the top: D, C, 0, A, else B. `?` is not known; nodules: `4+` four or more, `many` not counted. `possible` "
    "are the stages that what is known leaves; more than one is no stage.",
    """
ECOG | Child-Pugh | Vp | hepatic vein | spread | nodules | largest mm | option | stage | possible | source
3 | A | 0 | no | no | 1 | 15 | | D | D | BCLC: D if ECOG 3-4
4 | A | 4 | yes | yes | 1 | 15 | | D | D | BCLC: D goes before C
0 | C | 0 | no | no | 1 | 15 | | D | D | BCLC: D if Child-Pugh C
2 | C | 4 | no | yes | 5 | 90 | | D | D | BCLC: D goes before C
5 | A | 0 | no | no | 1 | 15 | | | | dead: no stage
1 | A | 0 | no | no | 1 | 15 | | C | C | BCLC: C if ECOG 1-2
2 | B | 0 | no | no | 1 | 15 | | C | C | BCLC: C if ECOG 1-2
1 | A | 0 | no | no | 1 | 25 | bclc_ecog_1_is_advanced = false | A | A | option: ECOG 1 not from cancer
2 | A | 0 | no | no | 1 | 25 | bclc_ecog_1_is_advanced = false | C | C | ECOG 2 stays C
0 | A | 1 | no | no | 1 | 15 | | C | C | Vp1-2 is macrovascular invasion
0 | A | 2 | no | no | 1 | 15 | | C | C | Vp1-2 is macrovascular invasion
0 | A | 2 | no | no | 1 | 25 | bclc_vp1_2_is_macrovascular = false | A | A | option: Vp1-2 is none
0 | A | 3 | no | no | 1 | 25 | bclc_vp1_2_is_macrovascular = false | C | C | Vp3-4 stays C
0 | A | 4 | no | no | 1 | 15 | | C | C | BCLC: C if macrovascular invasion
0 | A | 0 | yes | no | 1 | 15 | | C | C | BCLC: C, the hepatic vein is a great vessel
0 | A | 0 | no | yes | 1 | 15 | | C | C | BCLC: C if nodes or spread
0 | A | 0 | no | no | 1 | 20 | | 0 | 0 | BCLC: 0 single up to 2 cm, Child-Pugh A
0 | A | 0 | no | no | 1 | 20.1 | | A | A | BCLC: A single
0 | B | 0 | no | no | 1 | 20 | | A | A | BCLC: 0 needs Child-Pugh A
0 | A | 0 | no | no | 1 | 120 | | A | A | BCLC: A single of any size
0 | A | 0 | no | no | 1 | 50 | bclc_single_above_5_cm = B | A | A | option: up to 5 cm
0 | A | 0 | no | no | 1 | 50.1 | bclc_single_above_5_cm = B | B | B | option: above 5 cm
0 | A | 0 | no | no | 2 | 30 | | A | A | BCLC: A 2-3 nodules, all up to 3 cm
0 | A | 0 | no | no | 3 | 30 | | A | A | BCLC: A 2-3 nodules, all up to 3 cm
0 | A | 0 | no | no | 3 | 30.1 | | B | B | BCLC: else B
0 | A | 0 | no | no | 4 | 10 | | B | B | BCLC: else B
0 | B | 0 | no | no | 4+ | 10 | | B | B | four or more is more than three
0 | B | 0 | no | no | many | 31 | | B | B | several, and one above 3 cm
0 | B | 0 | no | no | many | 30 | | | A B | two or three, or more
0 | B | 0 | no | no | 2+ | 30 | | | A B | two or three, or more
0 | A | 0 | no | no | 1+ | 60 | | | A B | one or more
0 | A | 0 | no | no | ? | 15 | | | 0 A B | the count is missing
0 | A | 0 | no | no | 1 | ? | | | 0 A | the size is missing
0 | B | 0 | no | no | 1 | ? | | A | A | the size changes nothing
0 | B | 0 | no | no | 4 | ? | | B | B | the size changes nothing
0 | A | 0 | no | no | 2 | ? | | | A B | the size is missing
? | A | 0 | no | no | 4 | 50 | | | D C B | ECOG is missing
? | A | 4 | no | no | 4 | 50 | | | D C | invasion: D or C, as ECOG is
? | C | 0 | no | no | 4 | 50 | | D | D | Child-Pugh C decides without ECOG
3 | ? | ? | ? | ? | ? | ? | | D | D | ECOG 3 decides alone
0 | ? | 0 | no | no | 4 | 50 | | | D B | Child-Pugh is missing
0 | ? | 4 | no | no | 4 | 50 | | | D C | invasion: D or C, as Child-Pugh is
0 | ? | 0 | no | no | 1 | 15 | | | D 0 A | Child-Pugh is missing
0 | A | ? | no | no | 4 | 50 | | | C B | Vp is missing
0 | A | ? | yes | no | 4 | 50 | | C | C | the hepatic vein decides without Vp
0 | A | 0 | ? | no | 4 | 50 | | | C B | the hepatic vein is missing
0 | A | 0 | no | ? | 4 | 50 | | | C B | spread is missing
1 | A | ? | ? | ? | ? | ? | | C | C | ECOG 1 decides, Child-Pugh A rules out D
0 | A | 0 | no | no | 0 | 0 | | | | no tumour in the liver, nothing outside
0 | A | 0 | no | yes | 0 | 0 | | C | C | no tumour in the liver, spread
? | ? | ? | ? | ? | ? | ? | | | D C 0 A B | nothing is known
""",
)

TABLES = (COMPONENTS, CLASSES, ALBI, PERFORMANCE, BCLC)
