"""The key of the pseudonyms, and the pseudonyms."""

import os
import re
import stat
import subprocess
from pathlib import Path

import pytest

from etl.identity.key import keep_new_key, key_fingerprint, new_key, read_key
from etl.identity.pseudonym import pseudonym
from warehouse.errors import BusyError, EnvironmentRefusal


def make_key(keys_dir: Path, site_id: str) -> bytes:
    key = new_key()
    keep_new_key(keys_dir, site_id, key)
    return key


def test_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    assert read_key(tmp_path / "keys", "snuh") is None
    key = make_key(tmp_path / "keys", "snuh")
    path = tmp_path / "keys" / "snuh.key"
    assert len(key) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_key(tmp_path / "keys", "snuh") == key
    assert make_key(tmp_path / "keys", "smc") != key
    assert sorted(child.name for child in path.parent.iterdir()) == ["smc.key", "snuh.key"]


def test_a_key_that_another_run_made_meanwhile_stays(tmp_path: Path) -> None:
    key = make_key(tmp_path, "snuh")
    with pytest.raises(BusyError, match=r"another run has made the key of snuh meanwhile\. Run this one again"):
        make_key(tmp_path, "snuh")
    assert read_key(tmp_path, "snuh") == key
    keep_new_key(tmp_path, "snuh", key)


def test_what_a_killed_run_left_of_a_key_is_removed(tmp_path: Path) -> None:
    key = make_key(tmp_path, "snuh")
    (ended := subprocess.Popen(["true"])).wait()
    dead, alive = (tmp_path / f".snuh.key.1.{process}.draft" for process in (ended.pid, os.getppid()))
    for draft in (dead, alive):
        draft.write_text("00" * 32, encoding="ascii")
    assert read_key(tmp_path, "snuh") == key
    assert not dead.exists()
    assert alive.exists()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o666])
def test_key_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    make_key(tmp_path, "snuh")
    (tmp_path / "snuh.key").chmod(mode)
    with pytest.raises(EnvironmentRefusal, match=rf"others can read the key .*mode {mode:o}, expected 600.*chmod 600"):
        read_key(tmp_path, "snuh")


def test_damaged_key_is_refused_not_replaced(tmp_path: Path) -> None:
    make_key(tmp_path, "snuh")
    (tmp_path / "snuh.key").write_text("abc")
    with pytest.raises(EnvironmentRefusal, match=r"not a key of 32 bytes.*Restore it"):
        read_key(tmp_path, "snuh")


def test_keys_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("a file in the way")
    with pytest.raises(EnvironmentRefusal, match="the key cannot be written"):
        make_key(tmp_path / "keys", "snuh")


def test_pseudonym_is_short_stable_and_keyed() -> None:
    assert re.fullmatch("[a-z2-7]{16}", pseudonym(b"k" * 32, "S001"))
    assert pseudonym(b"k" * 32, "S001") == pseudonym(b"k" * 32, " S001 ")
    assert pseudonym(b"k" * 32, "홍") == pseudonym(b"k" * 32, "홍")
    assert pseudonym(b"k" * 32, "S001") != pseudonym(b"K" * 32, "S001")
    assert pseudonym(b"k" * 32, "S001") != pseudonym(b"k" * 32, "S002")


def test_fingerprint_does_not_hold_the_key() -> None:
    key = bytes(range(32))
    assert key.hex()[:16] != key_fingerprint(key)
    assert key_fingerprint(key) != key_fingerprint(key[::-1])
