"""Korean names in a text: a surname and a given name of syllables that names are made of.

A text is full of words of the same shape, so nothing is searched for names unless the mapping asks for it, column by
column. Three syllables are a name wherever they stand alone or before a particle; two only next to a word such as 환자 or
님. Words of the clinic that look like names (진행성, 조영제) are known and left alone.
"""

import re
from collections.abc import Iterator

from etl.identity.spans import Span

NAME = "name"

_SURNAMES = (
    "김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구민진지엄채원천방공현함변염여추도소"
    "석선설마길연위표명기반왕금옥육인맹제모탁국어은편용"
)
_DOUBLE = "남궁|황보|제갈|사공|선우|서문|독고|동방"
_GIVEN = (
    "가강건겸경고관광교구국권규균근금기길나난남내노누다단달담대덕도동두라란람래련령로루륜률리린림만말명모무문미민바배"
    "백범별병보복본봄봉분비빈빛삼상새샘서석선설섭성세소솔송수숙순숭슬승시식신실아안애양언여연열엽영예오옥온완용우욱운"
    "웅원월유윤율융은을음의이익인일임자장재전정제조종주준중지진찬창채천철초춘충태택평필하학한해행향헌혁현형혜호홍화환"
    "황효후훈휘흠희"
)
_NOT_NAMES = (
    "진행성 전이성 조영제 안정성 임상의 한의원 선천성 유전성 양성자 유의성 정상인 국소성 전신성 지난주 "
    "이전의 이전은 이후의 이후로 이상의 이상은 이상이 유지중 진행중 전문의 전공의 주기적 정기적 하지만 "
    "소화제 제산제 이뇨제 진정제 항암제 고위험 고지혈 신기능 심기능 전반적 기본적 상대적 여기서 우선은 "
    "현재는 현재의 현재도 정도의 정도로 정도가 지지요 호전중 조기에 초기에 유방의 심방의 전방의 선행성 "
    "원형의 변형의 연하의 안구의 한국인 남자는 남자의 여자는 여자의 연구의 조사의 문의전 하나의 이하의 "
    "이하로 이하인 이상인 어지러 오심이 오한이 이명이 구내염 구토는 신장의 심장의"
)
_WORDS = frozenset(_NOT_NAMES.split())
_PARTICLES = "님|씨|군|양|은|는|이|가|을|를|의|에게|께서|께|와|과|도|환자|교수|선생|간호사|보호자"
_LABELS = "환자|보호자|성명|이름|주치의|담당의|간호사|의사|배우자|아들|딸|모친|부친"
_SURNAME = f"(?:{_DOUBLE}|[{_SURNAMES}])"
_ALONE, _END = r"(?<![가-힣a-z])", r"(?![가-힣a-z])"

_THREE = re.compile(rf"{_ALONE}(?P<number>{_SURNAME}[{_GIVEN}]{{2}})(?={_END}|(?:{_PARTICLES}){{1,2}}{_END})")
_TWO = re.compile(
    rf"(?:(?:{_LABELS})[ :;()]{{0,3}}(?P<labelled>{_SURNAME}[{_GIVEN}]{{1,2}})(?={_END}|(?:{_PARTICLES}){{1,2}}{_END}))"
    rf"|(?:{_ALONE}(?P<addressed>{_SURNAME}[{_GIVEN}]{{1,2}}) ?(?:님|씨)(?![가-힣]{{2}}))"
)


def find_names(text: str) -> Iterator[Span]:
    """Find Korean names in a normal text."""
    for match in _THREE.finditer(text):
        if match["number"] not in _WORDS:
            yield Span(*match.span("number"), NAME)
    for match in _TWO.finditer(text):
        group = "labelled" if match["labelled"] else "addressed"
        if match[group] not in _WORDS:
            yield Span(*match.span(group), NAME)
