# fish completion for check-deploy-lock
# Written by scripts/generate/completions.py; do not edit.

# Whether the words so far name this command; with -e, whether no other word follows.
function __fish_check_deploy_lock_in
    set -l exact no
    if test "$argv[1]" = -e
        set exact yes
        set -e argv[1]
    end
    set -l words (commandline -opc)
    set -l path
    set -l rest
    for word in $words[2..-1]
        if test -z "$rest"; and contains -- "$path $word" ' status' ' audit'
            set path "$path $word"
        else
            set rest $rest $word
        end
    end
    test "$path" = "$argv"; and test $exact = no -o -z "$rest"
end

complete -c check-deploy-lock -f
complete -c check-deploy-lock -n '__fish_check_deploy_lock_in -e '\'''\''' -a status -d 'Show who holds the deploy lock and who is waiting for it (the default).'
complete -c check-deploy-lock -n '__fish_check_deploy_lock_in -e '\'''\''' -a audit -d 'List lines of scripts and crontabs that deploy outside deploy-with-lock.'
complete -c check-deploy-lock -n '__fish_check_deploy_lock_in '\'''\''' -l lock-file -r -F -d 'The file to lock. (default: /var/lock/deploy.lock)'
complete -c check-deploy-lock -n '__fish_check_deploy_lock_in '\'''\''' -l info-file -r -F -d 'Where facts about the holder are published. (default: .info for .lock)'
complete -c check-deploy-lock -n '__fish_check_deploy_lock_in '\'''\''' -l ledger -r -F -d 'The ledger. (default: /var/lib/deploy-ledger/ledger.db for root)'
complete -c check-deploy-lock -n '__fish_check_deploy_lock_in '\'''\''' -l warn-after -r -f -d 'Warn about a deployment that has been running longer: 90, 90s, 20m, 1h30m.'
complete -c check-deploy-lock -n '__fish_check_deploy_lock_in '\'''\''' -l json -d 'Print one JSON document.'
complete -c check-deploy-lock -n '__fish_check_deploy_lock_in '\'''\''' -l watch -d 'Repeat until Ctrl-C; implies --no-record.'
complete -c check-deploy-lock -n '__fish_check_deploy_lock_in '\'''\''' -l interval -r -f -d 'How long --watch pauses, at least 0.1s. (default: 2s)'
complete -c check-deploy-lock -n '__fish_check_deploy_lock_in '\'''\''' -l exit-code -d 'Exit with 0 when free, 1 held, 2 orphan, 3 unknown.'
complete -c check-deploy-lock -n '__fish_check_deploy_lock_in '\'''\''' -l no-record -d 'Do not record in the ledger what is found dead.'
complete -c check-deploy-lock -n '__fish_check_deploy_lock_in '\'''\''' -l force-unlock -d 'End what holds the lock and free it; shows what that is and asks first.'
complete -c check-deploy-lock -n '__fish_check_deploy_lock_in '\'''\''' -l number -r -f -d 'Only if the holder is still the deployment with this number.'
complete -c check-deploy-lock -n '__fish_check_deploy_lock_in '\'''\''' -l reason -r -f -d 'Why; recorded. (default: asked for on a terminal)'
complete -c check-deploy-lock -n '__fish_check_deploy_lock_in '\'''\''' -l yes -d 'Do not ask; requires --reason.'
complete -c check-deploy-lock -n '__fish_check_deploy_lock_in '\'''\''' -l grace -r -f -d 'How long to wait between TERM and KILL.'
complete -c check-deploy-lock -n '__fish_check_deploy_lock_in '\'''\''' -l abandon -d 'Replace the lock file and leave the processes running, when they cannot be ended.'
complete -c check-deploy-lock -n '__fish_check_deploy_lock_in '\'''\''' -l no-watch -d 'With --abandon: do not stay to watch the processes end.'
complete -c check-deploy-lock -n '__fish_check_deploy_lock_in '\'''\''' -l version -d 'Show the version.'
complete -c check-deploy-lock -n '__fish_check_deploy_lock_in '\'' status'\''' -l lock-file -r -F -d 'The file to lock. (default: /var/lock/deploy.lock)'
complete -c check-deploy-lock -n '__fish_check_deploy_lock_in '\'' status'\''' -l info-file -r -F -d 'Where facts about the holder are published. (default: .info for .lock)'
complete -c check-deploy-lock -n '__fish_check_deploy_lock_in '\'' status'\''' -l ledger -r -F -d 'The ledger. (default: /var/lib/deploy-ledger/ledger.db for root)'
complete -c check-deploy-lock -n '__fish_check_deploy_lock_in '\'' status'\''' -l warn-after -r -f -d 'Warn about a deployment that has been running longer: 90, 90s, 20m, 1h30m.'
complete -c check-deploy-lock -n '__fish_check_deploy_lock_in '\'' status'\''' -l json -d 'Print one JSON document.'
complete -c check-deploy-lock -n '__fish_check_deploy_lock_in '\'' status'\''' -l watch -d 'Repeat until Ctrl-C; implies --no-record.'
complete -c check-deploy-lock -n '__fish_check_deploy_lock_in '\'' status'\''' -l interval -r -f -d 'How long --watch pauses, at least 0.1s. (default: 2s)'
complete -c check-deploy-lock -n '__fish_check_deploy_lock_in '\'' status'\''' -l exit-code -d 'Exit with 0 when free, 1 held, 2 orphan, 3 unknown.'
complete -c check-deploy-lock -n '__fish_check_deploy_lock_in '\'' status'\''' -l no-record -d 'Do not record in the ledger what is found dead.'
complete -c check-deploy-lock -n '__fish_check_deploy_lock_in '\'' status'\''' -l force-unlock -d 'End what holds the lock and free it; shows what that is and asks first.'
complete -c check-deploy-lock -n '__fish_check_deploy_lock_in '\'' status'\''' -l number -r -f -d 'Only if the holder is still the deployment with this number.'
complete -c check-deploy-lock -n '__fish_check_deploy_lock_in '\'' status'\''' -l reason -r -f -d 'Why; recorded. (default: asked for on a terminal)'
complete -c check-deploy-lock -n '__fish_check_deploy_lock_in '\'' status'\''' -l yes -d 'Do not ask; requires --reason.'
complete -c check-deploy-lock -n '__fish_check_deploy_lock_in '\'' status'\''' -l grace -r -f -d 'How long to wait between TERM and KILL.'
complete -c check-deploy-lock -n '__fish_check_deploy_lock_in '\'' status'\''' -l abandon -d 'Replace the lock file and leave the processes running, when they cannot be ended.'
complete -c check-deploy-lock -n '__fish_check_deploy_lock_in '\'' status'\''' -l no-watch -d 'With --abandon: do not stay to watch the processes end.'
complete -c check-deploy-lock -n '__fish_check_deploy_lock_in '\'' audit'\''' -l pattern -r -f -d 'Look for this command instead of the built-in ones; may be given again.'
complete -c check-deploy-lock -n '__fish_check_deploy_lock_in '\'' audit'\''' -l cron -d 'Look at the crontabs and units of the machine, too, when paths are given.'
complete -c check-deploy-lock -n '__fish_check_deploy_lock_in '\'' audit'\''' -F
complete -c check-deploy-lock -s h -l help -d 'Show help.'
