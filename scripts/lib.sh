# shellcheck shell=bash
# Shared by the scripts beside it; sourced, not run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '== %s\n' "$*" >&2; }
die() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }

# The comment at the beginning of a script.
usage() { sed -n '2,${/^#/!q;/^# shellcheck /d;s/^# \{0,1\}//p;}' "scripts/${0##*/}"; }

# quietly WHAT COMMAND …: says what is done; shows the command's output only when it fails.
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

# run_tests COMMAND …: what failed is said once more at the end, where thousands of lines do not hide it.
run_tests() {
    local log=$PWD/.build/tests.log
    "$@" 2>&1 | tee "$log" && return
    say "failed"
    grep -aE -A 12 '^✘ .*recorded an issue|: (error|fatal): |Fatal error' "$log" |
        grep -avE '^(✔|◇|➜) ' | tail -n 60 >&2
    return 1
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

# unpack PACKAGE PLACE: the files of a Debian package in a directory, for packages whose installation
# would change more of the machine than is required here.
unpack() {
    command -v apt-get >/dev/null || die "please install $1"
    say "fetching $1"
    mkdir -p "$2"
    # A fresh machine has no package lists.
    (cd "$2" && apt-get download -qq "$1" >/dev/null) || {
        local sudo=()
        [ "$(id -u)" -eq 0 ] || sudo=(sudo)
        "${sudo[@]}" apt-get update -qq
        (cd "$2" && apt-get download -qq "$1" >/dev/null)
    }
    (cd "$2" && dpkg-deb -x "$1"_*.deb .)
    rm -f "$2/$1"_*.deb
}

# Installed, Prometheus would start a server.
need_promtool() {
    command -v promtool >/dev/null && return
    local place=$PWD/.build/promtool
    if [ ! -x "$place/usr/bin/promtool" ]; then
        unpack prometheus "$place"
        rm -f "$place/usr/bin/prometheus"
    fi
    export PATH=$PATH:$place/usr/bin
}

# The module that nsswitch.conf names on a stock Debian; installed, it would change that file.
need_nss_systemd() {
    local place=$PWD/.build/nss-systemd libraries
    ldconfig -p | grep -q libnss_systemd && return
    [ -d "$place/usr" ] || unpack libnss-systemd "$place"
    libraries=$(find "$place" -name 'libnss_systemd.so*' -printf '%h\n' -quit)
    [ -n "$libraries" ] || die "no libnss_systemd.so in the package libnss-systemd"
    export LD_LIBRARY_PATH=$libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
}

need_swift() {
    command -v swift >/dev/null ||
        die "Swift 6.2 or later is needed and not on PATH; see https://www.swift.org/install/linux/"
    need libsqlite3-dev /usr/include/sqlite3.h
}

# Tools that check the examples for GitHub Actions, in a virtual environment of their own.
need_validators() {
    local place=.build/validators
    [ -x "$place/bin/check-jsonschema" ] && [ -x "$place/bin/zizmor" ] && return
    # On Debian the module that creates such environments is a separate package.
    python3 -c 'import ensurepip' 2>/dev/null || need python3-venv /nonexistent
    say "installing check-jsonschema and zizmor in $place"
    python3 -m venv "$place"
    "$place/bin/pip" install --quiet check-jsonschema==0.39.0 zizmor==1.32.0
}

# A browser's driver, a judge of accessibility and a generator of requests, in a virtual environment of
# their own; the browser is Debian's.
need_dashboard_peers() {
    local place=.build/peers-venv
    [ -x "$place/bin/pytest" ] && [ -x "$place/bin/schemathesis" ] &&
        [ -x "$place/bin/playwright" ] && return
    python3 -c 'import ensurepip' 2>/dev/null || need python3-venv /nonexistent
    say "installing playwright, axe-playwright-python, schemathesis and pytest in $place"
    python3 -m venv "$place"
    "$place/bin/pip" install --quiet pytest==9.2.0 playwright==1.65.2 axe-playwright-python==0.1.8 \
        schemathesis==4.32.5
}

# nginx and Caddy as Debian has them; installed, each would start a server.
need_proxies() {
    local name
    for name in nginx caddy; do
        [ -d ".build/proxies/$name/usr" ] || unpack "$name" ".build/proxies/$name"
    done
}

# podman-compose, in a virtual environment of its own: Debian 12 has none.
need_podman_compose() {
    local place=.build/podman-compose
    [ -x "$place/bin/podman-compose" ] && return
    python3 -c 'import ensurepip' 2>/dev/null || need python3-venv /nonexistent
    say "installing podman-compose in $place"
    python3 -m venv "$place"
    "$place/bin/pip" install --quiet podman-compose==1.6.0
}

# The tools that are installed. Those of the lock are one file with three names: most of each is the
# same, and each is all of it, so that any of them may be copied alone.
lock_tools=(deploy-with-lock check-deploy-lock check-deploy-queue)
# shellcheck disable=SC2034 # for the scripts that source this
tools=("${lock_tools[@]}" deploystats)
# What is built for them; a script that uses another program adds it.
products=(deploy-ledger deploystats)

# dashboard_suites: a pattern for the test suites that drive the dashboard.
dashboard_suites() {
    printf 'CommandTests\\.(%s)/' "$(grep -rhoE '^(struct|final class) \w+Tests\b|@Suite struct \w+' \
        Tests/CommandTests/Dashboard | awk '{ print $NF }' | sort -u | paste -sd'|')"
}

# test_static FOLDER ARGUMENTS …: `swift test` with the static binaries of a folder, where glibc has a
# module to load for names and one user is in no file.
test_static() {
    local folder=$1 scratch with_systemd
    shift
    need_nss_systemd
    scratch=$(mktemp -d)
    printf '%s: files systemd\n' passwd group shadow >"$scratch/nsswitch.conf"
    with_systemd=(unshare --mount --propagation private bash -ec
        "mount --bind $scratch/nsswitch.conf /etc/nsswitch.conf; exec \"\$@\"" bash)
    if ! "${with_systemd[@]}" true 2>/dev/null; then
        say "not root, or mounting is not permitted: with this machine's own nsswitch.conf"
        with_systemd=()
    fi
    DEPLOY_LEDGER_TOOLS=$folder DEPLOY_LEDGER_OTHER_UID=48711 run_tests \
        "${with_systemd[@]}" swift test "$@" || { rm -r "$scratch"; return 1; }
    rm -r "$scratch"
}

# release_flags: fully static, stripped; one file to copy to a server.
# The same wherever it is built: no program knows the folder of its sources.
release_flags=(-c release -Xswiftc -static-executable -Xlinker -s
    -Xswiftc -file-prefix-map -Xswiftc "$PWD=." -Xcc "-ffile-prefix-map=$PWD=.")

build_products() {
    local product
    for product in "${products[@]}"; do
        swift build "${release_flags[@]}" --scratch-path .build/static --product "$product" || return
    done
}

# unknown_warnings LOG: the warnings in a build's log that scripts/link-warnings.txt does not explain.
unknown_warnings() {
    awk '
        FNR == NR { if ($0 !~ /^#/) known[$1 " " $2] = 1; next }
        !/warning: / { next }
        # Of a package of somebody else, and nothing that is linked.
        /which are unhandled; explicitly declare them/ { next }
        {
            # An archive with the member in parentheses, or a file with the line.
            archive = $0
            sub(/(\(|:[0-9]*: ).*/, "", archive)
            sub(/.*\//, "", archive)
            name = $0
            sub(/.*warning: [^\047`]*[\047`]/, "", name)
            sub(/\047.*/, "", name)
            if (!((archive " " name) in known)) print
        }' scripts/link-warnings.txt "$1"
}

# Builds the release binaries separately from the debug build and prints their folder.
build_release() {
    local bin tool warnings
    need_swift
    quietly "building the static binaries (the first time takes some minutes)" build_products
    bin=$(swift build "${release_flags[@]}" --scratch-path .build/static --show-bin-path)
    warnings=$(unknown_warnings .build/log)
    if [ -n "$warnings" ]; then
        printf '%s\n' "$warnings" >&2
        # So that the next build links them again, and warns again.
        (cd "$bin" && rm -f "${products[@]}")
        die "warnings that scripts/link-warnings.txt does not explain"
    fi
    if grep -q 'warning: ' .build/log; then
        say "$(grep -c 'warning: ' .build/log) warnings of the linker, all explained in scripts/link-warnings.txt"
    fi
    for tool in "${lock_tools[@]}"; do ln -f "$bin/deploy-ledger" "$bin/$tool"; done
    echo "$bin"
}

# The version that the tools print.
tool_version() {
    local version
    version=$(sed -n 's/^ *package static let version = "\(.*\)"$/\1/p' Sources/CommandSupport/Tool.swift)
    [ -n "$version" ] || die "no version in Sources/CommandSupport/Tool.swift"
    echo "$version"
}

# stage_files FOLDER ROOT TOOL …: the programs of a folder with their completion and manual pages, as they are
# below a prefix.
stage_files() {
    local folder=$1 root=$2 tool page
    shift 2
    for tool; do
        case " ${lock_tools[*]:1} " in
            # Hard links: each is a whole file, which may be copied alone, packed or removed.
            *" $tool "*) ln -f "$root/bin/${lock_tools[0]}" "$root/bin/$tool" ;;
            *) install -Dm755 -t "$root/bin" "$folder/$tool" ;;
        esac
        install -Dm644 -t "$root/share/bash-completion/completions" "completions/bash/$tool"
        install -Dm644 -t "$root/share/zsh/site-functions" "completions/zsh/_$tool"
        install -Dm644 -t "$root/share/fish/vendor_completions.d" "completions/fish/$tool.fish"
        for page in docs/man/"$tool".1 docs/man/"$tool"-*.1; do
            [ ! -e "$page" ] || install -Dm644 -t "$root/share/man/man1" "$page"
        done
    done
    install -Dm644 -t "$root/share/man/man5" docs/man/deploy-ledger.conf.5
}

# campaign NAME ARGUMENTS …: runs scripts/campaign/NAME.py against the static binaries, or those of --tools.
campaign() {
    local name=$1 folder=
    shift
    need strace strace python3 python3 perl perl util-linux flock
    case " $* " in
        *' --help '* | *' -h '*) usage; return ;;
        *' --tools '*) ;;
        *) folder=$(build_release) ;;
    esac
    python3 "scripts/campaign/$name.py" ${folder:+--tools "$folder"} "$@"
}
