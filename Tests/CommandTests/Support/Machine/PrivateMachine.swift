import Glibc
import SystemCalls
import TestSupport

/// This machine with accounts, configuration and ledger of its own, for one test as root: what is
/// changed in `/etc`, `/var/lib`, `/run` and `/srv` is changed for nobody else.
struct PrivateMachine {
    private let mounts: PrivateMounts
    private let directory: TemporaryDirectory
    private let tools: OtherUser?

    /// A machine with the users ann and bob on which nothing of ours has been set up.
    ///
    /// - Parameters:
    ///   - script: what else has been done on it, as root, in `sh`.
    ///   - tools: what is installed in `/usr/local/bin`, for all of its users.
    init(_ script: String = "true", tools: OtherUser? = nil) throws {
        self.tools = tools
        directory = try TemporaryDirectory()
        chmod(directory.path, 0o755)
        let here = directory.path
        mounts = try PrivateMounts(
            """
            cp -a /etc \(here)/etc; mount --bind \(here)/etc /etc
            rm -f /etc/deploy-ledger.conf
            for name in var/lib srv; do mkdir -p \(here)/$name; mount --bind \(here)/$name /$name; done
            mount -t tmpfs -o mode=755 none /run; mkdir -m 1777 /run/lock
            sed -i '/^\\(deploy\\|ann\\|bob\\):/d; s/\\b\\(ann\\|bob\\)\\b//g' /etc/group /etc/gshadow
            sed -i '/^\\(ann\\|bob\\):/d' /etc/passwd /etc/shadow
            echo ann:x:5101:5101::/srv/ann:/bin/sh >>/etc/passwd
            echo bob:x:5102:5102::/srv/bob:/bin/sh >>/etc/passwd
            printf 'ann:x:5101:\\nbob:x:5102:\\n' >>/etc/group
            install -d -o 5101 /srv/ann; install -d -o 5102 /srv/bob
            \(tools.map { "mount --bind \($0.folder) /usr/local/bin" } ?? "true")
            \(script)
            """)
    }

    /// What the machine's own variables must not lead elsewhere.
    private static let environment: [String: String?] = [
        "DEPLOY_LEDGER": nil, "DEPLOY_LEDGER_CONFIG": nil, "DEPLOY_LOCK_FILE": nil,
        "XDG_STATE_HOME": nil, "XDG_RUNTIME_DIR": nil, "TERM": "dumb",
    ]

    /// Runs one of our tools as root.
    func run(_ tool: String, _ arguments: String...) throws -> ChildProcess.Result {
        try start(tool, arguments).finish()
    }

    /// Starts one of our tools as root.
    func start(_ tool: String, _ arguments: [String]) throws -> ChildProcess {
        try mounts.start([BuiltTool.path(tool)] + arguments, environment: Self.environment)
    }

    /// Runs `deploystats setup`.
    func setUp(_ arguments: String...) throws -> ChildProcess.Result {
        try start("deploystats", ["setup"] + arguments).finish()
    }

    /// Runs a deployment as one of its users, who has logged in since.
    func deploy(
        as user: String, _ tool: OtherUser, _ command: [String]
    ) throws -> ChildProcess.Result {
        try mounts.run(
            ["setpriv", "--reuid", user, "--regid", user, "--init-groups", "env"]
                + ["HOME=/srv/\(user)", tool.tool] + command,
            environment: Self.environment)
    }

    /// What a line of shell prints there, as root or as a user who has logged in since.
    func shell(_ line: String, as user: String? = nil) throws -> String {
        let login = user.map {
            ["setpriv", "--reuid", $0, "--regid", $0, "--init-groups", "env", "HOME=/srv/\($0)"]
        }
        let result = try mounts.run(
            (login ?? []) + ["sh", "-c", "exec 2>&1; cd /; \(line)"],
            environment: Self.environment.merging(
                ["PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "TZ": "UTC"]) { $1 })
        return result.output
    }
}

extension ChildProcess.Result {
    /// What setting up said, without what the doctor says of the machine.
    var changes: [String] {
        let doctor = ["OK ", "NOTE ", "WARNING ", "CRITICAL ", " "]
        return output.split(separator: "\n").map(String.init).filter { line in
            !doctor.contains { line.hasPrefix($0) }
        }
    }
}
