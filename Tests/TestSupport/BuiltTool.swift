import Glibc
import SystemCalls

/// The executables of this package as they were built beside the tests, or those in the folder that
/// `DEPLOY_LEDGER_TOOLS` names: what is tested may be what people install.
package enum BuiltTool {
    /// The absolute path of a product; a folder of static binaries may be without the dashboard.
    package static func path(_ name: String) -> String {
        let path = (given ?? built) + "/" + name
        return name == dashboard && !FileSystem.exists(path) ? built + "/" + name : path
    }

    private static let dashboard = "deploy-dashboard"

    /// Whether they need no libraries, because they are the ones that people install.
    package static let areStatic = given != nil

    private static let given = Environment.value("DEPLOY_LEDGER_TOOLS")

    /// `/proc/self/exe` is the test runner inside the build directory, or a link to it.
    private static let built: String = {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let path = String(
            decoding: buffer.prefix(max(0, count)).map(UInt8.init(bitPattern:)), as: UTF8.self)
        var candidates = CommandLine.arguments.map(Path.parent(of:))
        candidates.append(Path.parent(of: path))
        candidates.append(".build/debug")
        return candidates.first { FileSystem.exists($0 + "/deploystats") } ?? ".build/debug"
    }()
}
