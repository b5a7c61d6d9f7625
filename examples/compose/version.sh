#!/bin/sh
# Makes the app run a version, whichever ran before: version.sh VERSION
#
# Used by deploy.sh and rollback.sh, so that both do the same.
set -eu
cd "$(dirname "$0")"
version=${1:?usage: version.sh VERSION}

# The tools found: COMPOSE, or docker compose, or podman-compose.
if [ -n "${COMPOSE:-}" ]; then
    compose=$COMPOSE
elif docker compose version >/dev/null 2>&1; then
    compose='docker compose'
elif command -v podman-compose >/dev/null 2>&1; then
    compose=podman-compose
else
    echo "neither docker compose nor podman-compose is there" >&2
    exit 1
fi

# Nothing is stopped before the images of the new version are here: .env still has the old one.
if [ "${PULL:-yes}" = yes ]; then
    VERSION=$version $compose pull
fi
# Replaced as a whole: a compose that starts after a crash reads the one or the other.
printf 'VERSION=%s\n' "$version" >.env.new
mv .env.new .env
$compose up -d --remove-orphans
