#!/bin/sh
# Puts back the version of the last good deployment; deploy-with-lock runs it under the same lock
# when deploy.sh or the health check has failed.
set -eu
if [ -z "${DEPLOY_LAST_GOOD_SHA:-}" ]; then
    echo "no good version is known; what runs is left as it is" >&2
    exit 1
fi
echo "the ${DEPLOY_FAILED_STEP:-deployment} of ${DEPLOY_FAILED_SHA:-?} failed," \
    "back to $DEPLOY_LAST_GOOD_SHA of #${DEPLOY_LAST_GOOD_NUMBER:-?}"
exec "$(dirname "$0")/version.sh" "$DEPLOY_LAST_GOOD_SHA"
