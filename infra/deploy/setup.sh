#!/bin/bash
# Makes .venv with exactly what requirements-dev.lock names, and this project itself. Quick when nothing changed.
# PYTHON chooses the interpreter (default: python3 on PATH).
set -euo pipefail
cd "$(dirname "$0")/../.."
say() { echo "brand-matrix: $*" >&2; }
begun=$SECONDS
python=${PYTHON:-python3}

if ! command -v "$python" >/dev/null; then
    infra/deploy/install.sh python3 python3-venv
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    say "this needs Python 3.11 or newer, and $python is $("$python" -V 2>&1); name another: PYTHON=python3.12 make …"
    exit 1
fi

stamp=.venv/.stamp
want="$PWD $(cat requirements-dev.lock pyproject.toml "$0" <("$python" -VV) | sha256sum)"
compile() { # written even where PYTHONDONTWRITEBYTECODE keeps every start of a service from doing so; quick when nothing changed
    .venv/bin/python -m compileall -q infra services
}
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ]; then
    compile
    exit 0
fi

if [ ! -x .venv/bin/pip ] || [[ "$(head -n 1 .venv/bin/pip)" != "#!$PWD/.venv/"* ]] || ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    rm -rf .venv
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        say "$python has no venv module (Debian and Ubuntu ship it apart)"
        infra/deploy/install.sh python3-venv
    fi
    say "making .venv with $("$python" -V)"
    "$python" -m venv .venv
fi
rm -f "$stamp"

total=$(grep -c '==' requirements-dev.lock)
log=.venv/setup.log
say "installing up to $total packages into .venv (a minute or two the first time)"
progress() {
    awk -v total="$total" -v tty="$([ -t 2 ] && echo 1 || echo 0)" '
        /^Collecting|^Requirement already/ { n++; if (tty) printf "\r\033[K  %d/%d %s", n, total, $2 > "/dev/stderr" }
        /^Installing collected/ { if (tty) printf "\r\033[K" > "/dev/stderr"; print "  writing files" > "/dev/stderr" }
        END { if (tty) printf "\r\033[K" > "/dev/stderr" }'
}
pip() { .venv/bin/python -m pip --disable-pip-version-check --no-input "$@" 2>&1 | tee -a "$log" | progress; }
: >"$log"
# --no-deps: the lock names everything, and older pips want an extra of a pinned package (pydantic[email]) pinned again
if ! pip install --no-deps --require-hashes -r requirements-dev.lock ||
    ! pip install --no-deps --no-build-isolation -e .; then
    tail -n 20 "$log" >&2
    say "the installation failed; all of it is in $log"
    exit 1
fi
compile
echo "$want" >"$stamp"
say "the environment is ready ($((SECONDS - begun)) s)"
