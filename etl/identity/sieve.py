r"""The sieve: a cheap regular expression that DuckDB runs over every cell, which every cell with an identifier matches.

It knows neither days nor codes; what it lets through is judged by the scan, at some microseconds a cell. A character that
is neither ASCII nor a Hangul syllable may be whatever the scan makes of it (`_W`), so a text of many such letters passes.
"""

_W = r"\x{80}-\x{ABFF}\x{D7A4}-\x{10FFFF}"
_D = f"[0-9{_W}]"
_S = "[^0-9A-Za-z가-힣]"
_T = rf"[0-9*#?xXoO{_W}]"
_DOTTED = rf"[0-9*#?xXoO.,\-_%|{_W}]"
_BRACKET = rf"[!\"$&'():;<=>\[\]\\`{{}}~\x00-\x08\x0e-\x1b{_W}]"
_MONTH, _DAY = f"[01{_W}]{_D}", f"[0-3{_W}]{_D}"
_DATE = f"{_D}{{2}}{_S}{{0,3}}{_MONTH}{_S}{{0,3}}{_DAY}"
_PHONE_END = f"{_S}{{0,4}}{_T}{{3}}{_T}?{_S}{{0,4}}{_T}{{4}}"
_PLACES = f"[0{_W}]?(?:[9{_W}]|[1{_W}][12{_W}])"

LOOSE_PATTERN = "|".join(
    (
        r"[\p{Cf}\p{M}]",  # left out by the scan, so a number may go on behind it
        f"@|＠|﹫|골뱅이|{_BRACKET}{_S}{{0,2}}[aA{_W}][tT{_W}]{_S}{{0,2}}{_BRACKET}",
        f"{_DATE}{_S}{{0,4}}{_D}(?:{_S}{{0,3}}{_D}{{6}}|{_D}{{2}}{_S}{{1,3}}{_D}{{4}})",  # 800101-1234567
        f"{_DATE}{_S}{{0,4}}{_DOTTED}{{4}}",  # 800101-1******
        f"{_T}{{6}}{_S}{{1,3}}{_D}{{7}}",  # 8001**-1234567
        rf"[3-9{_W}]{_D}{_MONTH}{_DAY}[\-_%|{_W}][1256{_W}]",  # 800101-1
        f"{_D}{{12}}",
        f"{_D}(?:{_S}{_D}{{3}}){{3}}",  # 8,001,011,234,567
        f"{_D}(?:{_S}{{1,2}}{_D}){{12}}",  # 8 0 0 1 0 1 1 2 3 4 5 6 7
        f"^{_S}{{0,3}}[1-9{_W}]{_D}{{9}}",  # a number without its zeros
        f"[1{_W}][016-9{_W}]{_D}{{8}}",  # the same behind a label
        f"[0{_W}][1{_W}][016-9{_W}]{_PHONE_END}",
        f"[8{_W}][2{_W}]{_S}{{0,4}}[0{_W}]?{_S}{{0,2}}[1-8{_W}]{_D}{{0,2}}{_PHONE_END}",
        f"[0{_W}][2-8{_W}]{_D}{{0,2}}{_PHONE_END}",
        rf"{_D}[eE{_W}][+{_W}]?{_PLACES}",  # 8.0E+12
        rf"[*#?xX{_W}]{_S}{{0,2}}[1{_W}][0{_W}]{_S}{{0,2}}{_PLACES}",  # 8.0 x 10^12
    )
)
r"""In RE2's dialect; every text that `mask_identifiers` changes fits it."""
