package import DeployLock
package import DeploymentMetrics
package import Ledger
package import Logging
package import Queries
package import Status

/// Everything a server is told at its start.
package struct DashboardOptions: Sendable {
    /// Where it listens.
    package enum Address: Hashable, Sendable {
        /// An address in numbers, and a port; port 0 takes a free one.
        case tcp(host: String, port: Int)
        /// The path of a socket.
        case unix(String)
    }

    /// Files of a certificate and its key, in PEM.
    package struct Certificate: Hashable, Sendable {
        package let certificate: String
        package let key: String

        package init(certificate: String, key: String) {
            self.certificate = certificate
            self.key = key
        }
    }

    package var address = Address.tcp(host: "127.0.0.1", port: 8080)
    /// What is looked at, and by which rules it is judged.
    package var source: StatusSource
    package var ledger: LedgerSettings { source.ledger }
    /// At least one.
    package var locks: [LockPaths] { source.locks }
    package var targets: Targets { source.alerts.targets }
    /// In which times are shown where the address names no other.
    package var zone: Zone
    /// Names of hosts besides those of loopback, each with a port or without.
    package var allowedHosts: [HostName] = []
    /// Empty, or a path with a leading and without a trailing slash.
    package var basePath = ""
    package var certificate: Certificate?
    /// Where the hashes of tokens are.
    package var tokenFile: String
    /// Where logouts are remembered.
    package var logoutFile: String
    /// Whether everybody on this machine may read, without a token.
    package var isPublic = false
    /// Whose `X-Forwarded-*` fields are believed.
    package var trustedProxies: [TrustedProxy] = []
    /// How long anything may take.
    package var limits = Limits()
    /// Whether badges need no token.
    package var hasPublicBadges = false
    /// Whether the kept output of deployments is shown.
    package var showsLogs = false
    /// What the pages call the installation, such as `production`.
    package var name: String?
    /// The colour that goes with it.
    package var colour: Colour?
    /// From which level on something is logged: requests that were answered are `info`, those that
    /// were not are `notice`.
    package var logLevel = Logger.Level.notice
    /// How many streams may be open at the same time.
    package var mostStreams = 600
    /// The workflow whose pending runs are told; nil for none.
    package var ciQueue: CIQueueOptions?

    package init(_ source: StatusSource, zone: Zone, tokenFile: String) {
        self.source = source
        self.zone = zone
        self.tokenFile = tokenFile
        logoutFile = tokenFile + ".logouts"
    }
}
