"""Detect a wrong encoding by the decoded text: bytes of one encoding often decode in another without an error."""

import codecs
from collections.abc import Iterable
from pathlib import Path

from warehouse.errors import DeliveryError

_KOREAN = {"cp949", "euc_kr", "johab"}
_TRIED = ("utf-8", "cp949", "utf-16")
_BLOCK_BYTES = 1 << 20


def find_korean(path: Path, *, but: str) -> str | None:
    """Name the encoding, other than `but`, in which the whole file is Korean text; None when none is, or it cannot be read.

    Bytes of another encoding decode in cp949 as Chinese characters for the most part, so Hangul must prevail.
    """
    tried = [encoding for encoding in _TRIED if codecs.lookup(encoding) != codecs.lookup(but)]
    return next((encoding for encoding in tried if _is_korean(path, encoding)), None)


def _is_korean(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    hangul = ideographs = 0
    try:
        with path.open("rb") as file:
            if encoding == "utf-16" and file.peek(2)[:2] not in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
                return False  # without its mark any bytes of an even number decode
            while block := file.read(_BLOCK_BYTES):
                text = decoder.decode(block)
                hangul += sum("가" <= sign <= "힣" for sign in text)
                ideographs += sum("一" <= sign <= "鿿" for sign in text)
            decoder.decode(b"", final=True)
    except (UnicodeDecodeError, OSError):
        return False
    return hangul > ideographs


class TextDoubt:
    """Watches decoded texts for Korean that was written in another encoding than the stated one."""

    def __init__(self, stated: str) -> None:
        """`stated` is the encoding by which the texts were decoded; one that Python does not know is not doubted."""
        try:
            self._stated = codecs.lookup(stated).name
        except LookupError:
            self._stated = "utf-8"
        suspects = ["utf-8"] if self._stated in _KOREAN else ["utf-8", "cp949"]
        self._suspects = dict.fromkeys([] if self._stated == "utf-8" else suspects, False)

    def look_at(self, texts: Iterable[str]) -> None:
        """Drop every suspected encoding that the texts disprove; remember where they read as Hangul."""
        if not self._suspects:
            return
        for text in texts:
            if text.isascii():
                continue
            raw = text.encode(self._stated, "replace")
            for suspect in list(self._suspects):
                try:
                    read = raw.decode(suspect)
                except UnicodeDecodeError:
                    del self._suspects[suspect]
                else:
                    self._suspects[suspect] |= any("가" <= sign <= "힣" for sign in read)

    def conclude(self, name: str, advice: str) -> None:
        """Raise DeliveryError when all of the text reads as Korean in another encoding."""
        for suspect, has_hangul in self._suspects.items():
            if has_hangul:
                raise DeliveryError(
                    f"{name}: the text is said to be {self._stated}, but it is Korean in {suspect}. {advice}"
                )
