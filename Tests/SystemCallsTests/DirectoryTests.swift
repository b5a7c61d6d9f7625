import Glibc
import SystemCalls
import TestSupport
import Testing

@Suite struct DirectoryTests {
    let place: TemporaryDirectory

    init() throws { place = try TemporaryDirectory() }

    @Test func `a new file lands in the directory that was opened`() throws {
        try FileSystem.makeDirectory(place.file("a"), mode: 0o700)
        try FileSystem.makeDirectory(place.file("elsewhere"), mode: 0o700)
        let directory = try Directory.open(place.file("a"))
        // Somebody swaps it for a link.
        try FileSystem.rename(place.file("a"), to: place.file("b"))
        #expect(symlink(place.file("elsewhere"), place.file("a")) == 0)
        _ = try directory.create("file", FileAccess(mode: 0o640))
        try directory.makeDirectory("inner", FileAccess(mode: 0o750))
        #expect(try directory.entries().sorted() == ["file", "inner"])
        #expect(try FileSystem.entries(of: place.file("elsewhere")).isEmpty)
        #expect(try FileSystem.status(place.file("b/file")).permissions == 0o640)
        #expect(try FileSystem.status(place.file("b/inner")).permissions == 0o750)
    }

    @Test func `links are not followed`() throws {
        try FileSystem.makeDirectory(place.file("real"), mode: 0o700)
        #expect(symlink("real", place.file("link")) == 0)
        let directory = try Directory.open(place.path)
        func code(_ body: () throws(SystemError) -> Void) -> CInt? {
            do throws(SystemError) {
                try body()
                return nil
            } catch { return error.code }
        }
        #expect(
            code { () throws(SystemError) in _ = try Directory.open(place.file("link")) } == ENOTDIR
        )
        #expect(
            code { () throws(SystemError) in _ = try directory.open(directory: "link") } == ENOTDIR)
        #expect(
            code { () throws(SystemError) in _ = try directory.open("link", O_RDONLY) } == ELOOP)
        #expect(
            code { () throws(SystemError) in
                _ = try directory.create("link", FileAccess(mode: 0o600))
            } == EEXIST)
        #expect(try directory.status(of: "link").isSymbolicLink)
        #expect(
            code { () throws(SystemError) in
                try FileAccess(mode: 0o755).apply(to: place.file("link"))
            } == ELOOP)
        #expect(try FileSystem.status(place.file("real")).permissions == 0o700)
        #expect(try Directory.open(place.file("link"), followingLinks: true).status().isDirectory)
    }

    @Test func `no file is renamed over another`() throws {
        let directory = try Directory.open(place.path)
        for name in ["old", "new"] {
            try directory.create(name, FileAccess(mode: 0o600)).write(Array(name.utf8))
        }
        #expect(try !directory.renameWithoutReplacing("old", to: "new"))
        #expect(try FileSystem.read(place.file("new")) == Array("new".utf8))
        try directory.unlink("new")
        #expect(try directory.renameWithoutReplacing("old", to: "new"))
        #expect(try directory.entries() == ["new"])
    }

    @Test func `a file with a second name is not given away`() throws {
        let directory = try Directory.open(place.path)
        _ = try directory.create("secret", FileAccess(mode: 0o600))
        #expect(link(place.file("secret"), place.file("ledger.db")) == 0)
        #expect(throws: SystemError("chmod", place.file("ledger.db"), code: EMLINK)) {
            try FileAccess(mode: 0o660).apply(to: place.file("ledger.db"))
        }
        #expect(try FileSystem.status(place.file("secret")).permissions == 0o600)
    }

    /// SQLite has locks of that kind on a database that is open.
    @Test func `giving a file away drops no locks of the process`() throws {
        let path = place.file("ledger.db")
        let file = try FileDescriptor.open(path, O_RDWR | O_CREAT, mode: 0o600)
        var range = flock()
        range.l_type = Int16(F_WRLCK)
        #expect(fcntl(file.rawValue, F_SETLK, &range) == 0)
        try FileAccess(mode: 0o660).apply(to: path)
        #expect(try file.status().permissions == 0o660)
        // What another process sees of it.
        let seen = try ChildProcess.run([
            "python3", "-c",
            """
            import fcntl, sys
            try:
                fcntl.lockf(open(sys.argv[1], "r+"), fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                print("locked")
            """, path,
        ])
        #expect(seen.output == "locked\n")
    }

    @Test(.enabled(if: geteuid() == 0, "needs to give a directory away"))
    func `the directory decides who may use what is in it`() throws {
        #expect(chown(place.path, 0, 12345) == 0)
        for (mode, expected) in [(0o2770, 0o660), (0o750, 0o640), (0o700, 0o600)]
            as [(mode_t, mode_t)]
        {
            #expect(chmod(place.path, mode) == 0)
            let status = try FileSystem.status(place.path)
            let directory = try Directory.open(place.path)
            let file = try directory.create("f", FileAccess(sharedIn: status))
            #expect(try file.status().permissions == expected)
            #expect(try file.status().gid == 12345 || mode == 0o700)
            try directory.unlink("f")
        }
        #expect(chown(place.path, 54321, 12345) == 0)
        let status = try FileSystem.status(place.path)
        let file = try Directory.open(place.path).create("f", FileAccess(sharedIn: status))
        #expect(try file.status().uid == 54321)
    }
}
