#!/bin/sh
# Deploys a version:
#
#   deploy-with-lock --sha "$VERSION" --health-url http://127.0.0.1:3000/healthz \
#       --health-expect '{sha}' --health-stable 2 --rollback ./rollback.sh -- ./deploy.sh "$VERSION"
#
# It changes what runs, and nothing that a rollback could not take back: migrations of a database are
# to be such that the version before works with them, or run with --no-rollback.
set -eu
version=${1:?usage: deploy.sh VERSION}
echo "deploying $version as #${DEPLOY_NUMBER:-?}"
exec "$(dirname "$0")/version.sh" "$version"
