#!/bin/bash
# Makes the secrets of an installation with compose.yaml: one file each, one user per service and server, never twice
# the same password. Usage: secrets.sh [FOLDER]. What is there already stays; delete a file (of departments: a line) and
# run it to renew it.
set -euo pipefail
cd "$(dirname "$0")"
folder=${1:-secrets}
vhost=brandmatrix rabbit=${RABBIT_HOST:-rabbitmq:5672} mongo=${MONGO_HOST:-mongo:27017}
umask 077
mkdir -p "$folder"
word() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
keep() { # FILE: standard input, unless the file is there; readable inside a container whatever its user, the folder is not
    if [ ! -e "$folder/$1" ]; then
        cat >"$folder/$1.fresh"
        chmod 444 "$folder/$1.fresh"
        mv "$folder/$1.fresh" "$folder/$1"
    fi
}
for service in registry review activities notify; do
    keep "$service-mongo" <<<"mongodb://$service:$(word)@$mongo/$service?replicaSet=rs0"
    keep "$service-amqp" <<<"amqp://$vhost.$service:$(word)@$rabbit/$vhost"
done
keep mongo-keyfile < <(for _ in $(seq 16); do word; done)
keep mongo-root-password <<<"$(word)"
keep mongo-root-url <<<"mongodb://root:$(cat "$folder/mongo-root-password")@$mongo/?authSource=admin&directConnection=true"
admin=$(word)
keep rabbitmq-admin.conf <<<"default_user = admin"$'\n'"default_pass = $admin"
admin=$(awk '$1 == "default_pass" { print $3 }' "$folder/rabbitmq-admin.conf")
rm -f "$folder/rabbitmq-url"
keep rabbitmq-url <<<"http://admin:$admin@${rabbit%:*}:15672"
kept=$folder/departments
{
    echo "# Each department's AMQP URL (give it to nobody else), then how the types of its events begin."
    while read -r name types; do
        case $name in '' | '#'*) continue ;; esac
        grep -s "^amqp://$vhost\.dept\.$name:" "$kept" || echo "amqp://$vhost.dept.$name:$(word)@$rabbit/$vhost $types"
    done <rabbitmq/departments
} >"$kept.fresh"
chmod 444 "$kept.fresh"
mv "$kept.fresh" "$kept"
echo "$folder: $(find "$folder" -type f | wc -l) files; keep them out of every repository and back them up" >&2
