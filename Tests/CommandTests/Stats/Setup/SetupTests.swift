import SystemCalls
import TestSupport
import Testing

/// `deploystats setup` where it can do its work.
@Suite(.enabled(if: PrivateMounts.arePossible, "needs to be root and to mount"))
struct SetupTests {
    private static let changes = [
        "created the system group deploy",
        "added ann to the group deploy, from their next login",
        "added bob to the group deploy, from their next login",
        "created /var/lib/deploy-ledger, group deploy 2770",
        "created /etc/deploy-ledger.conf with DEPLOY_LEDGER=/var/lib/deploy-ledger/ledger.db",
    ]

    /// Everything that is set up, as it is on the disk.
    private static let state = """
        getent group deploy; stat -c '%n %a %U %G' /var/lib/deploy-ledger /etc/deploy-ledger.conf
        cat /etc/deploy-ledger.conf; md5sum /etc/passwd /etc/group /etc/gshadow; ls -lAR /var/lib /srv
        """

    @Test func `it prints each change once, and a second run has nothing to change`() throws {
        let machine = try PrivateMachine()
        let first = try machine.setUp("--user", "ann", "--user", "bob", "--user", "ann")
        #expect(first.changes == Self.changes, "\(first.output)\(first.errors)")
        let state = try machine.shell(Self.state)
        #expect(state.contains(":ann,bob\n/var/lib/deploy-ledger 2770 root deploy\n"), "\(state)")
        #expect(state.contains("/etc/deploy-ledger.conf 644 root root\n"), "\(state)")
        #expect(state.contains("\nDEPLOY_LEDGER=/var/lib/deploy-ledger/ledger.db\n"))
        #expect(state.contains("\n#DEPLOY_LOCK_FILE=path\n"))
        let second = try machine.setUp("--group", "deploy", "--user", "ann", "--user", "bob")
        #expect(second.changes == ["nothing to change"], "\(second.output)\(second.errors)")
        #expect(try machine.shell(Self.state) == state)
    }

    @Test func `it ends with what the doctor finds, and with its exit code`() throws {
        let machine = try PrivateMachine("install -d -m 1777 /run/lock/deploy.lock")
        let result = try machine.setUp()
        let doctor = try machine.run("deploystats", "doctor")
        #expect(result.code == 2 && doctor.code == 2, "\(result.output)")
        #expect(doctor.output.contains("is not a regular file"))
        #expect(result.output.hasSuffix(doctor.output), "\(result.output)\n\(doctor.output)")
    }

    @Test func `a dry run says the same and changes nothing`() throws {
        let machine = try PrivateMachine()
        let before = try machine.shell(Self.state)
        let result = try machine.setUp("--dry-run", "--user", "ann", "--user", "bob")
        let planned = Self.changes.map { line in
            line.replacing(/^created/, with: "would create").replacing(/^added/, with: "would add")
        }
        #expect(result.code == 0)
        #expect(result.output == planned.joined(separator: "\n") + "\n", "\(result.errors)")
        #expect(try machine.shell(Self.state) == before)
    }

    @Test func `all members of the group deploy in one ledger, and others in their own`() throws {
        let machine = try PrivateMachine()
        #expect(try machine.setUp("--user", "ann").code < 2)
        let tool = try OtherUser(tool: "deploy-with-lock")
        #expect(try machine.deploy(as: "ann", tool, ["true"]).code == 0)
        #expect(try machine.run("deploy-with-lock", "true").code == 0)
        let outside = try machine.deploy(as: "bob", tool, ["true"])
        #expect(outside.code == 0)
        #expect(outside.errors.contains("bob has to be in the group deploy"), "\(outside.errors)")
        #expect(try machine.setUp("--user", "bob").changes == [Self.changes[2]])
        #expect(try machine.deploy(as: "bob", tool, ["true"]).code == 0)
        let list = try machine.run("deploystats", "deployments", "--format", "ndjson").output
        #expect(list.split(separator: "\n").count == 4, "\(list)")
        #expect(try machine.run("deploystats", "verify").code == 0)
    }

