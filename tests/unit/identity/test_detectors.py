"""What a mapping may have searched for in a column, and what looks like it and is left alone."""

import pytest

from etl.identity.detectors import ADDRESS, CHART, LICENCE, PASSPORT
from etl.identity.korean_name import NAME
from etl.identity.scan import mask_identifiers, mask_of

FOUND = [
    # detector, text, what is masked of it, kind
    ("name", "홍길동", "홍길동", NAME),
    ("name", "홍길동님 내원", "홍길동", NAME),
    ("name", "보호자(김영희)가 전화", "김영희", NAME),
    ("name", "남궁민수 환자", "남궁민수", NAME),
    ("name", "환자 김구 상태", "김구", NAME),
    ("name", "이철씨와 통화", "이철", NAME),
    ("name", "설사 2회, 박지성은 호전", "박지성", NAME),
    ("passport", "여권 M12345678", "M12345678", PASSPORT),
    ("passport", "m123A4567", "m123A4567", PASSPORT),
    ("driving_licence", "면허 11-04-123456-78", "11-04-123456-78", LICENCE),
    ("driving_licence", "서울 04-123456-78", "서울 04-123456-78", LICENCE),
    ("driving_licence", "１１－０４－１２３４５６－７８", "１１－０４－１２３４５６－７８", LICENCE),
    ("chart_number", "12345678", "12345678", CHART),
    ("chart_number", "차트 1234567 확인", "1234567", CHART),
    ("chart_number", "등록번호: 12345", "12345", CHART),
    ("address", "서울특별시 종로구 율곡로 12-3", "서울특별시 종로구 율곡로 12-3", ADDRESS),
    ("address", "수원시 영통구 매탄동 123-45번지", "수원시 영통구 매탄동 123-45번지", ADDRESS),
    ("address", "자택 101동 1203호", "101동 1203호", ADDRESS),
]
LEFT = [
    ("name", "진행성 간암, 전이성 병변, 고혈압, 이상반응, 오심, 설사, 조영제"),
    ("name", "신장 기능 정상, 정상 범위, 방사선 치료, 주치의"),
    ("passport", "M1234567, C22.0, T12345678, AM12345678"),
    ("driving_licence", "2010-03-10 12:30, 400-400-200-400"),
    ("chart_number", "20100310, 1234567.5, 123456, 123456789, S1234567"),
    ("address", "경구로 400mg 복용, 주기로 3회, 좌측으로 5cm, 2동 3층"),
]


@pytest.mark.parametrize(("detector", "text", "part", "kind"), FOUND)
def test_a_detector_masks_what_it_is_for(detector: str, text: str, part: str, kind: str) -> None:
    assert mask_identifiers(text, also=[detector]) == text.replace(part, mask_of(kind))
    assert mask_identifiers(text) == text, "it must not be searched for unless the mapping says so"


@pytest.mark.parametrize(("detector", "text"), LEFT)
def test_a_detector_leaves_alone_what_looks_alike(detector: str, text: str) -> None:
    assert mask_identifiers(text, also=[detector]) == text
