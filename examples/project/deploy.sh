#!/bin/sh
# Makes the release that it lies in, FOLDER/releases/VERSION, the one that is served. It comes with the
# files of each commit, so what it does may change with them; deploy-with-lock runs it on the server.
# Usage: deploy.sh lightning|docker
#   lightning  the container is restarted, and serves the files of this release
#   docker     an image is built of this release, and a container of it takes the place of the old one
# FOLDER/.env has what differs between servers, such as PORT.
set -eu
tier=${1:?usage: deploy.sh lightning|docker}
release=$(cd "$(dirname "$0")" && pwd -P)
version=${release##*/}
cd "$release/../.."
previous=$(readlink current || true)

compose() {
    APP=$PWD VERSION=$version ${COMPOSE:-docker compose} -p app --env-file "$PWD/.env" \
        -f "$release/compose.yml" "$@"
}
# One rename: whoever looks sees the one release or the other.
switch() {
    ln -sfn "releases/$version" current.new
    mv -T current.new current
}

[ -e .env ] || : >.env
# For the health check: --health-expect 'ok {sha}' is about this release and no other.
echo "ok $version" >"$release/public/healthz"
echo "deploying $version as #${DEPLOY_NUMBER:-?}, $tier"
case $tier in
    lightning)
        switch
        compose restart web
        ;;
    docker)
        # Nothing is stopped before the new image is there.
        compose build web
        switch
        compose up -d web
        ;;
    *)
        echo "unknown tier '$tier'; see $0" >&2
        exit 64
        ;;
esac

# What nobody goes back to any more.
find releases -mindepth 1 -maxdepth 1 -mtime +30 ! -name "$version" ! -name "${previous##*/}" \
    -exec rm -rf {} +
