#!/bin/bash
# Makes a stand-in for the image python:3.11-slim where no registry can be reached: Debian 12, whose Python is 3.11.
# Usage, as root: base.sh [IMAGE [PACKAGE…]]; prints the image's name. What is there already is not made again.
set -euo pipefail
cd "$(dirname "$0")"
image=${1:-localhost/brandmatrix/base:bookworm}
shift || true
say() { echo "brand-matrix: $*" >&2; }
command -v podman >/dev/null && command -v debootstrap >/dev/null ||
    ./install.sh podman buildah runc iptables netavark aardvark-dns debootstrap debian-archive-keyring
if podman image exists "$image"; then
    echo "$image"
    exit 0
fi
include=$(IFS=,; echo "python3,python3-venv,ca-certificates${*:+,}$*")
root=$(mktemp -d) log=$(mktemp)
trap 'rm -rf "$root" "$log"' EXIT
say "making $image with debootstrap (Debian bookworm, $include; some minutes, once)"
chmod 755 "$root"
if ! debootstrap --variant=minbase --include="$include" bookworm "$root" >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    say "debootstrap failed; a proxy or a Debian mirror may be missing"
    exit 1
fi
rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/usr/share/{doc,man,locale,info}/* "$root"/var/log/*.log
ln -sf python3 "$root/usr/bin/python" # as in the image that this stands in for
tar -C "$root" --numeric-owner -c . | podman import --quiet --change 'CMD ["python3"]' - "$image" >/dev/null
say "$image is ready ($(podman image inspect --format '{{.Size}}' "$image" | awk '{printf "%.0f MB", $1 / 1e6}'))"
echo "$image"
