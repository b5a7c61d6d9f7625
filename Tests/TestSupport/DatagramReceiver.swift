import Glibc

/// A socket that takes datagrams, as a log of the system does.
package final class DatagramReceiver {
    private let file: CInt
    /// Where it is.
    package let path: String

    /// Listens at a path that is not there yet.
    package init(at path: String) throws {
        self.path = path
        file = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(file, $0, size) }
        }
        guard code == 0 else { throw Failed(code: errno) }
        chmod(path, 0o666)
    }

    deinit { close(file) }

    /// What has come and was not taken yet.
    package func take() -> [[UInt8]] {
        var datagrams: [[UInt8]] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = recv(file, &buffer, buffer.count, CInt(MSG_DONTWAIT))
            guard count >= 0 else { return datagrams }
            datagrams.append(Array(buffer[..<count]))
        }
    }

    struct Failed: Error { let code: CInt }
}
