import Glibc
import SystemCalls
import TestSupport
import Testing

extension Fixture {
    /// Runs `check-deploy-lock` to its end.
    func look(
        _ arguments: [String] = [], as user: [String] = [],
        environment more: [String: String?] = [:]
    ) throws -> ChildProcess.Result {
        try ChildProcess.run(
            user + [BuiltTool.path("check-deploy-lock")] + arguments,
            environment: environment(more))
    }

    /// What `--exit-code` ends with.
    func code(_ arguments: [String] = []) throws -> CInt {
        try look(["--exit-code", "--no-record"] + arguments).code
    }

    /// Starts a deployment that waits and sees to it that it has its ticket.
    func wait(_ name: String, options: [String] = []) throws -> ChildProcess {
        let before = tickets.count
        let child = try start(options + ["sh", "-c", "echo \(name)"])
        #expect(eventually { tickets.count > before })
        return child
    }

    /// As `hold`, with a command that closes what it inherits, as sudo does.
    func holdWithoutDescriptor(_ name: String) throws -> ChildProcess {
        let script = """
            import os, time
            os.closerange(3, 4096)
            here = os.environ["HERE"]
            open(here + "/\(name).up", "x")
            while not os.path.exists(here + "/\(name).go"): time.sleep(0.01)
            """
        let child = try start(["python3", "-c", script])
        try #require(eventually { exists("\(name).up") }, "\(child.errors)")
        return child
    }

    /// Starts a deployment with the command of `hold` that waits for one whose wrapper died.
    func waitForSurvivor(_ name: String) throws -> ChildProcess {
        let script = ": > $HERE/\(name).up; while [ ! -e $HERE/\(name).go ]; do sleep 0.01; done"
        let child = try start(["sh", "-c", script])
        #expect(eventually { child.errors.contains("its wrapper died, its command") })
        // It has locked the file for what comes then.
        #expect(try eventually { try !isFree })
        return child
    }

    /// Removes the queue with all tickets, as a person might.
    func removeQueue() throws {
        for name in try FileSystem.entries(of: lock + ".queue") {
            try FileSystem.unlink(lock + ".queue/" + name)
        }
        #expect(rmdir(lock + ".queue") == 0)
    }

    /// A deployment of which nobody can tell the end.
    func leaveDeadOrphan() throws {
        let wrapper = try hold("orphan", options: ["--quiet", "--tier", "docker"])
        #expect(eventually { (try? outcomes().last?.hasSuffix("in flight")) == true })
        try killBoth(wrapper)
        letGo("orphan")
        #expect(try eventually { try isFree })
    }
}

/// Runs what follows as another user, who has no rights of ours.
let asNobody = OtherUser.prefix
