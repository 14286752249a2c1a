#!/bin/sh
# Backups of the database: one compressed SQL file a day, in BACKUPS, kept 35 days.
#   backup.sh once      make today's file now
#   backup.sh nightly   make one now if today has none, then one each night at 03:00 UTC
#   backup.sh fresh     end with 0 if the newest file is less than 26 hours old
#
# Why not pg_dump alone: it writes rows in the order they lie on disk, which is about the order they came in, so that
# an account and a member made together would stand at the same depth of their tables. Here every table is written in
# the order of its random key. Sessions are left out: whoever holds a backup must not hold anyone's sign-in.
# The key ring is not in the database, and must never be kept beside these files.
set -eu
umask 077
: "${BACKUPS:?where the files go}"
if [ -n "${PGPASSWORD_FILE:-}" ]; then
    PGPASSWORD=$(cat "$PGPASSWORD_FILE")
    export PGPASSWORD
fi
KEPT_DAYS=35
# The server gives up whoever takes nothing for five seconds. A disk that stands still for longer is no reason to.
export PGOPTIONS="-c tcp_user_timeout=0"

sql() { psql --no-psqlrc --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 "$@"; }

# The script that prints every table's rows as a COPY block, all from one moment.
plan() {
    echo 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;'
    sql <<'SQL'
SELECT format(E'\\echo ''COPY %s (%s) FROM stdin;''\nCOPY (SELECT %s FROM %s ORDER BY %s) TO STDOUT;\n\\echo ''\\\\.''',
              name, columns, columns, name, keys)
FROM (
    SELECT format('public.%I', c.relname) AS name,
           (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
             WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '') AS columns,
           (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY k.place)
              FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS k (attnum, place), pg_attribute a
             WHERE i.indrelid = c.oid AND i.indisprimary AND a.attrelid = c.oid AND a.attnum = k.attnum) AS keys
    FROM pg_class c
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
      AND c.relname NOT LIKE 'accounts\_session%'
) AS tables ORDER BY name;
SELECT format(E'\\echo ''SELECT setval(''''public.%I'''', %s);''', sequencename, last_value)
FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL ORDER BY sequencename;
SQL
    echo 'COMMIT;'
}

once() {
    file="$BACKUPS/kith-$(date -u +%F).sql.gz"
    # What a backup left that was cut off: rows, which must not be kept for longer than a backup is.
    find "$BACKUPS" -maxdepth 1 -name '.part.*' -mmin +1440 -exec rm -rf {} +
    work=$(mktemp -d "$BACKUPS/.part.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    # Each part is a command of its own: in a pipe, a part that breaks would go unseen.
    pg_dump --schema-only --no-owner --no-privileges --section=pre-data > "$work/1.sql"
    plan > "$work/plan.sql"
    sql --file="$work/plan.sql" > "$work/2.sql"
    # So that it knows itself for an older copy where it is restored: core/ledger.py.
    echo "DELETE FROM public.config_replayed WHERE name = 'copy';" >> "$work/2.sql"
    echo "INSERT INTO public.config_replayed (id, name, lines) VALUES (0, 'copy', 0);" >> "$work/2.sql"
    pg_dump --schema-only --no-owner --no-privileges --section=post-data > "$work/3.sql"
    cat "$work/1.sql" "$work/2.sql" "$work/3.sql" | gzip -n > "$work/all.gz"
    mv "$work/all.gz" "$file"
    rm -rf "$work"
    trap - EXIT
    find "$BACKUPS" -name 'kith-*.sql.gz' -mmin "+$((KEPT_DAYS * 1440))" -delete
    echo "backup made"
}

nightly() {
    [ -e "$BACKUPS/kith-$(date -u +%F).sql.gz" ] || again
    while true; do
        sleep $(((86400 + 3 * 3600 - $(date -u +%s) % 86400 - 1) % 86400 + 1)) # to the next 03:00
        again
    done
}

again() { # a database that is away for a moment must not cost a night's backup
    until "$0" once; do
        echo "backup not made, trying again in ten minutes" >&2
        sleep 600
    done
}

case "${1:-}" in
    once) once ;;
    nightly) nightly ;;
    fresh) find "$BACKUPS" -name 'kith-*.sql.gz' -mmin -1560 | grep --quiet . ;;
    *)
        echo "backup.sh once | nightly | fresh" >&2
        exit 2
        ;;
esac
