# shellcheck shell=bash
# Shared by the scripts beside it; sourced, not run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '== %s\n' "$*" >&2; }
die() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }

# The comment a script begins with.
usage() { sed -n '2,${/^#/!q;/^# shellcheck /d;s/^# \{0,1\}//p;}' "scripts/${0##*/}"; }

# quietly WHAT COMMAND …: says what is done; what the command writes is shown only when it fails.
quietly() {
    local what=$1 log=$PWD/.build/log
    shift
    say "$what"
    mkdir -p .build
    if ! "$@" >"$log" 2>&1; then
        cat "$log" >&2
        die "failed: $what"
    fi
}

# need PACKAGE COMMAND_OR_FILE …: installs Debian packages whose command or file is missing.
need() {
    local missing=()
    while [ $# -ge 2 ]; do
        command -v "$2" >/dev/null 2>&1 || [ -e "$2" ] || missing+=("$1")
        shift 2
    done
    [ ${#missing[@]} -eq 0 ] && return
    command -v apt-get >/dev/null || die "please install: ${missing[*]}"
    local sudo=()
    [ "$(id -u)" -eq 0 ] || sudo=(sudo)
    say "installing ${missing[*]}"
    "${sudo[@]}" apt-get update -qq
    DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y -qq "${missing[@]}" >/dev/null
}

# Debian's package of Prometheus would start a server when it is installed, so promtool alone is
# taken out of it.
need_promtool() {
    command -v promtool >/dev/null && return
    local place=$PWD/.build/promtool
    if [ ! -x "$place/usr/bin/promtool" ]; then
        command -v apt-get >/dev/null || die "please install promtool"
        say "fetching promtool"
        mkdir -p "$place"
        # On a fresh machine the lists of packages are missing.
        (cd "$place" && apt-get download -qq prometheus >/dev/null) || {
            local sudo=()
            [ "$(id -u)" -eq 0 ] || sudo=(sudo)
            "${sudo[@]}" apt-get update -qq
            (cd "$place" && apt-get download -qq prometheus >/dev/null)
        }
        (cd "$place" && dpkg-deb -x prometheus_*.deb .)
        rm -f "$place"/prometheus_*.deb "$place/usr/bin/prometheus"
    fi
    export PATH=$PATH:$place/usr/bin
}

need_swift() {
    command -v swift >/dev/null ||
        die "Swift 6.2 or later is needed and not on PATH; see https://www.swift.org/install/linux/"
    need libsqlite3-dev /usr/include/sqlite3.h
}

# Tools that check the examples for GitHub Actions, in an environment of their own.
need_validators() {
    local place=.build/validators
    [ -x "$place/bin/check-jsonschema" ] && [ -x "$place/bin/zizmor" ] && return
    # The module that makes such environments is a package of its own on Debian.
    python3 -c 'import ensurepip' 2>/dev/null || need python3-venv /nonexistent
    say "installing check-jsonschema and zizmor in $place"
    python3 -m venv "$place"
    "$place/bin/pip" install --quiet check-jsonschema==0.39.0 zizmor==1.32.0
}

# Every tool that is installed.
tools=(deploy-with-lock check-deploy-lock check-deploy-queue deploystats)

# release_flags: fully static, stripped; one file to copy to a server.
release_flags=(-c release -Xswiftc -static-executable -Xlinker -s)

build_products() {
    local tool
    for tool in "${tools[@]}"; do
        swift build "${release_flags[@]}" --scratch-path .build/static --product "$tool" || return
    done
}

# Builds the release binaries apart from the debug build and prints where they are.
build_release() {
    need_swift
    quietly "building the static binaries (the first time takes some minutes)" build_products
    swift build "${release_flags[@]}" --scratch-path .build/static --show-bin-path
}
