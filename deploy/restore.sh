#!/bin/sh
# Put one backup into an empty database: restore.sh kith-2026-11-22.sql.gz
# All or nothing: a file that does not fit leaves the database empty. Stop web, live and worker first.
set -eu
file=${1:?which backup}
if [ -n "${PGPASSWORD_FILE:-}" ]; then
    PGPASSWORD=$(cat "$PGPASSWORD_FILE")
    export PGPASSWORD
fi

sql() { psql --no-psqlrc --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 "$@"; }

gzip --test "$file"
if [ "$(sql --command="SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")" != 0 ]; then
    echo "The database is not empty, so nothing was done. Restore into a new one: docs/backups.md, Restore." >&2
    exit 1
fi
gzip --decompress --stdout "$file" | sql --single-transaction --output=/dev/null
sql --command='ANALYZE'
day=$(basename "$file" .sql.gz)
cat >&2 <<END
Restored ${day#kith-}. Everybody has to sign in again. What was deleted after that day is back for the moment, and is
deleted again by the ledger of erasures before anything is served:
    docker compose run --rm ready
Then have the record of acts say that an older copy was put back:
    docker compose run --rm ready python manage.py audit restored
docs/backups.md, Restore, says what the ledger does not bring back.
END
