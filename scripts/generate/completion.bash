# shellcheck shell=bash disable=SC2034,SC2050,SC2154,SC2207
# The part that is the same for every tool; what stands in capitals is replaced.

# Adds what completes a value: a list of words, files, directories, names of queries.
_TOOL_IDENTIFIER_offer() {
    local what=${1%% *} words=${1#* }
    case $what in
        list) COMPREPLY+=($(compgen -W "$words" -- "$cur")) ;;
        file) compopt -o filenames 2>/dev/null; COMPREPLY+=($(compgen -f -- "$cur")) ;;
        directory) compopt -o filenames 2>/dev/null; COMPREPLY+=($(compgen -d -- "$cur")) ;;
        queries)
            words=$(TOOL_NAME query list --format ndjson ${reports:+--reports-dir "$reports"} \
                2>/dev/null | sed -n 's/^{"name":"\([^"]*\)".*/\1/p')
            COMPREPLY+=($(compgen -W "$words" -- "$cur"))
            ;;
    esac
}

# The command behind the options, as after sudo(8).
_TOOL_IDENTIFIER_command() {
    if declare -F _comp_command_offset >/dev/null; then
        _comp_command_offset "$1"
    elif declare -F _command_offset >/dev/null; then
        _command_offset "$1"
    else
        compopt -o filenames 2>/dev/null
        [ "$1" -lt "$COMP_CWORD" ] || COMPREPLY+=($(compgen -c -- "$cur"))
        COMPREPLY+=($(compgen -f -- "$cur"))
    fi
}

_TOOL_IDENTIFIER() {
    local cur=${COMP_WORDS[COMP_CWORD]} path=TOOL_NAME at=1 word value reports='' awaited=''
    local commands options valued positional seen=0
    COMPREPLY=()
    _TOOL_IDENTIFIER_tables "$path"
    while [ "$at" -lt "$COMP_CWORD" ]; do
        word=${COMP_WORDS[at]}
        [[ " ${commands[*]} " == *" $word "* ]] || break
        path+=" $word"
        _TOOL_IDENTIFIER_tables "$path"
        at=$((at + 1))
    done
    if [ "$at" -eq 1 ] && [ "${COMP_WORDS[1]}" = help ] && [ "$COMP_CWORD" -gt 1 ]; then
        COMPREPLY=($(compgen -W "${commands[*]}" -- "$cur"))
        return
    fi
    local first=$at
    for ((; at < COMP_CWORD; at++)); do
        word=${COMP_WORDS[at]}
        if [ "$word" = = ] && [ "$at" -gt "$first" ]; then
            continue
        elif [ -n "$awaited" ]; then
            [ "$awaited" != --reports-dir ] || reports=$word
            awaited=''
        elif [ "$word" = -- ]; then
            at=$((at + 1))
            seen=1
            break
        elif [[ $word == -* ]]; then
            [[ " ${valued[*]} " != *" $word "* ]] || awaited=$word
        else
            seen=$((seen + 1))
            [ TOOL_NAME != deploy-with-lock ] || break
        fi
    done
    if [ TOOL_NAME = deploy-with-lock ] && [ -z "$awaited" ] && [[ $seen -gt 0 || $cur != -* ]]; then
        _TOOL_IDENTIFIER_command "$at"
    elif [ -n "$awaited" ]; then
        [ "$cur" != = ] || cur=''
        _TOOL_IDENTIFIER_value "$path $awaited"
        _TOOL_IDENTIFIER_offer "$value"
    elif [[ $cur == -* ]]; then
        COMPREPLY=($(compgen -W "${options[*]}" -- "$cur"))
    else
        if [ "$at" -eq "$first" ] && [ ${#commands[@]} -gt 0 ]; then
            COMPREPLY=($(compgen -W "${commands[*]}" -- "$cur"))
        fi
        # A query takes one name, others take any number of files.
        [[ $seen -gt 0 && $positional == queries ]] || _TOOL_IDENTIFIER_offer "$positional"
    fi
}

complete -F _TOOL_IDENTIFIER TOOL_NAME
