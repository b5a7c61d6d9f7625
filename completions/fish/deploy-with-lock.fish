# fish completion for deploy-with-lock
# Written by scripts/generate/completions.py; do not edit.

# The words of the command that is to run; false while there is none.
function __fish_deploy_with_lock_command
    set -l tokens (commandline -opc) (commandline -ct)
    set -e tokens[1]
    argparse -s lock-file= info-file= timeout= no-wait busy-exit-code= max-queue= ignore-max-queue yield-to-newer batch-key= wait-covered skip-exit-code= health-check= health-url= health-expect= health-delay= health-retries= health-interval= health-timeout= health-stable= health-exit-code= health-follow-redirects no-health-check rollback= rollback-on= rollback-timeout= last-good-tier= freeze-after-rollback= no-rollback max-duration= max-silence= grace= warn-after= override-freeze= log-dir= log-reserve= log-max-age= log-max-size= notify= notify-on= notify-timeout= notify-format= syslog ledger= source= actor= tier= sha= ref= committed-at= run-url= message= q/quiet v/verbose h/help version -- $tokens 2>/dev/null
    test -n "$argv"; and not string match -qr '^-' -- $argv[1]; or return 1
    string join0 -- $argv
end

function __fish_deploy_with_lock_complete_command
    set -l words (__fish_deploy_with_lock_command | string split0)
    set -l last $words[-1]
    set -e words[-1]
    complete -C (string join -- ' ' (string escape -- $words) "$last")
end

complete -c deploy-with-lock -f
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l lock-file -r -F -d 'The file to lock. (default: /var/lock/deploy.lock)'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l info-file -r -F -d 'Where facts about the holder are published. (default: .info for .lock)'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l timeout -r -f -d 'How long to wait for the lock: 90, 90s, 5m, 1h30m; 0 is --no-wait. (default: 30m)'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l no-wait -d 'Do not wait: give up at once when the lock is taken.'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l busy-exit-code -r -f -d 'The exit code when the lock was not acquired.'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l max-queue -r -f -d 'Skip when n or more deployments run or wait already. (default: never)'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l ignore-max-queue -d 'Deploy however many are waiting, whatever --max-queue or DEPLOY_MAX_QUEUE say.'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l yield-to-newer -d 'When the turn comes, step aside for a newer deployment of the same batch.'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l batch-key -r -f -d 'What makes a batch under one lock. (default: the ref, and the tier if given)'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l wait-covered -d 'After stepping aside wait for the newer one and end with its exit code.'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l skip-exit-code -r -f -d 'The exit code when it was skipped or stepped aside.'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l health-check -r -f -d 'Check with this command line for /bin/sh once the command has succeeded.'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l health-url -r -f -d 'Check with curl that this address answers with a status from 200 to 299.'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l health-expect -r -f -d 'What the answer has to contain; {sha} and {number} are replaced.'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l health-delay -r -f -d 'How long to wait before the first attempt. (default: 30s)'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l health-retries -r -f -d 'How many attempts there are. (default: 3)'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l health-interval -r -f -d 'How long to wait between attempts. (default: 5s)'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l health-timeout -r -f -d 'How long one attempt may take. (default: 10s)'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l health-stable -r -f -d 'How many attempts in a row have to succeed. (default: 1)'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l health-exit-code -r -f -d 'The exit code when the command succeeded and the check did not. (default: 69)'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l health-follow-redirects -d 'Let --health-url follow redirects.'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l no-health-check -d 'Check nothing this time, whatever the settings say.'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l rollback -r -f -d 'Run this command line for /bin/sh, still under the lock, when the deployment failed.'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l rollback-on -r -f -d 'When: some of command, health, overran, signal. (default: command,health,overran)'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l rollback-timeout -r -f -d 'How long it may take. (default: --max-duration, or else 30m)'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l last-good-tier -r -f -d 'Name to it the last good deployment of this tier only.'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l freeze-after-rollback -r -f -d 'Freeze deployments for this long after a rollback. (default: off)'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l no-rollback -d 'Roll back nothing this time, whatever the settings say.'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l max-duration -r -f -d 'End the command and all it started when it runs longer. (default: never)'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l max-silence -r -f -d 'The same when it prints nothing for this long; requires --log-dir.'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l grace -r -f -d 'How long it has to end after TERM before KILL. (default: 10s)'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l warn-after -r -f -d 'Say that it runs long after this time; 0 is never. (default: 20m)'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l override-freeze -r -f -d 'Deploy although deployments are frozen; recorded with the reason.'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l log-dir -r -f -d 'Keep the output in a file in this directory and show it from there.'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l log-reserve -r -f -d 'How much space to reserve for it: 64M, 1G; 0 is none. (default: 64M)'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l log-max-age -r -f -d 'Remove kept output older than this: 30d; 0 is never. (default: 90d)'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l log-max-size -r -f -d 'Remove the oldest kept output beyond this in total; 0 means no limit. (default: 2G)'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l notify -r -f -d 'Run this command line for /bin/sh with a JSON object on its standard input.'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l notify-on -r -f -d 'When, divided by commas: failed, rolled_back, recovered, … or all. (default: when something went wrong, and recovered)'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l notify-timeout -r -f -d 'How long it may take. (default: 10s)'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l notify-format -r -f -d 'What it is given: json or cloudevents. (default: json)'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l syslog -d 'Write one line per event to the journal, or else to syslog.'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l ledger -r -F -d 'The ledger. (default: /var/lib/deploy-ledger/ledger.db for root)'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l source -r -fa 'ssh cron manual gha gitlab woodpecker drone buildkite circleci azure bitbucket teamcity jenkins' -d 'Where the deployment comes from: gha, ssh, cron, manual, … (default: detected)'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l actor -r -f -d 'The person it is done for, who is recorded as a claim. (default: the CI system'\''s)'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l tier -r -fa 'lightning docker' -d 'The kind of deployment: lightning, docker, …'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l sha -r -f -d 'The commit. (default: the CI system'\''s, as for the next two)'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l ref -r -f -d 'The branch or tag.'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l committed-at -r -f -d 'When the commit was made: RFC 3339, or seconds since 1970. (default: the CI system'\''s, or that of the repository in the working directory)'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l run-url -r -f -d 'The address of the CI run.'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l message -r -f -d 'Why, in your words.'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -s q -l quiet -d 'Say nothing unless something is wrong.'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -s v -l verbose -d 'Say more: files, numbers, what is recorded.'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -s h -l help -d 'Show help.'
complete -c deploy-with-lock -n 'not __fish_deploy_with_lock_command >/dev/null' -l version -d 'Show the version.'
complete -c deploy-with-lock -xa '(__fish_deploy_with_lock_complete_command)'
