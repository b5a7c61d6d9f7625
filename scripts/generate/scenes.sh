# shellcheck shell=bash disable=SC2016,SC2034,SC2317,SC2329
# The scenes in which scripts/generate/transcripts.py runs the commands of the documents: each function
# prepares one. $SANDBOX has the directories, /srv/app is where we are.

# program NAME: a program of that name, whose text is on standard input.
program() {
    cat >"$SANDBOX/bin/$1"
    chmod +x "$SANDBOX/bin/$1"
}

# What every scene has: an application with its deployment, and programs that a test cannot have.
prepare() {
    # What a job of GitHub Actions has in its environment.
    GITHUB_SHA=9b1c77e3ad0b5c6f GITHUB_REF_NAME=main GITHUB_ACTOR=ann SHA=9b1c77e3ad0b5c6f
    GITHUB_SERVER_URL=https://github.com GITHUB_REPOSITORY=example/shop GITHUB_RUN_ID=507
    program sudo <<<'#!/bin/sh
case $1 in check-deploy-lock | deploy-with-lock) exec "$@" ;; esac
echo "sudo $1 may change this machine; put <!-- not run: … --> before the block" >&2
exit 1'
    # What the repository has of the examples.
    install -D "$ROOT/examples/ci/quote" ci/quote
    # What is asked of another machine is asked of this one.
    program ssh <<<'#!/bin/sh
while [ "${1#-}" != "$1" ]; do shift; done
shift
exec sh -c "$*"'
    local name
    for name in docker mail notify-mail sendmail systemctl; do
        program "$name" <<<'#!/bin/sh
exit 0'
    done
    mkdir -p "$SANDBOX/var/lib/prometheus/node-exporter"
    # What would change this machine is not for a document that is run: `not run` is what it takes.
    for name in addgroup adduser apt apt-get dpkg groupadd groupdel useradd userdel usermod; do
        program "$name" <<<'#!/bin/sh
echo "${0##*/} would change this machine; put <!-- not run: … --> before the block" >&2
exit 1'
    done
    # A site that is well: what was deployed, and the status of HTTP.
    program curl <<<'#!/bin/sh
printf "%s\n200" "${DEPLOY_SHA:-}"'
    export GITHUB_STEP_SUMMARY=$SANDBOX/tmp/summary
    # Nobody has to see it wait.
    export DEPLOY_HEALTH_DELAY=0s DEPLOY_HEALTH_INTERVAL=0s
    for name in deploy.sh nightly-update.sh rollback.sh; do
        # With HANGS it runs until somebody ends it, with CODE it fails.
        cat >"$name" <<<'#!/bin/sh
[ -z "${HANGS:-}" ] || { : >"$SANDBOX/tmp/up"; exec sleep 300; }
exit "${CODE:-0}"'
        chmod +x "$name"
    done
}

# until_true COMMAND …
until_true() {
    local tries=0
    until "$@" >/dev/null 2>&1; do
        [ $((tries += 1)) -lt 1500 ] || { echo "never true: $*"; exit 1; }
        sleep 0.02
    done
}

# Nothing was ever deployed here.
fresh() { :; }

# Somebody has deployed once.
begun() { deploy-with-lock --quiet -- ./deploy.sh web; }

# A server with a history: 41 deployments, two of which failed.
history() {
    python3 "$ROOT/scripts/generate/history.py" "$DEPLOY_LOCK_FILE" |
        deploystats import --events - --ledger "$DEPLOY_LEDGER"
}

# As queued, for longer than a second.
queued_long() {
    queued
    sleep 1.1
}

# As queued, and a person answers on a terminal.
asked() {
    queued
    program sudo <<<"#!/bin/sh
exec python3 $ROOT/scripts/generate/answer.py 'Reason=hangs on the image pull' 'Type yes=yes' -- \"\$@\""
}

# The wrapper of #42 was killed; its command goes on.
orphan() {
    queued
    kill -9 "$(check-deploy-lock --json --no-record | jq .holder.pid)"
    until_true sh -c 'deploystats events | grep -q wrapper_lost'
}

# #42 deploys, #43 to #45 wait, and only #43 is of another branch.
busy() {
    held
    deploy-with-lock --quiet --source cron --ref backup -- ./nightly-update.sh >"$SANDBOX/tmp/log" 2>&1 &
    until_true waiting_deployments 1
    local sha count=1
    for sha in 9b1c77e 41d0aa2; do
        deploy-with-lock --quiet --source gha --actor ann --tier docker --ref main --sha $sha \
            --yield-to-newer -- ./deploy.sh web >"$SANDBOX/tmp/log" 2>&1 &
        until_true waiting_deployments $((count += 1))
    done
}

# #42 and #43 stepped aside for #44, which failed; #45 came later and succeeded.
batch() {
    held
    local sha count=0
    for sha in 9b1c77e 0c2f5d1 41d0aa2; do
        CODE=7 deploy-with-lock --quiet --source gha --actor ann --tier docker --ref main --sha $sha \
            --yield-to-newer -- ./deploy.sh web >"$SANDBOX/tmp/log" 2>&1 &
        until_true waiting_deployments $((count += 1))
    done
    kill "$(check-deploy-lock --json --no-record | jq .holder.pid)"
    wait
    deploy-with-lock --quiet --source gha --actor ann --tier docker --ref main --sha 5e1f0c2 \
        --yield-to-newer -- ./deploy.sh web
}

# One succeeds, one runs, and one does not wait.
counted() {
    deploy-with-lock --quiet --actor ann --tier docker -- ./deploy.sh web
    HANGS=1 deploy-with-lock --quiet --actor ann -- ./deploy.sh web >"$SANDBOX/tmp/log" 2>&1 &
    until_true test -e "$SANDBOX/tmp/up"
    deploy-with-lock --quiet --no-wait --actor bob -- ./deploy.sh web || true
}

# Somebody wrote a script that deploys without the lock.
bypass() {
    printf '#!/bin/sh\nset -e\ncd /srv/app\ndocker compose up -d web\n' >update.sh
}

# Somebody may look at the dashboard.
dashboard() { deploy-dashboard token ann; }

# A program that tells people.
notifier() {
    program notify-slack <<<'#!/bin/sh
exec cat >/dev/null'
    cp "$SANDBOX/bin/notify-slack" "$SANDBOX/usr/local/bin/"
}

# A server with a history, in a folder that has what the source has to copy.
checkout() {
    history
    ln -s "$ROOT/examples" "$ROOT/reports" .
    echo 'Branch main (at 3f2a9c1) deployed as release 20260315093841 by ann' >revisions.log
    program kamal <<<'#!/bin/sh
echo "App Host: web-1"
echo "[2026-03-16T09:41:00Z] [bob] Pulled image with version 9b1c77e3"
echo "[2026-03-16T09:42:10Z] [bob] [web] Booted app version 9b1c77e3"'
}

# A server with a history, and #42 deploys for as long as the scene lasts.
held() {
    history
    HANGS=1 deploy-with-lock --quiet --source gha --actor bob --tier docker --ref main --sha 3f2a9c1 \
        -- ./deploy.sh web >"$SANDBOX/tmp/log" 2>&1 &
    until_true test -e "$SANDBOX/tmp/up"
}

# waiting_deployments N: whether as many wait.
waiting_deployments() { check-deploy-lock --no-record | grep -q "^$1 waiting:"; }

# The same, and #43 waits for it.
queued() {
    held
    deploy-with-lock --quiet --source ssh --actor carol --tier docker --ref main --sha 9b1c77e \
        -- ./deploy.sh web >"$SANDBOX/tmp/log" 2>&1 &
    until_true waiting_deployments 1
}
