"""Error messages and exit codes of the commands: one sentence, never a traceback."""

import os
import traceback
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from etl.commands.show import err, print_on_stderr
from warehouse.errors import EnvironmentRefusal, HccError
from warehouse.file.machine_faults import explain_machine_fault

INTERRUPTED = 130

GRAVEST = (1, 10, 11, 12, 13, 7, 6, 3, 5, 4, 8, 0)
"""Exit codes from what concerns the whole system to what concerns one hospital; a run over many ends with the first."""


def exit_code_lines() -> list[str]:
    """Name every exit code and what it means, for `hcc --help`."""
    meanings = {
        0: "Done.",
        1: "A fault of this program; the message names a log.",
        2: "The command line was not understood.",
    }
    meanings |= {kind.exit_code: (kind.__doc__ or "").strip() for kind in HccError.__subclasses__()}
    meanings |= {INTERRUPTED: "Interrupted."}
    return [f"{code}: {meaning}" for code, meaning in sorted(meanings.items())]


def report_failure(error: Exception, *, log_dir: Path) -> int:
    """Print in one sentence what went wrong; return the exit code."""
    sentence, code = explain_failure(error, log_dir=log_dir)
    print_on_stderr(sentence, style="red")
    return code


def explain_failure(error: Exception, *, log_dir: Path) -> tuple[str, int]:
    """Return in one sentence what went wrong, with the exit code; an unexpected error is written to a log."""
    if isinstance(error, HccError):
        return str(error), error.exit_code
    sentence = explain_machine_fault(error)
    if sentence is not None:
        return sentence, EnvironmentRefusal.exit_code
    return f"Something unforeseen went wrong ({type(error).__name__}). {_write_log(error, log_dir)}", 1


def gravest(codes: Iterable[int]) -> int:
    """Of the exit codes of several hospitals, choose the one to end with; 0 when all are in."""
    return min(codes, key=lambda code: GRAVEST.index(code) if code in GRAVEST else 0, default=0)


def log_dir() -> Path:
    """Name the folder of the logs; without the settings where these cannot be read."""
    return Path(os.environ.get("HCC_DATA_DIR", "data")) / "logs"


def _write_log(error: Exception, log_dir: Path) -> str:
    # The text of a foreign exception may quote a patient's cell: the log holds where it happened, not its message.
    path = log_dir / f"hcc-{datetime.now(UTC):%Y%m%dT%H%M%S}-{os.getpid()}.log"
    lines = []
    chain: BaseException | None = error
    while chain is not None:
        lines += [f"{type(chain).__module__}.{type(chain).__qualname__}\n", *traceback.format_tb(chain.__traceback__)]
        chain = chain.__cause__ or chain.__context__
    try:
        log_dir.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(lines), encoding="utf-8")
    except OSError:
        return "Its log could not be written; `hcc --traceback ...` shows what happened."
    return (
        f"Where it happened is in {path}; `hcc --traceback ...` shows all of it, which may include cells of the data."
    )


def show_traceback() -> None:
    """Print the exception that is being handled, in full, on stderr."""
    err().print(traceback.format_exc(), markup=False, soft_wrap=True)
