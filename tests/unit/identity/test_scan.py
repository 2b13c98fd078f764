"""What the scan takes for an identifier, and what it must leave alone."""

import re

import pytest

from etl.identity import email_address, phone_number, resident_number, shortened_number
from etl.identity.normal_text import normal_text
from etl.identity.scan import find_identifiers, is_measurement, mask_identifiers, mask_of
from etl.identity.spans import EMAIL, FOREIGNER, PHONE, RESIDENT

# text | kind | why
IDENTIFIERS = [
    ("800101-1234567", RESIDENT),
    ("주민번호:800101-1234567입니다", RESIDENT),
    ("800101 - 1234567", RESIDENT),
    ("800101 1234567", RESIDENT),
    ("8001011234567", RESIDENT),
    ("8001011234567.0", RESIDENT),
    ("RRN800101-1234567", RESIDENT),
    ("８００１０１－１２３４５６７", RESIDENT),
    ("８００１０１１２３４５６７", RESIDENT),
    ("800101–1234567", RESIDENT),
    ("800101-1******", RESIDENT),
    ("8001011******", RESIDENT),
    ("800101-12XXXXX", RESIDENT),
    ("800101-*******", RESIDENT),
    ("051020-4123456", RESIDENT),
    ("510204123456", RESIDENT),  # 0510204123456 in a numeric cell
    ("201207151075", FOREIGNER),  # 0201207151075; no moment, for want of a minute 75
    ("201207152510", FOREIGNER),  # nor of an hour 25
    ("990101-9123456", RESIDENT),  # born in the 19th century
    ("000229-3123456", RESIDENT),  # a leap day
    ("080229-3123456", RESIDENT),  # a leap day of another year
    ("201013-3234567", RESIDENT),  # issued since October 2020: no check digit
    ("8.001011234567E+12", RESIDENT),
    ("8.00101E+12", RESIDENT),
    ("800101-5234567", FOREIGNER),
    ("850505-8234567", FOREIGNER),
    ("010-1234-5678", PHONE),
    ("010 1234 5678", PHONE),
    ("010.1234.5678", PHONE),
    ("01012345678", PHONE),
    ("보호자 011-123-4567 연락", PHONE),
    ("+82 10-1234-5678", PHONE),
    ("+82-10-1234-5678", PHONE),
    ("０１０－１２３４－５６７８", PHONE),
    ("02-123-4567", PHONE),
    ("(031) 123-4567", PHONE),
    ("02)1234-5678", PHONE),
    ("070-1234-5678", PHONE),
    ("+82 2-123-4567", PHONE),
    ("800101/1234567", RESIDENT),
    ("800101.1234567", RESIDENT),
    ("800101_1234567", RESIDENT),
    ("800101~1234567", RESIDENT),
    ("800101ㅡ1234567", RESIDENT),
    ("80-01-01-1234567", RESIDENT),
    ("80.01.01 1234567", RESIDENT),  # 1980 is no year of the study: a birth date
    ("19800101-1234567", RESIDENT),
    ("1980-01-01-1234567", RESIDENT),
    ("800101-1-234567", RESIDENT),
    ("800101-123-4567", RESIDENT),
    ("ID8001011234567", RESIDENT),
    ("8001011234567F", RESIDENT),
    ("S8001011234560", RESIDENT),  # a specimen has no check digit of a resident number
    ("800101-1######", RESIDENT),
    ("800101-1******7", RESIDENT),
    ("800101-1●●●●●●", RESIDENT),
    ("800101-1ㅇㅇㅇㅇㅇㅇ", RESIDENT),
    ("800101-1......", RESIDENT),
    ("800101-1…", RESIDENT),
    ("8001**-1234567", RESIDENT),
    ("******-5234567", FOREIGNER),
    ("800101-123456", RESIDENT),  # cut short
    ("800101-1", RESIDENT),
    ("8,001,011,234,567", RESIDENT),
    ("8 0 0 1 0 1 1 2 3 4 5 6 7", RESIDENT),
    ("8.0E+12", RESIDENT),
    ("8E+12", RESIDENT),
    ("8.001011234567E12", RESIDENT),
    ("8.01232E+12", RESIDENT),  # 801231-9..., rounded up
    ("8,00101E+12", RESIDENT),
    ("8.0×10¹²", RESIDENT),
    ("1.01013E+11", RESIDENT),
    ("2.30115E+12", RESIDENT),  # in a column that is not measured
    ("2133234567", RESIDENT),  # 000213-3234567: three zeros lost, and the check digit holds
    ("800101\t1234567", RESIDENT),
    ("800101\u200b1234567", RESIDENT),
    ("80\u200b0101\u00ad1234567", RESIDENT),
    ("800101\u30001234567", RESIDENT),
    ("८००१०११२३४५६७", RESIDENT),  # digits of Devanagari
    ("(010) 1234-5678", PHONE),
    ("010/1234/5678", PHONE),
    ("010_1234_5678", PHONE),
    ("010 - 1234 - 5678", PHONE),
    ("010-12345678", PHONE),
    ("010\u20101234\u20105678", PHONE),
    ("010-****-5678", PHONE),
    ("Tel01012345678", PHONE),
    ("T01012345678", PHONE),
    ("1012345678", PHONE),
    ("Tel 1012345678", PHONE),
    ("1,012,345,678", PHONE),
    ("1.012345678E9", PHONE),
    ("0311234567", PHONE),
    ("0212345678", PHONE),
    ("02-12345678", PHONE),
    ("0082-10-1234-5678", PHONE),
    ("+82(0)10-1234-5678", PHONE),
    ("+8201012345678", PHONE),
    ("+8221234567", PHONE),
    ("a@b.kr", EMAIL),
    ("hong＠naver.com", EMAIL),
    ("hong @ naver.com", EMAIL),
    ("홍길동@naver.com", EMAIL),
    ("hong@한국.kr", EMAIL),
    ("hong(at)naver.com", EMAIL),
    ("hong골뱅이naver.com", EMAIL),
    ("메일 gildong.hong@snuh.example.org 로", EMAIL),
]

