"""What the scan takes for an identifier, and what it must leave alone."""

import pytest

from etl.identity.scan import EMAIL, FOREIGNER, PHONE, RESIDENT, find_identifiers, mask_identifiers, mask_of

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
    ("990101-9123456", RESIDENT),  # born in the 19th century
    ("000229-3123456", RESIDENT),  # a leap day
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
    ("a@b.kr", EMAIL),
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
    "12345.678901",
    "0.8001011234567",
    "123456-1234567",  # no such month
    "800230-1234567",  # no such day
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
    assert not any(run in masked for run in ("234567", "5678", "@"))


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
