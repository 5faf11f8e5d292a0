#!/bin/bash
# Pins and hashes the dependencies of pyproject.toml; the files name no index and no machine.
set -euo pipefail
cd "$(dirname "$0")/../.."
.venv/bin/python -m pip --disable-pip-version-check install -q 'uv>=0.8'

lock() { # FILE OPTION…
    local file=$1 fresh
    shift
    fresh=$(mktemp)
    cp "$file" "$fresh" 2>/dev/null || true # what is pinned stays unless UPGRADE=1
    .venv/bin/python -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
        --no-emit-index-url --no-emit-find-links ${UPGRADE:+--upgrade} "$@" pyproject.toml -o "$fresh"
    if grep -nE '://|--(extra-)?index|--find-links| @ ' "$fresh"; then
        echo "the lock names a place; it must not" >&2
        exit 1
    fi
    { echo "# Made by: make lock (UPGRADE=1 make lock takes newer versions). Never edited by hand."; grep -v '^# Made by' "$fresh"; } >"$file"
    rm -f "$fresh"
    echo "$file: $(grep -c '==' "$file") packages"
}
lock requirements.lock --extra embedded
lock requirements-dev.lock --extra embedded --extra dev
