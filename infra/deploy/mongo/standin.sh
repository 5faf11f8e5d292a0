#!/bin/bash
# What the entry point of the image mongo:8 does at its first start: the administrator, by MONGO_INITDB_ROOT_USERNAME and
# MONGO_INITDB_ROOT_PASSWORD_FILE, on a mongod that only this container reaches; then the real one, as user mongodb.
set -euo pipefail
chown -R mongodb /data/db
as() { setpriv --reuid=mongodb --regid=mongodb --init-groups "$@"; }
if [ ! -e /data/db/WiredTiger ]; then
    as mongod --dbpath /data/db --bind_ip 127.0.0.1 --port 27018 --nounixsocket --fork --logpath /data/db/first.log
    python3 - <<'PYTHON'
import os, pathlib, pymongo
password = pathlib.Path(os.environ["MONGO_INITDB_ROOT_PASSWORD_FILE"]).read_text().strip()
admin = pymongo.MongoClient("mongodb://127.0.0.1:27018/?directConnection=true").admin
admin.command("createUser", os.environ["MONGO_INITDB_ROOT_USERNAME"], pwd=password, roles=["root"])
PYTHON
    as mongod --dbpath /data/db --shutdown
fi
shift # mongod
exec setpriv --reuid=mongodb --regid=mongodb --init-groups mongod --dbpath /data/db --nounixsocket "$@"