PLAIN = [
    "2007-01-01",
    "20070101",
    "2007.01.01 10:20:30",
    "2007-01-01T10:20:30.123456",
    "20070101102030",  # yyyymmddHHMMSS
    "200701011020",  # yyyymmddHHMM
    "201201203120",
    "201207151045",
    "12345.678901",
    "0.8001011234567",
    "123456-1234567",  # no such month
    "800230-1234567",  # no such day
    "810229-1234567",  # no leap year in any century
    "820229-1234567",
    "8012345678901234",
    "S8001011234567",  # a specimen
    "1262304000000",
    "8806429021805",
    "8801234567893",  # a drug's barcode
    "4.52E+12",  # red cells per litre
    "1.21000E+12",
    "S00012345",
    "1234-5678",
    "2010-12-1234",
    "10.2345",
    "5 mg@d1",
    "2010/03/10 ~ 2010/04/12",
    "2010.03.10 1234567",  # a day, and a number
    "10.03.10 1234567",
    "20100310-1234567",  # a specimen of a day
    "20100310-123045",
    "100310-123045",  # yymmdd-HHMMSS
    "100310-100412",
    "800101-901231",  # two days
    "100310-1",
    "100310, 100412, 100503",
    "100310 120x150 mm",
    "1003101230",  # yymmddHHMM
    "AFP 1012345678",
    "112345678",
    "645900270",  # a drug's code
    "C22.0",
    "0.8001011234567",
    "4.1E+12/L",
    "4.1E+12 copies/mL",
    "2.3E+08",
    "02-20100310",
    "S01012345678",
    "3f8001011234567ab",
    "284461-73-0",  # a registry number of a substance
    "1.2.840.113619.2.55",
    "400-400-200-400",
    "T1N0M0",
    "1/2/3, 10/11/12",
    "120/80 mmHg",
    "010-****-****",
    "<0.5",
    "2013-02-123-4567",
    "",
    "미시행",
]


@pytest.mark.parametrize(("text", "kind"), IDENTIFIERS)
def test_identifier_is_masked_and_named(text: str, kind: str) -> None:
    masked = mask_identifiers(text)
    assert mask_of(kind) in masked
    assert find_identifiers(text) == (kind,)
    assert not any(run in normal_text(masked).text for run in ("234567", "5678", "@"))


@pytest.mark.parametrize("text", PLAIN)
def test_plain_text_is_left_alone(text: str) -> None:
    assert mask_identifiers(text) == text
    assert find_identifiers(text) == ()


def test_what_stands_around_an_identifier_stays() -> None:
    text = "보호자 010-1234-5678, 010-8765-4321; 800101-1234567,850505-8234567 (설사 G1)"
    assert mask_identifiers(text) == (
        "보호자 ‹phone number masked›, ‹phone number masked›; "
        "‹resident number masked›,‹foreigner number masked› (설사 G1)"
    )


@pytest.mark.parametrize("text", ["2.30115E+12", "2.30115e12", "<8.0E+12", "1.012345678E9"])
def test_a_measured_number_may_look_like_an_identifier(text: str) -> None:
    assert is_measurement(text)


@pytest.mark.parametrize(
    "text",
    [
        "8001011234567",
        "8,001,011,234,567",
        "800101-1234567",
        "800101.1234567",
        "01012345678",
        "1012345678",
        "2.3E+12 800101",
        "a@b.kr",
    ],
)
def test_what_is_no_number_is_masked_in_a_measured_column_too(text: str) -> None:
    assert not is_measurement(text)


@pytest.mark.parametrize("module", [email_address, phone_number, resident_number, shortened_number])
def test_no_pattern_goes_an_unbounded_way(module: object) -> None:
    """So that the time of a cell grows with its length alone: no *, no +, no open {n,}."""
    found = [value for value in vars(module).values() if isinstance(value, re.Pattern)]
    found += [pattern for pattern, _ in getattr(module, "_SEARCHES", ())]
    assert found
    for pattern in found:
        bare = re.sub(r"\\.|\[(?:\\.|[^\]\\])*\]", "c", pattern.pattern)
        assert not re.search(r"[*+]|\{[0-9]*,\}", bare), pattern.pattern
    assert re.search(r"[*+]|\{[0-9]*,\}", re.sub(r"\\.|\[(?:\\.|[^\]\\])*\]", "c", r"[a-z.]+@x"))
