#!/bin/bash
# Starts MongoDB (7, 8) as a member of the replica set with access control. mongod wants its key file owned by itself
# and readable by nobody else, which a mounted secret is not.
set -euo pipefail
install -m 400 -o mongodb -g mongodb /run/secrets/mongo-keyfile /tmp/mongo-keyfile
exec docker-entrypoint.sh mongod --replSet rs0 --keyFile /tmp/mongo-keyfile --bind_ip_all "$@"
