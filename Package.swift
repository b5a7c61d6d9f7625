// swift-tools-version: 6.2
import PackageDescription

/// One list of settings for every target of the package.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0335-existential-any.md
    .enableUpcomingFeature("ExistentialAny"),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0409-access-level-on-imports.md
    .enableUpcomingFeature("InternalImportsByDefault"),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0444-member-import-visibility.md
    .enableUpcomingFeature("MemberImportVisibility"),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0461-async-function-isolation.md
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

let argumentParser = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "deploy-ledger",
    products: [
        // The three tools of the lock in one file, as they are installed, and each on its own.
        .executable(name: "deploy-ledger", targets: ["deploy-ledger"]),
        .executable(name: "deploy-with-lock", targets: ["deploy-with-lock"]),
        .executable(name: "check-deploy-lock", targets: ["check-deploy-lock"]),
        .executable(name: "check-deploy-queue", targets: ["check-deploy-queue"]),
        .executable(name: "deploystats", targets: ["deploystats"]),
        .executable(name: "deploy-dashboard", targets: ["deploy-dashboard"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        // The dashboard's server alone; without its traits it needs no full Foundation.
        .package(
            url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1",
            traits: []),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0", traits: []),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
        .package(
            url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
    ],
    targets: [
        // The ground: knows nothing of deployments.
        .systemLibrary(
            name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        // What Swift has no name for, and what runs before it.
        .target(name: "CLinux", cSettings: [.treatAllWarnings(as: .error)]),
        // What a deployment leaves behind to outlive it; C, because Swift cannot fork.
        .target(name: "CKeeper"),
        // The operating system, each call wrapped once.
        .target(name: "SystemCalls", dependencies: ["CLinux"]),
        .target(name: "SQLite", dependencies: ["CSQLite"]),
        // Text for people; no dependencies, no Foundation.
        .target(name: "Wording"),
        // The bytes of a record, and JSON for programs that read what a tool prints.
        .target(name: "JSON", dependencies: ["Wording"]),
        // What a script that tells people is given.
        .target(name: "Notifications", dependencies: ["JSON"]),
        // What of a text is secret; no dependencies, no Foundation.
        .target(name: "Secrets"),
        // Who a process is, starting one, and the signals on their way to it.
        .target(name: "Processes", dependencies: ["SystemCalls", "CKeeper"]),

        // The lock: must work when the ledger does not, and never imports it.
        .target(
            name: "DeployLock", dependencies: ["Processes", "SystemCalls", "JSON", "Wording"]),
        .target(
            name: "Ledger",
            dependencies: [
                "SQLite", "Secrets", "SystemCalls", "JSON", "Wording",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            exclude: ["Statements"],
            plugins: ["EmbedFiles"]),
        // Questions to GitHub's API through its own command line client.
        .target(
            name: "GitHub",
            dependencies: ["JSON", "Processes", "SystemCalls", "Wording", argumentParser]),
        // Times, tables and the named queries of reports/.
        .target(
            name: "Queries",
            dependencies: ["JSON", "Ledger", "SQLite", "SystemCalls", "Wording"],
            plugins: ["EmbedFiles"]),
        // What is measured of deployments, and why it came out so.
        .target(
            name: "DeploymentMetrics",
            dependencies: ["JSON", "Ledger", "Queries", "SQLite", "Wording"]),
        // What reports, charts, alerts and histories make of it.
        .target(
            name: "Reporting",
            dependencies: [
                "DeployLock", "JSON", "Ledger", "DeploymentMetrics", "Notifications", "Queries",
                "SQLite",
                "SystemCalls", "Wording",
            ],
            plugins: ["EmbedFiles"]),

        // What is the case now, of locks, queues and the ledger: for `deploystats` and the dashboard.
        .target(
            name: "Status",
            dependencies: [
                "CommandSupport", "DeployLock", "JSON", "Ledger", "DeploymentMetrics", "Processes",
                "Queries",
                "Reporting", "Secrets", "SQLite", "SystemCalls", "Wording",
            ]),
        // The pages and the API; judges nothing, changes nothing.
        .target(
            name: "Dashboard",
            dependencies: [
                "CommandSupport", "DeployLock", "GitHub", "JSON", "Ledger", "DeploymentMetrics",
                "Processes",
                "Queries", "Reporting", "SQLite", "Secrets", "Status", "SystemCalls", "Wording",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            exclude: ["API/Document/openapi.json", "Assets", "Templates"],
            plugins: ["EmbedFiles"]),

        // What the tools have in common, and one module for each of them.
        .target(
            name: "CommandSupport",
            dependencies: [
                "DeployLock", "JSON", "Ledger", "Processes", "Secrets", "SystemCalls", "Wording",
                argumentParser,
            ]),
        .target(
            name: "DeployCommand",
            dependencies: [
                "CommandSupport", "DeployLock", "JSON", "Ledger", "Notifications", "Processes",
                "Secrets", "SystemCalls", "Wording", argumentParser,
            ]),
        .target(
            name: "CheckLockCommand",
            dependencies: [
                "CommandSupport", "DeployLock", "JSON", "Ledger", "Processes", "SystemCalls",
                "Wording", argumentParser,
            ]),
        .target(
            name: "CheckQueueCommand",
            dependencies: [
                "CommandSupport", "DeployLock", "GitHub", "JSON", "Ledger", "Processes",
                "SystemCalls", "Wording", argumentParser,
            ]),
        .target(
            name: "StatsCommands",
            dependencies: [
                "CommandSupport", "DeployLock", "GitHub", "JSON", "Ledger", "DeploymentMetrics",
                "Notifications", "Processes", "Queries", "Reporting", "SQLite", "Secrets", "Status",
                "SystemCalls", "Wording",
                argumentParser,
            ],
            plugins: ["EmbedFiles"]),
        .target(
            name: "DashboardCommand",
            dependencies: [
                "CommandSupport", "Dashboard", "DeployLock", "GitHub", "Ledger",
                "DeploymentMetrics", "Queries", "Reporting", "Status",
                "SystemCalls", "Wording", argumentParser,
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]),
        .executableTarget(
            name: "deploy-ledger",
            dependencies: [
                "CheckLockCommand", "CheckQueueCommand", "CommandSupport", "DeployCommand",
                "Processes", "SystemCalls",
            ]),
        .executableTarget(
            name: "deploy-with-lock", dependencies: ["DeployCommand", argumentParser]),
        .executableTarget(
            name: "check-deploy-lock", dependencies: ["CheckLockCommand", argumentParser]),
        .executableTarget(
            name: "check-deploy-queue", dependencies: ["CheckQueueCommand", argumentParser]),
        .executableTarget(name: "deploystats", dependencies: ["StatsCommands", argumentParser]),
        .executableTarget(
            name: "deploy-dashboard", dependencies: ["DashboardCommand", argumentParser]),

        // Build time only: turns plain files into Swift string constants.
        .executableTarget(name: "embed-files"),
        .plugin(name: "EmbedFiles", capability: .buildTool(), dependencies: ["embed-files"]),

        .target(
            name: "TestSupport", dependencies: ["SystemCalls"], path: "Tests/TestSupport"),
        .testTarget(name: "SystemCallsTests", dependencies: ["SystemCalls", "TestSupport"]),
        .testTarget(name: "JSONTests", dependencies: ["JSON"]),
        .testTarget(name: "SQLiteTests", dependencies: ["SQLite", "TestSupport"]),
        // Test only: appends from processes of its own, to be killed.
        .executableTarget(
            name: "ledger-hammer", dependencies: ["Ledger", "SystemCalls"],
            path: "Tests/ledger-hammer"),
        .testTarget(
            name: "LedgerTests",
            dependencies: [
                "Ledger", "JSON", "SQLite", "SystemCalls", "TestSupport", "ledger-hammer",
            ],
            exclude: ["Fixtures"]),
        .testTarget(
            name: "SecretsTests", dependencies: ["Secrets", "SystemCalls", "Wording"],
            exclude: ["Corpus"]),
        .testTarget(name: "WordingTests", dependencies: ["Wording", "TestSupport"]),
        .testTarget(
            name: "CommandSupportTests",
            dependencies: ["CommandSupport", "SystemCalls", "TestSupport"]),
        .testTarget(
            name: "DeployLockTests", dependencies: ["DeployLock", "SystemCalls", "TestSupport"]),
        .testTarget(
            name: "ProcessesTests",
            dependencies: ["Processes", "SystemCalls", "TestSupport"]),
        .testTarget(name: "GitHubTests", dependencies: ["GitHub"]),
        .testTarget(
            name: "DeployCommandTests",
            dependencies: ["DeployCommand", "DeployLock", "Ledger", "SystemCalls", "TestSupport"]),
        .testTarget(name: "CheckQueueCommandTests", dependencies: ["GitHub", "CheckQueueCommand"]),
        .testTarget(
            name: "ReportingTests",
            dependencies: [
                "Reporting", "DeployLock", "JSON", "Ledger", "DeploymentMetrics", "Queries",
                "SQLite",
                "SystemCalls", "TestSupport", "Wording",
            ],
            exclude: ["Golden"]),
        .testTarget(
            name: "StatsCommandsTests",
            dependencies: [
                "StatsCommands", "DeployLock", "DeploymentMetrics", "Queries", "Reporting",
                "SystemCalls",
                "TestSupport",
            ]),
        .testTarget(
            name: "StatusTests",
            dependencies: [
                "Status", "DeployLock", "DeploymentMetrics", "Ledger", "Processes", "Queries",
                "Reporting", "SystemCalls", "TestSupport",
            ]),
        .testTarget(
            name: "DashboardTests",
            dependencies: [
                "Dashboard", "DeployLock", "JSON", "Ledger", "Queries", "Reporting", "Secrets",
                "Status", "SystemCalls", "TestSupport",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
            ]),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "TestSupport", "SystemCalls", "SQLite", "Ledger", "DeployLock", "JSON",
                "CheckLockCommand", "DeployCommand", "Reporting", "StatsCommands", "Status",
                "Wording",
                argumentParser,
                "deploy-ledger", "deploy-with-lock", "check-deploy-lock", "check-deploy-queue",
                "deploystats", "deploy-dashboard",
            ],
            exclude: ["Stats/Importing/Logs"]),
    ]
)

for target in package.targets where ![.system, .plugin].contains(target.type) {
    target.swiftSettings = settings
}
