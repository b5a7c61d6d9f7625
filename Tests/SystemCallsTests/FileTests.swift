import Glibc
import SystemCalls
import TestSupport
import Testing

@Suite struct FileTests {
    @Test func `errors name the call that failed, its file and the reason`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("missing")
        do {
            _ = try FileDescriptor.open(path, O_RDONLY)
            Issue.record("opened a file that does not exist")
        } catch {
            #expect(error == SystemError("open", path, code: ENOENT))
            #expect(error.description == "open \(path): No such file or directory")
        }
    }

    /// A draft of `page` that was last written this many seconds ago.
    private func makeDraft(_ path: String, secondsAgo: Int) throws -> FileDescriptor {
        let file = try FileDescriptor.open(path, O_RDWR | O_CREAT, mode: 0o600)
        let then = timespec(tv_sec: time(nil) - secondsAgo, tv_nsec: 0)
        #expect(futimens(file.rawValue, [then, then]) == 0)
        return file
    }

    @Test func `drafts of the dead are removed and those of the living are not`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("page")
        do { _ = try makeDraft(directory.file(".page.1.tmp"), secondsAgo: 3600) }
        do { _ = try makeDraft(directory.file(".page.2.tmp"), secondsAgo: 0) }
        do { _ = try makeDraft(directory.file(".other.1.tmp"), secondsAgo: 3600) }
        let living = try makeDraft(directory.file(".page.3.tmp"), secondsAgo: 3600)
        #expect(try living.tryLock(.exclusive))
        try FileReplacement.write(Array("whole".utf8), to: path)
        #expect(try FileSystem.read(path) == Array("whole".utf8))
        #expect(
            try FileSystem.entries(of: directory.path).sorted()
                == [".other.1.tmp", ".page.2.tmp", ".page.3.tmp", "page"])
    }

    @Test func `a draft that its writer locks is removed at once when the writer is dead`() throws {
        let directory = try TemporaryDirectory()
        let names = [".page.0000000000000001.tmp", ".page.fedcba9876543210.tmp"]
        do { _ = try makeDraft(directory.file(names[0]), secondsAgo: 0) }
        let living = try makeDraft(directory.file(names[1]), secondsAgo: 0)
        #expect(try living.tryLock(.exclusive))
        for _ in 1...3 {
            try FileReplacement.write([65], to: directory.file("page"))
            #expect(try FileSystem.entries(of: directory.path).sorted() == [names[1], "page"])
        }
        try living.unlock()
        try FileReplacement.write([65], to: directory.file("page"))
        #expect(try FileSystem.entries(of: directory.path) == ["page"])
    }

    @Test func `a long name has a draft, too`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file(String(repeating: "ä", count: 127))
        try FileReplacement.write([65], to: path)
        #expect(try FileSystem.entries(of: directory.path) == [Path.name(of: path)])
    }

    @Test(.enabled(if: geteuid() == 0, "needs to give a link away"))
    func `another user's link is replaced and not followed`() throws {
        let directory = try TemporaryDirectory()
        let (target, link) = (directory.file("target"), directory.file("link"))
        try FileReplacement.write(Array("old".utf8), to: target)
        #expect(symlink(target, link) == 0)
        try FileReplacement.write(Array("through".utf8), to: link)
        #expect(try FileSystem.read(target) == Array("through".utf8))
        #expect(lchown(link, 65534, 65534) == 0)
        try FileReplacement.write(Array("beside".utf8), to: link)
        #expect(try FileSystem.read(target) == Array("through".utf8))
        #expect(try FileSystem.read(link) == Array("beside".utf8))
    }

    @Test func `descriptors are closed on exec and with their value`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("f")
        do {
            let file = try FileDescriptor.open(path, O_RDWR | O_CREAT, mode: 0o600)
            #expect(fcntl(file.rawValue, F_GETFD) & FD_CLOEXEC != 0)
            try file.write(Array("hello".utf8))
            #expect(try FileSystem.read(path) == Array("hello".utf8))
            #expect(try file.tryLock(.exclusive))
        }
        // Closing let go of the lock; a process that another test starts just now has a copy of
        // the descriptor until it execs.
        let again = try FileDescriptor.open(path, O_RDONLY)
        #expect(try eventually { try again.tryLock(.exclusive) })
    }

    @Test func `two open files of one name exclude each other`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("f")
        let first = try FileDescriptor.open(path, O_RDWR | O_CREAT, mode: 0o600)
        let second = try FileDescriptor.open(path, O_RDONLY)
        #expect(try first.tryLock(.exclusive))
        #expect(try !second.tryLock(.shared))
        try first.unlock()
        #expect(try second.tryLock(.shared))
        #expect(try first.tryLock(.shared))
        #expect(try !first.tryLock(.exclusive))
    }

    @Test func `the umask does not change a directory's mode`() throws {
        let directory = try TemporaryDirectory()
        try FileSystem.makeDirectories(directory.file("a/b"), mode: 0o2775)
        #expect(try FileSystem.status(directory.file("a/b")).permissions & 0o777 == 0o775)
        #expect(try !FileSystem.makeDirectory(directory.file("a"), mode: 0o700))
    }

    @Test(arguments: [
        ("/a/b", "/a", "b"), ("/a", "/", "a"), ("a", ".", "a"), ("a/b/c", "a/b", "c"),
        ("/", "/", ""),
    ])
    func `paths have a parent and a name`(_ path: String, _ parent: String, _ name: String) {
        #expect(Path.parent(of: path) == parent)
        #expect(Path.name(of: path) == name)
    }

    @Test func `two ways to write a path are one`() throws {
        let directory = try TemporaryDirectory()
        try FileSystem.makeDirectory(directory.file("real"), mode: 0o700)
        symlink("real", directory.file("link"))
        let canonical = Path.canonical(directory.file("link/../link/x.lock"))
        #expect(canonical == Path.canonical(directory.file("real/x.lock")))
        #expect(canonical.hasSuffix("/real/x.lock"))
    }
}
