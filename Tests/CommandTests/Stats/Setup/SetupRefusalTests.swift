import SystemCalls
import TestSupport
import Testing

/// `deploystats setup` where it must not, or cannot, do its work.
@Suite(.enabled(if: PrivateMounts.arePossible, "needs to be root and to mount"))
struct SetupRefusalTests {
    @Test func `somebody who is not root is told so in one line`() throws {
        let tool = try OtherUser(tool: "deploystats")
        let result = try ChildProcess.run(OtherUser.prefix + [tool.tool, "setup", "--dry-run"])
        #expect(result.code == 77)
        #expect(result.output == "")
        #expect(result.errors == "deploystats: setup must run as root, such as with sudo\n")
    }

    @Test(arguments: [
        (["--group", "Our Team"], "'Our Team' is not a valid name for a group"),
        (["--group", "a:b"], "'a:b' is not a valid name for a group"),
        (["--group", ""], "'' is not a valid name for a group"),
        (["--group", String(repeating: "g", count: 33)], "is not a valid name for a group"),
        (["--group", "root"], "the group root is root's own"),
        (["--user", "ann", "--user", "nobody-knows"], "unknown user 'nobody-knows'"),
        (["--user", "ann\nx"], "unknown user 'ann x'"),
        (["--root", "/nowhere"], "cannot use /nowhere as --root: No such file or directory"),
        (["--ledger", "/dev/null"], "/dev/null is a device"),
    ])
    func `a usage error changes nothing`(arguments: [String], message: String) throws {
        let machine = try PrivateMachine()
        let result = try machine.start("deploystats", ["setup"] + arguments).finish()
        #expect(result.code == 64)
        #expect(result.output == "")
        #expect(result.errors.contains(message), "\(result.errors)")
        #expect(try machine.shell("grep -c '^deploy:' /etc/group; ls /var/lib").hasPrefix("0\n"))
    }

