# shellcheck shell=bash disable=SC2154
# What is in the packages; sourced by scripts/package, which sets $level, how hard xz tries, and $work, a
# folder for what is put together.

# pack FOLDER_OF_BINARIES OUTPUT: the packages, the archive and their checksums.
pack() {
    local folder=$1 place=$2 tree=$work/tree version arch all
    version=$(tool_version)
    arch=$(dpkg --print-architecture)
    rm -rf "$tree" "$place"
    mkdir -p "$tree" "$place"

    all=("${tools[@]}")
    stage_files "$folder" "$tree/deploy-ledger/usr" "${tools[@]}"
    ledger_package "$tree/deploy-ledger"
    build_deb deploy-ledger
    if [ -e "$folder/deploy-dashboard" ]; then
        all+=(deploy-dashboard)
        stage_files "$folder" "$tree/deploy-dashboard/usr" deploy-dashboard
        dashboard_package "$tree/deploy-dashboard"
        build_deb deploy-dashboard
    fi
    archive "deploy-ledger-$version-linux-$arch"
    (cd "$place" && sha256sum -- *.deb *.tar.xz >SHA256SUMS)
}

# What there is to read.
readable=(README.md CHANGELOG.md CONTRIBUTING.md SECURITY.md docs examples migrations reports)

# The four tools, what they need on a server, and all there is to read.
ledger_package() {
    local root=$1 name=deploy-ledger
    documents "$root" $name "${readable[@]}"
    python3 scripts/packaging/links.py "$root/usr/share/doc/$name"
    units "$root" examples/systemd/deploy-report*
    install -Dm644 scripts/packaging/$name/sysusers.conf "$root/usr/lib/sysusers.d/$name.conf"
    install -Dm644 scripts/packaging/$name/tmpfiles.conf "$root/usr/lib/tmpfiles.d/$name.conf"
    # What `deploystats setup` writes, too.
    install -Dm644 -t "$root/etc" examples/deploy-ledger.conf
}

# The page, and its service.
dashboard_package() {
    local root=$1 name=deploy-dashboard
    # The page on the configuration file is in the other package.
    rm -r "$root/usr/share/man/man5"
    documents "$root" $name docs/dashboard.md 'docs/dashboard*.png' examples/{caddy,nginx} \
        examples/systemd/deploy-dashboard.service
    python3 scripts/packaging/links.py "$root/usr/share/doc/$name" \
        --beside "deploy-ledger=$tree/deploy-ledger/usr/share/doc/deploy-ledger"
    units "$root" examples/systemd/deploy-dashboard.service
    install -Dm644 scripts/packaging/$name/sysusers.conf "$root/usr/lib/sysusers.d/$name.conf"
}

# read_me FOLDER FILE …: files and folders as git knows them, and whose work all of it is.
read_me() {
    local place=$1
    shift
    mkdir -p "$place"
    git ls-files -z -- "$@" ':!docs/man' | xargs -0 cp --parents -t "$place"
    cp scripts/packaging/copyright "$place/"
}

# documents ROOT PACKAGE FILE …: what is to be read, with the changelog that Debian expects.
documents() {
    local name=$2 place=$1/usr/share/doc/$2
    shift 2
    read_me "$place" "$@"
    in_usr_bin "$place"
    printf '%s (%s) stable; urgency=medium\n\n  * See CHANGELOG.md.\n\n -- %s  %s\n' "$name" "$version" \
        "$(maintainer)" "$(date -uRd "@$SOURCE_DATE_EPOCH")" >"$place/changelog"
}

# The commit's author, so that everybody packs the same.
maintainer() { git log -1 --format='%an <%ae>'; }

# in_usr_bin FOLDER: what is in it names the programs where Debian's packages have them.
in_usr_bin() {
    local programs
    programs=$(IFS='|' && echo "${tools[*]}|deploy-dashboard")
    grep -rlIZ /usr/local/bin/ "$1" | xargs -0r sed -Ei "s#/usr/local/bin/($programs)\\b#/usr/bin/\\1#g"
}

# units ROOT FILE …: services and timers.
units() {
    local root=$1 file
    shift
    mkdir -p "$root/usr/lib/systemd/system"
    for file; do
        # Their first lines say how to copy them.
        sed '1,/^\[Unit\]/{/^#/d}' "$file" >"$root/usr/lib/systemd/system/${file##*/}"
    done
    in_usr_bin "$root/usr/lib/systemd"
}

# build_deb PACKAGE: a package of the files in $tree/PACKAGE, as Debian has them.
build_deb() {
    local name=$1 root=$tree/$1 share=$tree/$1/usr/share program script
    mv "$share/zsh/site-functions" "$share/zsh/vendor-completions"
    gzip -9n "$share"/man/man?/* "$share/doc/$name/changelog"
    mkdir -p "$share/lintian/overrides" "$root/DEBIAN"
    {
        echo "# One file that runs on any server, whatever libraries that has."
        for program in "$root"/usr/bin/*; do
            echo "$name: statically-linked-binary [usr/bin/${program##*/}]"
        done
    } >"$share/lintian/overrides/$name"
    normalise "$root"

    for script in preinst postinst prerm postrm; do
        script=scripts/packaging/$name/$script
        [ ! -e "$script" ] || install -m755 -t "$root/DEBIAN" "$script"
    done
    [ ! -d "$root/etc" ] || (cd "$root" && find etc -type f -printf '/%p\n') | sort >"$root/DEBIAN/conffiles"
    (cd "$root" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$root/DEBIAN/md5sums"
    sed -e "s/@VERSION@/$version/; s/@ARCH@/$arch/; s/@MAINTAINER@/$(maintainer)/" \
        -e "s/@SIZE@/$(installed_size "$root")/" "scripts/packaging/$name/control" >"$root/DEBIAN/control"
    normalise "$root/DEBIAN"
    dpkg-deb --root-owner-group -Zxz -z"$level" --build "$root" "$place/${name}_${version}_$arch.deb" >/dev/null
}

# installed_size ROOT: KiB, by the rules of Debian's policy: a file that has two names is counted once,
# and another file system's blocks do not matter.
installed_size() {
    find "$1" -path "$1/DEBIAN" -prune -o -printf '%i %y %s\n' |
        awk '!seen[$1]++ { size += $2 == "f" ? int(($3 + 1023) / 1024) : 1 } END { print size }'
}

# normalise FOLDER: modes and times that do not depend on who packs it, and when.
normalise() {
    chmod -R u=rwX,go=rX,g-s "$1"
    find "$1" -exec touch -hd "@$SOURCE_DATE_EPOCH" {} +
}

# archive NAME: for systems without dpkg; its folders are those of any prefix.
archive() {
    local name=$1 root=$tree/$1
    stage_files "$folder" "$root" "${all[@]}"
    read_me "$root/share/doc/deploy-ledger" "${readable[@]}" LICENSE
    python3 scripts/packaging/links.py "$root/share/doc/deploy-ledger"
    normalise "$root"
    tar --sort=name --owner=0 --group=0 --numeric-owner --format=gnu -C "$tree" -c "$name" |
        xz -T1 -"$level" >"$place/$name.tar.xz"
}
