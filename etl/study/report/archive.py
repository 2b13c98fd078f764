"""Office files with the same bytes each time: .docx and .xlsx are zip archives, whose members carry times."""

import io
import zipfile
from datetime import UTC, datetime

FIXED = datetime(2000, 1, 1, tzinfo=UTC)
"""The date in every file; when a report was written stands in no file, so that the same numbers give the same bytes."""


def with_fixed_times(content: bytes) -> bytes:
    """Write a zip archive again with its members in order and their times fixed."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as after:
        for name in sorted(before.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            member = zipfile.ZipInfo(name, date_time=FIXED.timetuple()[:6])
            member.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(member, before.read(name))
    return result.getvalue()
