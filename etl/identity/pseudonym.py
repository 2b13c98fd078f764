"""Pseudonyms: the same patient gets the same name within a site, and it cannot be reversed without the key."""

import base64
import hmac
import unicodedata

from etl.identity.invisible import strip_invisible

_BYTES = 10  # 80 bits: a collision among a million patients has a chance of one in 10^12


def pseudonym(key: bytes, identifier: str) -> str:
    """Turn an identifier into 16 characters of lower-case base32: HMAC-SHA-256 over its NFC text without outer blanks.

    Characters that show nothing are left out first: with one of them in a key, one patient would be two.
    """
    text = unicodedata.normalize("NFC", strip_invisible(identifier))
    digest = hmac.digest(key, text.encode(), "sha256")
    return base64.b32encode(digest[:_BYTES]).decode("ascii").lower()
