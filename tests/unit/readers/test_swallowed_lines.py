"""A stray quote that swallows records is refused; a note of several lines is none."""

import csv
import io
from pathlib import Path

import duckdb
import pytest
from support.landing_site import Site, rows

from etl.own_files.csv_file import read_plain_file
from etl.readers.text.swallowed_lines import SwallowedLines
from warehouse.errors import DeliveryError

EVENTS = """pid,day,ae,grade
P1,2010-01-05,"fatigue 3,2
P2,2010-01-06,rash,1
P2,2010-01-07,nausea,2
P3,2010-02-05,lump 3",1
P3,2010-03-05,vomiting,1
"""

STRAY = {
    "the quote of an inch or of a word": EVENTS,
    "only one line is swallowed": 'pid,day,ae,grade\nP1,2010-01-05,"fatigue,2\nP2,2010-01-06,rash",1\n',
    "a file of two columns": 'pid,ae\nP1,"fatigue\nP2,rash\nP3,nausea"\nP4,x\n',
    "keys that are numbers": 'pid,ae\n1001,"fatigue\n1002,rash\n1003,nausea"\n1004,x\n',
    "the key itself opens": 'pid,day,ae,grade\nP1,2010-01-05,a,1\n"P2,2010-01-06,b,2\nP3",2010-01-07,c,1\n',
    "Windows breaks": EVENTS.replace("\n", "\r\n"),
    "a ragged record hides lines": 'pid,day,ae,grade\nP1,2010-01-05,"a,2\nP2,2010-01-06,b,2\nP3,"\nP4,2010-01-07,c,1\n',
    "names instead of keys": 'name,day,ae,grade\n홍,2010-01-05,"a,2\n김,2010-01-06,b,1\n이,2010-01-07,c",1\n',
    "only words": 'who,what,where,how\nanna,"came,home,late\nben,went,out,early\ncarl,sat",there,long\n',
    "a line has one field too many": 'pid,day,ae,grade\nP1,2010-01-05,"a,2\nP2,2010-01-06,rash, mild,1\nP3,2010-01-07,c",1\n',
    "semicolons": EVENTS.replace(",", ";"),
}
NOTES = {
    "two columns": 'pid,note\nP1,"nausea\nvomiting, 3 days\nbetter"\nP2,x\n',
    "a numbered list": 'pid,note\n1,"1, nausea\n2, vomiting"\n2,x\n',
    "days begin the lines": 'pid,note\nP1,"2010-03-05, nausea\n2010-03-12, better"\nP2,x\n',
    "days as the first column": 'day,note\n2010-03-01,"nausea\n2010-03-12, better"\n2010-03-02,x\n',
    "commas as many as columns": 'pid,day,note,grade\nP1,2010-01-05,"seen with\nnausea, vomiting, rash, fever\nand cough",1\n'
    "P2,2010-01-06,x,2\n",
    "a list of doses": 'pid,day,note,grade\nP1,2010-01-05,"40 mg, 2 daily\n60 mg, 2 daily, 3 days",1\nP2,2010-01-06,x,2\n',
    "another patient is named": 'pid,day,note,grade\nP1,2010-01-05,"see\nP2 has the same",1\nP2,2010-01-06,x,2\n',
}


def judge(text: str) -> None:
    """Read a text as CSV, watched."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in text else ",")
    watch = SwallowedLines(next(reader), ";" if ";" in text else ",")
    line = reader.line_num + 1
    for cells in reader:
        watch.look_at(line, cells)
        line = reader.line_num + 1
    watch.conclude("a.csv")


@pytest.mark.parametrize("text", STRAY.values(), ids=STRAY)
def test_swallowed_records_are_refused(text: str) -> None:
    with pytest.raises(DeliveryError, match=r"a\.csv line \d: a quote opens here and closes on line \d, but line \d"):
        judge(text)


@pytest.mark.parametrize("text", NOTES.values(), ids=NOTES)
def test_notes_of_several_lines_raise_nothing(text: str) -> None:
    judge(text)


def test_the_sentence_names_the_lines_and_shows_no_cell() -> None:
    with pytest.raises(DeliveryError) as caught:
        judge(EVENTS)
    sentence = str(caught.value)
    assert sentence.startswith("a.csv line 2: a quote opens here and closes on line 5, but line 3 within the quotes")
    assert "(4 fields; the header has 4)" in sentence
    assert "rash" not in sentence


def test_a_colleagues_own_file_is_read_so_too(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text(EVENTS)
    with duckdb.connect() as con, pytest.raises(DeliveryError, match=r"events\.csv line 2: a quote opens here"):
        read_plain_file(con, path, needed=["ae"])
    path.write_text(NOTES["commas as many as columns"])
    with duckdb.connect() as con:
        read_plain_file(con, path, needed=["note"])
        assert con.execute("SELECT count(*) FROM cell").fetchone() == (2,)


def test_a_column_may_hold_such_lines_when_the_reader_is_told_so_and_no_other(tmp_path: Path) -> None:
    """The same lines in the named column are text; in the one next to it they are swallowed records still."""
    site = Site(tmp_path)
    site.mapping.identity = {}
    note = "P2,2010-01-06,rash,1"
    header, last = "pid,day,ae,Note\n", "P9,2010-01-09,x,y\n"
    in_note, beside = f'P1,2010-01-05,a,"seen\n{note}\nagain"\n', f'P1,2010-01-05,"seen\n{note}\nagain",b\n'
    site.write(header + in_note + last)
    with pytest.raises(DeliveryError, match=r"if it is a true note, say 'line_breaks_in: \[\"Note\"\]' of its source"):
        site.land()
    site.mapping.sources = {"patients": site.source("환자*.csv", line_breaks_in=["NOTE"])}
    with duckdb.connect() as con:
        assert rows(con, site.land())[0][3:] == ("P1", "2010-01-05", "a", f"seen\n{note}\nagain")
    site.write(header + in_note + beside + last)
    with pytest.raises(DeliveryError, match=r"line 5: a quote opens here .* say 'line_breaks_in: \[\"ae\"\]' of its"):
        site.land()
    site.mapping.sources = {"patients": site.source("환자*.csv", line_breaks_in=["note", "매모"])}
    site.write(header + in_note + last)
    with pytest.raises(
        DeliveryError, match=r"has no column '매모' that mapping.yaml names under 'line_breaks_in:', but"
    ):
        site.land()


def test_a_colleagues_own_file_may_hold_such_lines_in_the_column_that_is_named(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text('pid,day,ae,Note\nP1,2010-01-05,a,"seen\nP2,2010-01-06,rash,1\nagain"\nP9,2010-01-09,x,y\n')
    with (
        duckdb.connect() as con,
        pytest.raises(DeliveryError, match=r"a true note, name its column: --line-breaks-in note\."),
    ):
        read_plain_file(con, path, needed=["ae"])
    with (
        duckdb.connect() as con,
        pytest.raises(DeliveryError, match=r"a true note, name its column: --line-breaks-in note\."),
    ):
        read_plain_file(con, path, needed=["ae"], line_breaks_in=["ae"])
    with (
        duckdb.connect() as con,
        pytest.raises(DeliveryError, match=r"lacks 'nota', which --line-breaks-in names. It has pid"),
    ):
        read_plain_file(con, path, needed=["ae"], line_breaks_in=["nota"])
    with duckdb.connect() as con:
        read_plain_file(con, path, needed=["ae"], line_breaks_in=["note"])
        assert con.execute("SELECT Note FROM file_row ORDER BY ALL").fetchall() == [
            ("seen\nP2,2010-01-06,rash,1\nagain",),
            ("y",),
        ]
