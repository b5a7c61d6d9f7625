import Glibc
import TestSupport
import Testing

@testable import SystemCalls

/// Names and groups from files and from getent(1), of which a script plays the part.
@Suite struct AccountsTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        for name in ["passwd", "group"] { write("", to: name) }
    }

    private func write(_ text: String, to name: String, mode: mode_t = 0o644) {
        let path = directory.file(name)
        let flags = O_WRONLY | O_CREAT | O_TRUNC
        try? FileDescriptor.open(path, flags, mode: mode).write(text.utf8)
    }

    private func read(_ name: String) -> String {
        String(decoding: (try? FileSystem.read(directory.file(name))) ?? [], as: UTF8.self)
    }

    /// - Parameter script: what getent(1) does; none is installed without one.
    private func accounts(
        getent script: String? = nil, limit: Int64 = ChildProcess.patience
    ) -> Accounts {
        // The file may not be open for writing anywhere while it is executed; a shell reads it.
        if let script {
            write("#!/bin/sh\ncd \(directory.path)\n\(script)\n", to: "getent", mode: 0o755)
        }
        return Accounts(
            passwd: directory.file("passwd"), group: directory.file("group"),
            directory: Getent(
                programs: [directory.file("missing"), directory.file("getent")],
                limitMicroseconds: limit))
    }

    @Test func `an account's name is that of the first line with the number`() {
        write(
            """
            root:x:0:0:root:/root:/bin/bash
            toor:x:0:0::/:/bin/sh

              ann:x:1000:100:Ann,,,:/home/ann:/bin/sh\r
            short:x:1001:100
            """, to: "passwd")
        let accounts = accounts()
        #expect(accounts.account(0)?.name == "root")
        #expect(accounts.account(1000) == Account(AccountLine(Array("ann:x:1000:100".utf8)[...])))
        #expect(accounts.account(1001)?.name == "short")
        #expect(accounts.account(1002) == nil)
    }

    @Test(arguments: [
        "+:::5::", "+ann:x:5:5::", "-ann:x:5:5::", "+@team:x:5:5::", "#ann:x:5:5::", ":x:5:5::",
        "ann", "ann:x", "ann:x:5", "ann:x:5:", "ann:x:-5:5::", "ann:x:+5:5::", "ann:x:5x:5::",
        "ann:x: 5:5::", "ann:x:0x5:5::", "ann:x:4294967301:5::", "ann:x:00000000005:5::",
        "ann:5:5", "\0\0\0", "::::::",
    ])
    func `a line that is not a user is passed over`(_ line: String) {
        write("\(line)\nbob:x:5:5::/:/bin/sh\n", to: "passwd")
        #expect(accounts().account(5)?.name == "bob")
        write(line, to: "passwd")
        #expect(accounts().account(5) == nil)
    }

    @Test func `nobody has the number that means none`() {
        write("ghost:x:4294967295:5::/:/bin/sh\n", to: "passwd")
        #expect(accounts().account(.max) == nil)
    }

    @Test func `a user's groups are the primary one and those that list the user`() {
        write("ann:x:1000:100::/:/bin/sh\nbo:x:1001:101::/:/bin/sh\n", to: "passwd")
        write(
            """
            +deploy:x:7:bo
            deploy:x:7:carl, ann ,dora\r
            deploy:x:8:annabel,ann2
            more:x:8
            more:x:8:
            again:x:9:bo
            again:x:9:ann
            bad:x:x10:ann
            """, to: "group")
        let accounts = accounts()
        for (gid, isMember) in [(100, true), (7, true), (8, false), (9, true), (10, false)] {
            #expect(accounts.isMember(1000, of: gid_t(gid)) == isMember, "\(gid)")
        }
        #expect(!accounts.isMember(1001, of: 7))
        #expect(!accounts.isMember(1002, of: 7))
    }

    @Test func `a file with a long line and many users is read to its end`() {
        let many = (0..<5000).map { "u\($0):x:\($0 + 5000):100::/:/bin/sh\n" }.joined()
        write("x:\(String(repeating: "y", count: 1 << 17))\n\(many)last:x:7:8::/:", to: "passwd")
        let members = (0..<5000).map { "u\($0)" }.joined(separator: ",")
        write("all:x:9:\(members),last\n", to: "group")
        let accounts = accounts()
        #expect(accounts.account(7)?.name == "last")
        #expect(accounts.isMember(7, of: 9))
    }

    @Test func `no account is known without files and getent`() {
        for name in ["passwd", "group"] { unlink(directory.file(name)) }
        #expect(accounts().account(0) == nil)
        #expect(!accounts().isMember(0, of: 0))
        mkdir(directory.file("passwd"), 0o755)
        #expect(accounts().account(0) == nil)
    }

    @Test func `getent is asked once about users not in the file, with an empty environment`() {
        let accounts = accounts(
            getent: """
                echo "$@" >> asked; cat /proc/$$/environ >> environment
                [ "$1 $2" = "passwd 4321" ] || exit 2
                echo ann:x:4321:50:Ann:/home/ann:/bin/sh
                """)
        write("root:x:0:0::/:/bin/sh\n", to: "passwd")
        for _ in 1...2 {
            #expect(accounts.account(0)?.name == "root")
            #expect(accounts.account(4321)?.name == "ann")
            #expect(accounts.account(4322) == nil)
            #expect(accounts.isMember(4321, of: 50))
        }
        #expect(read("asked") == "passwd 4321\npasswd 4322\n")
        #expect(read("environment") == "")
    }

    @Test(arguments: [
        "exit 2", "echo other:x:1:1::/:", "echo", "echo +:x:4321:1::", "echo ann",
        "echo ann:x:4321:1::/:; exit 1", "kill -SEGV $$", "head -c 3000000 /dev/zero",
    ])
    func `a malformed answer leaves the number`(_ script: String) {
        #expect(accounts(getent: script).account(4321) == nil)
    }

    @Test func `a directory knows groups of users who are in the file, too`() {
        write("ann:x:1000:100::/:/bin/sh\n-x:x:1001:1::\n", to: "passwd")
        let accounts = accounts(
            getent: """
                echo "$@" >> asked
                [ "$1" = initgroups ] && echo "$2            100 7 1000"
                """)
        #expect(accounts.isMember(1000, of: 7))
        #expect(accounts.isMember(1000, of: 1000))
        #expect(!accounts.isMember(1000, of: 10))
        #expect(read("asked") == "initgroups ann\ninitgroups ann\ninitgroups ann\n")
    }

    @Test func `a getent that does not answer is killed with its children and asked no more`()
        throws
    {
        let accounts = accounts(
            getent: "echo $$ >> asked; sleep 1000 & echo $! > child; wait", limit: 500_000)
        #expect(accounts.account(4321) == nil)
        #expect(accounts.account(4322) == nil)
        #expect(!accounts.isMember(4323, of: 1))
        #expect(read("asked").split(separator: "\n").count <= 1)
        if let child = pid_t(read("child").split(separator: "\n").first ?? "") {
            #expect(eventually { Glibc.kill(child, 0) == -1 || ProcessOwner(of: child) == nil })
        }
    }

    @Test func `the kernel says whose a process is`() throws {
        let own = try #require(ProcessOwner(of: getpid()))
        #expect(own.uid == getuid())
        #expect(own.parent == getppid())
        #expect(User.hasProcess(getpid(), of: getuid(), in: getgid()))
        #expect(!User.hasProcess(getpid(), of: getuid() + 1, in: getgid()))
        #expect(ProcessOwner(of: 0) == nil)
    }

    @Test func `a name that looks like fields of the kernel is not read as fields`() throws {
        let text = "Name:\tUid:\t7\nPPid:\t12\nUid:\t1\t2\t3\t4\nGid:\t5\t6\t7\t8\nGroups:\t9 10 \n"
        let owner = try #require(ProcessOwner(parsing: Array(text.utf8)))
        #expect(owner.uid == 1 && owner.parent == 12 && owner.groups == [5, 9, 10])
        #expect(ProcessOwner(parsing: Array("Uid:\t1\n".utf8)) == nil)
    }
}
