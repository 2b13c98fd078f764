"""Check how sources are read: their files, and the options that depend on the format or on each other."""

from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath

from etl.mapping.compiler.dates import check_format
from etl.mapping.language.site_mapping import SiteMapping
from etl.mapping.language.source_form import Source
from etl.readers import READERS
from etl.readers.source import misplaced_options

Path = tuple[str | int, ...]
Mistake = tuple[Path, str]


def check_source(mapping: SiteMapping, name: str, source: Source) -> Iterator[Mistake]:
    """List what is wrong with how a source is read."""
    path = ("sources", name)
    for pattern in source.file:
        yield from _check_file((*path, "file"), pattern)
    if source.dictionary:
        yield from _check_file((*path, "dictionary"), source.dictionary)
    for date_format in source.dates if source.dates != mapping.dates else ():
        if sentence := check_format(date_format):
            yield (*path, "dates"), sentence
    for suffix in dict.fromkeys(PurePosixPath(pattern).suffix.lower() for pattern in source.file):
        if suffix in READERS:
            for option, sentence in misplaced_options(source, READERS[suffix], suffix).items():
                yield (*path, option), sentence
    yield from _check_rename((*path, "rename"), mapping, source)


def _check_file(path: Path, pattern: str) -> Iterator[Mistake]:
    pure = PurePosixPath(pattern)
    if pure.is_absolute() or ".." in pure.parts or "**" in pattern or any(sign in pattern for sign in "\\:~\0"):
        yield path, f"'{pattern}' may not leave the delivery's folder; name a file in it."


def _check_rename(path: Path, mapping: SiteMapping, source: Source) -> Iterator[Mistake]:
    """A column may not lose its use under 'identity:' with its name, and no two may get the same one."""
    named = {name.lower() for name in mapping.identity}
    given = Counter(new.lower() for names in source.rename.values() for new in names)
    for heading, names in source.rename.items():
        for new in dict.fromkeys(names):
            if given[new.lower()] > 1:
                yield (*path, heading), f"'{new}' is given to {given[new.lower()]} columns; names must differ."
            if heading.lower() in named and new not in mapping.identity:
                yield (
                    (*path, heading),
                    f"'{new}' bears the name '{heading}' in the file, which is under 'identity:'; name '{new}' there too.",
                )
