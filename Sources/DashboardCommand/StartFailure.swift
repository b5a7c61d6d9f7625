import Dashboard
import NIOCore
import NIOPosix
import SystemCalls

/// Why a server cannot start, in words.
enum StartFailure {
    /// One line: what cannot be done, and why.
    static func words(for error: any Error, _ options: DashboardOptions) -> String {
        if let error = error as? CertificateError { return "\(error)" }
        let place =
            switch options.address {
            case .unix(let path): path
            case .tcp(let host, let port):
                host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
            }
        if error is UnixDomainSocketPathWrongType {
            return "cannot listen on \(place): it exists and is not a socket"
        }
        let reason = (error as? IOError).map { SystemError("bind", code: $0.errnoCode).reason }
        return "cannot listen on \(place): \(reason ?? "\(error)")"
    }
}