    @Test func `a symbolic link in the place of the directory is not followed`() throws {
        let machine = try PrivateMachine("mkdir /srv/real; ln -s /srv/real /var/lib/deploy-ledger")
        let result = try machine.setUp()
        #expect(result.code == 64)
        #expect(
            result.errors.contains("/var/lib/deploy-ledger is a symbolic link to /srv/real"),
            "\(result.errors)")
        #expect(try machine.shell("stat -c '%a %G' /srv/real") == "755 root\n")
    }

    @Test func `nothing outside of the directory is given away through a link in it`() throws {
        let machine = try PrivateMachine(
            """
            install -d -m 2770 -g bob /var/lib/deploy-ledger
            install -m 600 /dev/null /var/lib/secret
            ln -s /etc/shadow /var/lib/deploy-ledger/ledger.db-wal
            ln /var/lib/secret /var/lib/deploy-ledger/ledger.db
            """)
        let result = try machine.setUp("--group", "deploy")
        #expect(result.code == 71)
        #expect(
            result.errors.hasPrefix("deploystats: cannot share /var/lib/deploy-ledger/ledger.db, "),
            "\(result.errors)")
        #expect(try machine.shell("stat -c '%a %G' /var/lib/secret") == "600 root\n")
        #expect(try machine.shell("stat -c '%G' /etc/shadow").hasPrefix("deploy") == false)
    }

    @Test func `a directory with other things in it is not given to the group`() throws {
        let machine = try PrivateMachine()
        let result = try machine.setUp("--ledger", "/srv/ledger.db")
        #expect(result.code == 71)
        #expect(
            result.errors
                == "deploystats: cannot share /srv: ann is in it, too; name a ledger in a directory "
                + "of its own with --ledger\n")
        #expect(try machine.shell("stat -c '%a %G' /srv") == "755 root\n")
    }

    @Test func `something else in the place of the directory is left alone`() throws {
        let machine = try PrivateMachine("echo mine >/var/lib/deploy-ledger")
        let result = try machine.setUp()
        #expect(result.code == 71)
        #expect(
            result.errors
                == "deploystats: cannot use /var/lib/deploy-ledger: it is not a directory; move it "
                + "away\n")
        #expect(try machine.shell("cat /var/lib/deploy-ledger") == "mine\n")
    }

    @Test func `a read-only system is said at once`() throws {
        let machine = try PrivateMachine("mount -o remount,ro,bind /etc")
        let result = try machine.setUp("--user", "ann")
        #expect(result.code == 71)
        #expect(
            result.errors
                == "deploystats: cannot create the system group deploy: Read-only file system; the "
                + "file system is read-only: mount it writable again\n")
    }

    @Test(arguments: [
        ("/var/lib", "true", "cannot create /var/lib/deploy-ledger, group deploy 2770: No space"),
        ("/etc", "true", "cannot create the system group deploy: groupadd: "),
        (
            "/etc", "echo deploy:x:777: >>/etc/group",
            "cannot create /etc/deploy-ledger.conf with DEPLOY_LEDGER=/var/lib/deploy-ledger/ledger.db: "
                + "No space left on device; the disk is full"
        ),
    ])
    func `a full disk leaves nothing half done, and another run goes on`(
        place: String, script: String, message: String
    ) throws {
        let machine = try PrivateMachine(
            """
            \(script); mkdir /srv/small; mount -t tmpfs -o size=256k,mode=755,nr_inodes=9 none /srv/small
            if [ \(place) = /etc ]; then
            cd /etc; cp -a passwd group shadow gshadow nsswitch.conf ld.so.cache /srv/small; fi
            mount --move /srv/small \(place)
            dd if=/dev/zero of=\(place)/full bs=1k || true
            for n in 1 2 3 4 5 6 7 8; do touch \(place)/full.$n || break; done
            """)
        let state = "ls -A \(place) | grep -v lock; [ \(place) != /etc ] || cat /etc/group"
        let before = try machine.shell(state)
        let full = try machine.setUp()
        #expect(full.code == 71, "\(full.output)")
        #expect(full.errors.hasPrefix("deploystats: \(message)"), "\(full.errors)")
        #expect(try machine.shell(state) == before)
        _ = try machine.shell("rm \(place)/full*; mount -o remount,nr_inodes=99 \(place)")
        let again = try machine.setUp()
        #expect(again.code < 2, "\(again.output)\(again.errors)")
        #expect(again.changes.last?.hasPrefix("created /etc/deploy-ledger.conf") == true)
    }

    @Test func `where only the programs of BusyBox are, they are used`() throws {
        // The group file as addgroup(1) of BusyBox changes it.
        let machine = try PrivateMachine(
            """
            mkdir -p /run/bin; cd /run/bin
            cat >addgroup <<'END'
            #!/bin/sh
            echo "addgroup $*" >>/run/calls
            if [ "$1" = -S ]; then echo "$2:x:777:" >>/etc/group; else
            sed -i "/^$2:/s/$/$1/" /etc/group; fi
            END
            chmod 755 addgroup
            for name in /usr/sbin/groupadd /usr/sbin/usermod; do mount --bind /dev/null $name; done
            if [ -e /usr/sbin/addgroup ]; then mount --bind addgroup /usr/sbin/addgroup; else
            mkdir up work; mount -t overlay -o lowerdir=/usr/sbin,upperdir=up,workdir=work none /usr/sbin
            cp addgroup /usr/sbin; fi
            """)
        let result = try machine.setUp("--user", "ann")
        #expect(
            result.changes.prefix(2) == [
                "created the system group deploy",
                "added ann to the group deploy, from their next login",
            ], "\(result.output)\(result.errors)")
        #expect(try machine.shell("cat /run/calls") == "addgroup -S deploy\naddgroup ann deploy\n")
    }

    @Test func `where no program can change groups, it says which ones it looked for`() throws {
        let machine = try PrivateMachine(
            """
            for name in groupadd usermod addgroup; do
            [ ! -e /usr/sbin/$name ] || mount --bind /dev/null /usr/sbin/$name; done
            """)
        let result = try machine.setUp()
        #expect(result.code == 71)
        #expect(
            result.errors.hasPrefix(
                "deploystats: cannot create groups: neither groupadd nor addgroup is in /usr/sbin, "
            ), "\(result.errors)")
    }

    @Test func `what the program for groups says is passed on`() throws {
        let machine = try PrivateMachine(
            """
            printf '#!/bin/sh\\necho first >&2; echo "groupadd: no luck" >&2; exit 10\\n' >/run/groupadd
            chmod 755 /run/groupadd; mount --bind /run/groupadd /usr/sbin/groupadd
            """)
        let result = try machine.setUp()
        #expect(result.code == 71)
        #expect(
            result.errors
                == "deploystats: cannot create the system group deploy: first; groupadd: no luck\n")
    }
}
