import SystemCalls
import TestSupport
import Testing

/// The pages on setting up, upgrading and backing up a server: every command of theirs is run on a
/// machine of its own and prints what the page shows.
@Suite(.enabled(if: PrivateMounts.arePossible, "needs to be root and to mount"))
struct ServerPagesTests {
    private static let names = [
        "deploystats", "deploy-with-lock", "check-deploy-lock", "check-deploy-queue",
    ]

    private static func play(_ page: String, on machine: PrivateMachine) throws {
        let commands = try PageCommand.all(in: page)
        #expect(commands.count > 3)
        for command in commands {
            let printed = try machine.shell(command.text, as: command.isRoots ? nil : "ann")
            #expect(
                command.shows(printed),
                "$ \(command.text)\n\(printed)\nnot\n\(command.output ?? "")"
            )
        }
    }

    @Test func `a server is set up as the page says`() throws {
        let tools = try OtherUser(tools: Self.names)
        let machine = try PrivateMachine(
            "sed -i '/^ci:/d' /etc/passwd; echo ci:x:5103:5102::/srv/ci:/bin/sh >>/etc/passwd",
            tools: tools)
        try Self.play("docs/server.md", on: machine)
    }

    @Test(.enabled(if: haveSQLite, "needs sqlite3"))
    func `a ledger is copied and brought back as the page says`() throws {
        let tools = try OtherUser(tools: Self.names)
        let machine = try PrivateMachine(tools: tools)
        #expect(try machine.setUp("--user", "ann").code < 2)
        try Self.play("docs/backup.md", on: machine)
    }

    @Test(.enabled(if: haveSQLite, "needs sqlite3"))
    func `old and new programs share a ledger as the page says`() throws {
        let tools = try OtherUser(tools: Self.names)
        let machine = try PrivateMachine(
            """
            install -d -m 700 /srv/old
            cd \(Repository.path("migrations"))
            { cat 0001*.sql
            echo "INSERT INTO ledger (one, id, created_at_us) VALUES (1, randomblob(32), 1);"
            echo "PRAGMA application_id = 0x44504C47;"
            cat 0002*.sql 0003*.sql 0004*.sql
            echo "PRAGMA user_version = 4;"; } | sqlite3 /srv/old/ledger.db
            """, tools: tools)
        #expect(try machine.setUp("--user", "ann").code < 2)
        try Self.play("docs/upgrading.md", on: machine)
        #expect(
            try machine.run("deploystats", "verify", "--ledger", "/srv/old/ledger.db").code == 0)
    }

    private static let haveSQLite = (try? ChildProcess.run(["sqlite3", "--version"]))?.code == 0
}
