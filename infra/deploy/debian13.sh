#!/bin/bash
# Tries what is committed on a fresh Debian 13 (minbase, python3, make and ca-certificates; nothing else): make run, then
# make test. Usage, as root: debian13.sh [ARGUMENT of pytest…]. The system lies in .runtime/debian13 until the next try;
# to be rid of it: rm -rf .runtime/debian13. Its processes and mounts end with this script, however it ends.
# The mirror, proxies, certificates and pip's configuration are this machine's; MIRROR names another mirror.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD/.runtime/debian13
say() { echo "brand-matrix: $*" >&2; }

if [ "$(id -u)" != 0 ]; then
    say "please run this as root: it mounts and changes its root"
    exit 1
fi
if [ "${BRANDMATRIX_INSIDE:-}" != "$root" ]; then # mounts and processes of our own, debootstrap's too: they end with us
    export BRANDMATRIX_INSIDE=$root
    exec unshare --mount --propagation private --pid --fork --kill-child --mount-proc "$PWD/infra/deploy/debian13.sh" "$@"
fi
command -v debootstrap >/dev/null || infra/deploy/install.sh debootstrap debian-archive-keyring
of_this_machine() { apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' | awk 'NR == 1'; }
mirror=${MIRROR:-$(of_this_machine)}
if [ -z "$mirror" ]; then
    say "this machine's apt knows no Debian mirror; name one: MIRROR=…"
    exit 1
fi

say "making $root with debootstrap (Debian trixie, minbase; some minutes)"
rm -rf --one-file-system "$root" && mkdir -p "$root"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
trap 'exit 1' INT TERM
if ! debootstrap --variant=minbase --include=python3,make,ca-certificates trixie "$root" "$mirror" >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    say "debootstrap failed"
    exit 1
fi
cp /etc/resolv.conf /etc/hosts "$root/etc/"
apt-config dump | grep -E '^Acquire::(Check|https?)[-:]' >"$root/etc/apt/apt.conf.d/99machine" || true
mkdir -p "$root"/{etc/xdg,root/.config}
for place in /etc/pip.conf /etc/xdg/pip ~/.config/pip ~/.pip; do
    [ ! -e "$place" ] || cp -r "$place" "$root${place/#"$HOME"//root}"
done
cp -r /usr/local/share/ca-certificates "$root/usr/local/share/"
chroot "$root" update-ca-certificates >"$log" 2>&1
git clone --quiet --no-hardlinks . "$root/srv/brand-matrix"

mapfile -t environ < <(env | grep -iE '^(PIP_|SSL_CERT_|[a-z]+_proxy=)')
say "$(git -C "$root/srv/brand-matrix" log -1 --format='%h %s') on Debian $(cat "$root/etc/debian_version")"
mount --rbind /dev "$root/dev" && mount --rbind /sys "$root/sys" && mount -t proc proc "$root/proc"
# shellcheck disable=SC2016 # for the shell inside
chroot "$root" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
    TERM="${TERM:-dumb}" "${environ[@]}" bash -euc '
    cd /srv/brand-matrix
    make run ARGS=--once
    make test ARGS="$*"
    echo "Debian $(cat /etc/debian_version), $(python3 -V), RabbitMQ $(dpkg-query -W rabbitmq-server | cut -f 2): all passed"
    ' - "$@"
