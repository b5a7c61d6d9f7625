# fish completion for deploy-dashboard
# Written by scripts/generate/completions.py; do not edit.

# Whether the words so far name this command; with -e, whether no other word follows.
function __fish_deploy_dashboard_in
    set -l exact no
    if test "$argv[1]" = -e
        set exact yes
        set -e argv[1]
    end
    set -l words (commandline -opc)
    set -l path
    set -l rest
    for word in $words[2..-1]
        if test -z "$rest"; and contains -- "$path $word" ' serve' ' token' ' link'
            set path "$path $word"
        else
            set rest $rest $word
        end
    end
    test "$path" = "$argv"; and test $exact = no -o -z "$rest"
end

complete -c deploy-dashboard -f
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in -e '\'''\''' -a serve -d 'Serve the live dashboard of a ledger and its locks.'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in -e '\'''\''' -a token -d 'Create a token and print it, once.'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in -e '\'''\''' -a link -d 'Print a link that logs one browser in, once.'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'''\''' -l ledger -r -F -d 'The ledger'\''s file. (default: DEPLOY_LEDGER, else the configuration file'\''s)'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'''\''' -l lock-file -r -F -d 'A lock to show; may be given more than once. (default: /var/lock/deploy.lock)'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'''\''' -l name -r -f -d 'What the pages call this installation, such as production.'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'''\''' -l colour -r -f -d 'The colour that goes with it in pages and tabs, such as #c2262f.'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'''\''' -l tz -r -f -d 'Time zone of shown times where the address has no tz: UTC, local, Europe/Berlin, …'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'''\''' -l show-logs -d 'Show the end of the output that was kept of deployments.'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'''\''' -l host -r -f -d 'The IP address to listen on, or localhost. (default: 127.0.0.1)'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'''\''' -l port -r -f -d 'The port to listen on; 0 for any. (default: 8080)'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'''\''' -l socket -r -F -d 'Listen on a unix socket at this path instead, for its owner and group.'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'''\''' -l tls-cert -r -F -d 'Serve HTTPS with the certificate in this PEM file, which is read again when it changes.'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'''\''' -l tls-key -r -F -d 'The certificate'\''s key, a PEM file.'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'''\''' -l allowed-host -r -f -d 'A name that browsers call this server by, perhaps with a port; may be given more than once. Those of loopback always work.'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'''\''' -l base-path -r -f -d 'The path of the server on a host it shares, such as /deploys.'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'''\''' -l trusted-proxy -r -f -d 'An address or range such as 10.0.0.0/8, or unix for whoever may connect to the socket, whose X-Forwarded-For, -Proto and -Host are believed; may be given more than once.'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'''\''' -l public -d 'Let everybody on this machine read, without a token; on loopback only.'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'''\''' -l insecure -d 'Serve plain HTTP on an address that others reach.'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'''\''' -l public-badges -d 'Let everybody read the badges, without a token.'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'''\''' -l token-file -r -F -d 'The file with the tokens. (default: /etc/deploy-dashboard/tokens for root, else ~/.config/deploy-dashboard/tokens)'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'''\''' -l github -r -f -d 'Ask GitHub every minute for the pending runs of a workflow of this repository, through '\''gh api'\''.'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'''\''' -l workflow -r -f -d 'The file of that workflow, such as deploy.yml.'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'''\''' -l gh -r -F -d 'The GitHub CLI.'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'''\''' -l gh-timeout -r -f -d 'How long one request to GitHub may take.'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'''\''' -l max-streams -r -f -d 'How many event streams may be open; one more is answered 503. (default: 600)'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'''\''' -l log-level -r -f -d 'What is logged to standard error: debug, info (every request), notice (those that failed), warning or error.'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'''\''' -l version -d 'Show the version.'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'' serve'\''' -l ledger -r -F -d 'The ledger'\''s file. (default: DEPLOY_LEDGER, else the configuration file'\''s)'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'' serve'\''' -l lock-file -r -F -d 'A lock to show; may be given more than once. (default: /var/lock/deploy.lock)'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'' serve'\''' -l name -r -f -d 'What the pages call this installation, such as production.'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'' serve'\''' -l colour -r -f -d 'The colour that goes with it in pages and tabs, such as #c2262f.'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'' serve'\''' -l tz -r -f -d 'Time zone of shown times where the address has no tz: UTC, local, Europe/Berlin, …'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'' serve'\''' -l show-logs -d 'Show the end of the output that was kept of deployments.'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'' serve'\''' -l host -r -f -d 'The IP address to listen on, or localhost. (default: 127.0.0.1)'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'' serve'\''' -l port -r -f -d 'The port to listen on; 0 for any. (default: 8080)'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'' serve'\''' -l socket -r -F -d 'Listen on a unix socket at this path instead, for its owner and group.'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'' serve'\''' -l tls-cert -r -F -d 'Serve HTTPS with the certificate in this PEM file, which is read again when it changes.'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'' serve'\''' -l tls-key -r -F -d 'The certificate'\''s key, a PEM file.'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'' serve'\''' -l allowed-host -r -f -d 'A name that browsers call this server by, perhaps with a port; may be given more than once. Those of loopback always work.'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'' serve'\''' -l base-path -r -f -d 'The path of the server on a host it shares, such as /deploys.'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'' serve'\''' -l trusted-proxy -r -f -d 'An address or range such as 10.0.0.0/8, or unix for whoever may connect to the socket, whose X-Forwarded-For, -Proto and -Host are believed; may be given more than once.'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'' serve'\''' -l public -d 'Let everybody on this machine read, without a token; on loopback only.'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'' serve'\''' -l insecure -d 'Serve plain HTTP on an address that others reach.'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'' serve'\''' -l public-badges -d 'Let everybody read the badges, without a token.'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'' serve'\''' -l token-file -r -F -d 'The file with the tokens. (default: /etc/deploy-dashboard/tokens for root, else ~/.config/deploy-dashboard/tokens)'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'' serve'\''' -l github -r -f -d 'Ask GitHub every minute for the pending runs of a workflow of this repository, through '\''gh api'\''.'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'' serve'\''' -l workflow -r -f -d 'The file of that workflow, such as deploy.yml.'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'' serve'\''' -l gh -r -F -d 'The GitHub CLI.'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'' serve'\''' -l gh-timeout -r -f -d 'How long one request to GitHub may take.'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'' serve'\''' -l max-streams -r -f -d 'How many event streams may be open; one more is answered 503. (default: 600)'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'' serve'\''' -l log-level -r -f -d 'What is logged to standard error: debug, info (every request), notice (those that failed), warning or error.'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'' token'\''' -l expires -r -f -d 'How long it is valid, such as 90d.'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'' token'\''' -l replace -d 'Replace the token of that name.'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'' token'\''' -l remove -r -f -d 'Remove the token of that name, and all logins with it.'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'' token'\''' -l list -d 'List the names of the tokens and when they expire.'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'' token'\''' -l token-file -r -F -d 'The file with the tokens. (default: /etc/deploy-dashboard/tokens for root, else ~/.config/deploy-dashboard/tokens)'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'' token'\''' -f
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'' link'\''' -l url -r -f -d 'The address of the dashboard for browsers. (default: DEPLOY_DASHBOARD_URL, else http://127.0.0.1:8080)'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'' link'\''' -l token-file -r -F -d 'The file with the tokens. (default: /etc/deploy-dashboard/tokens for root, else ~/.config/deploy-dashboard/tokens)'
complete -c deploy-dashboard -n '__fish_deploy_dashboard_in '\'' link'\''' -f
complete -c deploy-dashboard -s h -l help -d 'Show help.'
