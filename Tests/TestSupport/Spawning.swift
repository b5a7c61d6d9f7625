package import Glibc
import SystemCalls

/// How tests start programs: with default signals, an empty mask and our own environment.
package enum Spawning {
    /// Starts a program, found through `PATH`.
    ///
    /// - Parameters:
    ///   - arguments: the program and its arguments.
    ///   - environment: variables to set; nil removes one.
    ///   - flags: what `posix_spawnattr_setflags(3)` gets beside the signals.
    ///   - openStreams: opens the program's standard streams.
    /// - Returns: the process id.
    /// - Throws: `SystemError` when nothing could be started.
    package static func start(
        _ arguments: [String], environment: [String: String?], flags: CInt,
        openStreams: (inout posix_spawn_file_actions_t) -> Void
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        openStreams(&actions)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var all = sigset_t()
        sigfillset(&all)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setpgroup(&attributes, 0)
        let signals = CInt(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK)
        posix_spawnattr_setflags(&attributes, Int16(signals | flags))

        var argv = arguments.map { strdup($0) } + [nil]
        var envp = self.environment(changed: environment).map { strdup($0) } + [nil]
        defer { (argv + envp).forEach { free($0) } }
        var pid: pid_t = 0
        let code = posix_spawnp(&pid, arguments[0], &actions, &attributes, &argv, &envp)
        guard code == 0 else { throw SystemError("posix_spawn", arguments[0], code: code) }
        return pid
    }

    /// The exit code in a status word of `waitpid(2)`; 128 + n when signal n ended the process.
    package static func exitCode(_ status: CInt) -> CInt {
        let signal = status & 0x7f
        return signal == 0 ? status >> 8 & 0xff : 128 + signal
    }

    /// By these a tool would take a test for a job of the CI system that runs it.
    private static let jobs: Set = [
        "GITHUB_ACTIONS", "GITLAB_CI", "CI", "DRONE", "BUILDKITE", "CIRCLECI", "TF_BUILD",
        "BITBUCKET_BUILD_NUMBER", "TEAMCITY_VERSION", "JENKINS_URL",
    ]

    /// Our own environment with some variables set or, for nil, removed.
    private static func environment(changed: [String: String?]) -> [String] {
        var result: [String] = []
        var position = 0
        while let entry = environ[position] {
            let text = String(cString: entry)
            let name = String(text.prefix { $0 != "=" })
            if changed[name] == nil, !name.hasPrefix("DEPLOY_"), !jobs.contains(name) {
                result.append(text)
            }
            position += 1
        }
        for case (let name, let value?) in changed { result.append("\(name)=\(value)") }
        return result
    }
}
