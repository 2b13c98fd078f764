#!/bin/sh
# Makes .venv from requirements.lock and installs the project into it, then writes .venv/.stamp.
# With uv when it is there, else with the first Python on the PATH that fits, its venv and pip. Nothing is installed
# that requirements.lock does not name with its hash. The stamp is written last: a set-up that failed is done again.
set -eu
cd "$(dirname "$0")/.."

main() {
    rm -f .venv/.stamp
    keep_or_remove_environment
    if runs uv --version; then
        make_with_uv || { say "uv could not do it; trying pip."; make_with_pip; }
    else
        make_with_pip
    fi
    : > .venv/.stamp
}

say() { printf '%s\n' "$*" >&2; }

runs() { "$@" >/dev/null 2>&1; }

# True for an interpreter that starts and is one of ours; a pyenv shim of a version that is not chosen does not start.
fits() { runs "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'; }

keep_or_remove_environment() {
    if [ -e .venv ] && ! fits .venv/bin/python; then
        say "The Python of .venv is gone or does not fit; .venv is made anew."
        rm -rf .venv
    fi
}

make_with_uv() {
    # A Python that nobody asked for must not be downloaded.
    export UV_PYTHON_DOWNLOADS=never
    if [ ! -e .venv ]; then
        say "Making .venv with uv ..."
        uv venv --quiet --python '>=3.11,<3.14' .venv || return 1
    fi
    say "Installing the packages of requirements.lock with uv ..."
    uv pip install --quiet --python .venv/bin/python --require-hashes -r requirements.lock || return 1
    uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation -e .
}

make_with_pip() {
    if [ -e .venv ] && ! runs .venv/bin/python -m pip --version; then
        rm -rf .venv
    fi
    if [ ! -e .venv ]; then
        python=$(find_python)
        say "Making .venv with $python, venv and pip ..."
        "$python" -m venv .venv
    fi
    pip="env PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore .venv/bin/python -m pip"
    say "Installing the packages of requirements.lock with pip (a minute or two) ..."
    # The lock is whole: nothing is left for pip to resolve, and an older pip would look past the pins of extras.
    $pip install --quiet --require-hashes --no-deps -r requirements.lock
    $pip install --quiet --no-deps --no-build-isolation -e .
}

find_python() {
    without_venv=
    for candidate in python3.13 python3.12 python3.11 python3 python; do
        fits "$candidate" || continue
        if runs "$candidate" -c 'import ensurepip, venv'; then
            echo "$candidate"
            return
        fi
        without_venv=${without_venv:-$candidate}
    done
    if [ -n "$without_venv" ]; then
        version=$("$without_venv" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        say "$without_venv cannot make environments: install its venv (Debian, Ubuntu: apt install python$version-venv) or uv, then run this again."
    else
        say "No Python 3.11, 3.12 or 3.13 was found on the PATH: install one with its venv (Debian, Ubuntu: apt install python3 python3-venv) or uv, then run this again."
    fi
    return 1
}

main
