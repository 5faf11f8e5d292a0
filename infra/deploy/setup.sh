#!/bin/bash
# Makes .venv with this project and exactly what a lock names. Quick when nothing changed.
# Usage: setup.sh [users|developers]; users: requirements.lock, which make run needs; developers (or nothing):
# requirements-dev.lock on top, which the tests need. PYTHON chooses the interpreter (default: python3 on PATH).
set -euo pipefail
cd "$(dirname "$0")/../.."
say() { echo "brand-matrix: $*" >&2; }
begun=$SECONDS
python=${PYTHON:-python3}
whom=${1:-developers}
case $whom in
users) locks=(requirements.lock) megabytes=1000 ;;
developers) locks=(requirements.lock requirements-dev.lock) megabytes=2000 ;;
*) say "usage: setup.sh [users|developers]" && exit 2 ;;
esac

if ! command -v "$python" >/dev/null; then
    infra/deploy/install.sh python3 python3-venv
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    say "this needs Python 3.11 or newer, and $python is $("$python" -V 2>&1); name another: PYTHON=python3.12 make …"
    exit 1
fi

stamp=.venv/.stamp # .stamp-users, .stamp-developers: what each was last made of
want() { echo "$PWD $(cat "$@" pyproject.toml infra/deploy/setup.sh <("$python" -VV) | sha256sum)"; }
compile() { # written even where PYTHONDONTWRITEBYTECODE keeps every start of a service from doing so; quick when nothing changed
    .venv/bin/python -m compileall -q infra services
}
if [ "$(cat "$stamp-$whom" 2>/dev/null)" = "$(want "${locks[@]}")" ]; then
    compile
    exit 0
fi
free=$(($(df --output=avail -k . | tail -n 1) / 1000)) here=$(du -sk .venv 2>/dev/null | cut -f 1 || true)
if [ $((free + ${here:-0} / 1000)) -lt "$megabytes" ]; then
    say "this needs about $megabytes MB of disk (packages, servers, data) and $free MB are free in $PWD"
    exit 1
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
rm -f "$stamp"*

total=$(grep -c '==' "${locks[-1]}") log=.venv/setup.log
say "installing up to $total packages into .venv (a minute or two the first time)"
progress() {
    awk -v total="$total" -v tty="$([ -t 2 ] && echo 1 || echo 0)" '
        /^Collecting|^Requirement already/ { n++; if (tty) printf "\r\033[K  %d/%d %s", n, total, $2 > "/dev/stderr" }
        /^Installing collected/ { if (tty) printf "\r\033[K" > "/dev/stderr"; print "  writing files" > "/dev/stderr" }
        END { if (tty) printf "\r\033[K" > "/dev/stderr" }'
}
pip() { .venv/bin/python -m pip --disable-pip-version-check --no-input "$@" 2>&1 | tee -a "$log" | progress; }
: >"$log"
{
    cat "${locks[-1]}"
    [ "$whom" = developers ] || awk '/^[^ #]/ { wanted = /^setuptools==/ } wanted' requirements-dev.lock # builds this project
} >.venv/wanted.lock
# --no-deps: the lock names everything, and older pips want an extra of a pinned package (pydantic[email]) pinned again
if ! pip install --no-deps --require-hashes -r .venv/wanted.lock ||
    ! pip install --no-deps --no-build-isolation -e .; then
    tail -n 20 "$log" >&2
    say "the installation failed; all of it is in $log"
    exit 1
fi
compile
want requirements.lock >"$stamp-users"
if [ "$whom" = developers ]; then
    want "${locks[@]}" >"$stamp-developers"
fi
say "the environment is ready ($((SECONDS - begun)) s)"
