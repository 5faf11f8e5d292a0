#!/bin/bash
# Installs Debian/Ubuntu packages without starting the services they bring. Usage: install.sh PACKAGE…
set -euo pipefail
say() { echo "brand-matrix: $*" >&2; }
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    say "please install, as root: $*"
    exit 1
fi
exec 9>/var/lock/brand-matrix-install
flock --timeout 600 9
export DEBIAN_FRONTEND=noninteractive

policy=/usr/sbin/policy-rc.d log=$(mktemp)
trap 'rm -f "$log"' EXIT
trap 'exit 1' INT TERM
if [ ! -e "$policy" ]; then
    trap 'rm -f "$log" "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
fi

say "installing $* (Debian packages, once; up to a minute)"
apt() { apt-get -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@" >>"$log" 2>&1; }
apt update || say "apt-get update failed; trying with the lists that are here"
if ! apt install -y --no-install-recommends "$@"; then
    tail -n 15 "$log" >&2
    say "could not install $*"
    exit 1
fi
