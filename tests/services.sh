#!/bin/sh
# What the tests use and pip cannot bring: a PostgreSQL server and Chromium. Installed where we may; else the tests
# that need one are skipped with that reason, and in CI (CI=true) they fail instead.
missing=""
ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || missing="$missing postgresql"
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing$missing …"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
    echo "Not installed:$missing. The tests that need them are skipped; install them by hand to run those too."
fi