    @Test func `a ledger of root's is shared while a deployment is in flight`() throws {
        let machine = try PrivateMachine(
            """
            mkfifo /srv/go; install -d -m 700 /var/lib/deploy-ledger /var/lib/deploy-ledger/spool
            touch /var/lib/deploy-ledger/ledger.db.corrupt-20260102T030405Z
            touch /var/lib/deploy-ledger/spool/x.event.rejected
            """)
        let deployment = try machine.start(
            "deploy-with-lock", ["sh", "-c", "echo up >&2; read -r line </srv/go; exit 3"])
        #expect(eventually { deployment.errors.contains("up\n") })
        let result = try machine.setUp("--user", "ann")
        #expect(
            Array(result.changes.dropFirst(2).prefix(2)) == [
                "shared /var/lib/deploy-ledger, group deploy 2770 (it was root:root 0700)",
                "shared /var/lib/deploy-ledger/ledger.db, group deploy 0660 (it was root:root 0600)",
            ], "\(result.output)\(result.errors)")
        let open = try machine.shell("find /var/lib/deploy-ledger ! -group deploy -o ! -perm -g+rw")
        #expect(open == "", "\(open)")
        let tool = try OtherUser(tool: "deploy-with-lock")
        let busy = try machine.deploy(as: "ann", tool, ["--no-wait", "true"])
        #expect(busy.code == 1, "\(busy.errors)")
        _ = try machine.shell("echo >/srv/go")
        #expect(try deployment.finish().code == 3)
        #expect(try machine.deploy(as: "ann", tool, ["true"]).code == 0)
        let list = try machine.run("deploystats", "deployments", "--format", "ndjson").output
        #expect(list.split(separator: "\n").count == 3, "\(list)")
        #expect(try machine.run("deploystats", "verify").code == 0)
        #expect(try machine.setUp("--user", "ann").changes == ["nothing to change"])
    }

    @Test(arguments: [
        (
            "DEPLOY_TIER=docker\n", "it does not set DEPLOY_LEDGER",
            "does not name the shared ledger"
        ),
        (
            "DEPLOY_LEDGER=/srv/x/ledger.db\n", "DEPLOY_LEDGER is /srv/x/ledger.db, not /var/lib/",
            ""
        ),
    ])
    func `a configuration that somebody wrote is kept, and what it lacks is said`(
        text: String, kept: String, finding: String
    ) throws {
        let machine = try PrivateMachine("printf '\(text)' >/etc/deploy-ledger.conf")
        let result = try machine.setUp("--ledger", "/var/lib/deploy-ledger/ledger.db")
        #expect(
            result.changes.last?.hasPrefix("kept /etc/deploy-ledger.conf as it is: \(kept)")
                == true, "\(result.output)")
        #expect(result.output.contains(finding))
        #expect(try machine.shell("cat /etc/deploy-ledger.conf") == text)
        let again = try machine.setUp("--ledger", "/var/lib/deploy-ledger/ledger.db")
        #expect(again.changes.last == "nothing to change")
    }

    @Test func `the ledger and the lock are where the configuration says`() throws {
        let machine = try PrivateMachine(
            """
            echo DEPLOY_LEDGER=/srv/team/state/ledger.db >/etc/deploy-ledger.conf
            echo DEPLOY_LOCK_FILE=/srv/team/lock/deploy.lock >>/etc/deploy-ledger.conf
            """)
        let result = try machine.setUp("--group", "team", "--user", "ann")
        #expect(
            Array(result.changes.dropFirst(2)) == [
                "created /srv/team/state, group team 2770",
                "created /srv/team/lock, group team 2775",
            ], "\(result.output)\(result.errors)")
        // The group that shares the ledger is the one meant from now on.
        #expect(
            try machine.setUp("--user", "bob").changes
                == ["added bob to the group team, from their next login"])
        let tool = try OtherUser(tool: "deploy-with-lock")
        #expect(try machine.deploy(as: "ann", tool, ["true"]).code == 0)
        #expect(try machine.deploy(as: "bob", tool, ["true"]).code == 0)
        #expect(try machine.shell("stat -c %a /srv/team").hasPrefix("755"))
    }

    @Test func `where the usual lock is for root alone, the group gets one of its own`() throws {
        // As on Alpine.
        let machine = try PrivateMachine("chmod 755 /run/lock")
        let result = try machine.setUp("--user", "ann")
        #expect(
            Array(result.changes.dropFirst(3)) == [
                "created /srv/deploy, group deploy 2775",
                "created /etc/deploy-ledger.conf with DEPLOY_LEDGER=/var/lib/deploy-ledger/ledger.db "
                    + "and DEPLOY_LOCK_FILE=/srv/deploy/deploy.lock",
            ], "\(result.output)\(result.errors)")
        let tool = try OtherUser(tool: "deploy-with-lock")
        #expect(try machine.deploy(as: "ann", tool, ["true"]).code == 0)
        #expect(try machine.setUp().changes == ["nothing to change"])
        // A configuration that somebody wrote is theirs; the doctor says what is wrong with it.
        _ = try machine.shell("sed -i /^DEPLOY_LOCK_FILE/d /etc/deploy-ledger.conf")
        let own = try machine.setUp()
        #expect(own.code == 1 && own.changes == ["nothing to change"])
        #expect(
            own.output.contains(
                "members of the group deploy, who share the ledger, cannot use the lock"),
            "\(own.output)")
    }

    @Test func `two at once do the work of one`() throws {
        let machine = try PrivateMachine()
        let both = try (0..<2).map { _ in
            try machine.start("deploystats", ["setup", "--user", "ann", "--user", "bob"])
        }.map { try $0.finish() }
        for result in both { #expect(result.code < 2, "\(result.output)\(result.errors)") }
        #expect(
            try machine.setUp("--user", "ann", "--user", "bob").changes == ["nothing to change"])
        #expect(try machine.shell("grep -c '^deploy:' /etc/group") == "1\n")
        #expect(try machine.shell("ls -A /etc | grep -c deploy-ledger") == "1\n")
    }
}
