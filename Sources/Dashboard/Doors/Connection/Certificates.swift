import Logging
import NIOCore
import NIOSSL
import Synchronization
package import SystemCalls

/// The certificate of this server, read again whenever its files change: a renewed one needs no
/// restart.
final class Certificates: Sendable {
    private struct Pair {
        var versions: [FileStatus?]
        var chain: [NIOSSLCertificateSource]
        var key: NIOSSLPrivateKeySource
    }

    private let files: DashboardOptions.Certificate
    private let logger: Logger
    private let pair: Mutex<Pair>

    /// Reads the files.
    ///
    /// - Throws: what is wrong with them.
    init(_ files: DashboardOptions.Certificate, logger: Logger) throws(CertificateError) {
        self.files = files
        self.logger = logger
        pair = Mutex(try Self.read(files))
    }

    /// For connections; each asks for the newest certificate.
    var configuration: TLSConfiguration {
        let (chain, key) = pair.withLock { ($0.chain, $0.key) }
        var configuration = Self.configuration(chain, key)
        configuration.sslContextCallback = { [self] _, promise in
            // Not on the connection's own thread: what is wrong with a file would there be taken for
            // something wrong with the connection.
            promise.completeWithTask {
                var override = NIOSSLContextConfigurationOverride()
                (override.certificateChain, override.privateKey) = self.newest()
                return override
            }
        }
        return configuration
    }

    private static func configuration(
        _ chain: [NIOSSLCertificateSource], _ key: NIOSSLPrivateKeySource
    ) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain, privateKey: key)
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        return configuration
    }

    /// What the files have; what was there before when they cannot be used, such as in the middle of
    /// a renewal.
    private func newest() -> ([NIOSSLCertificateSource], NIOSSLPrivateKeySource) {
        pair.withLock { pair in
            let versions = Self.versions(of: files)
            if versions != pair.versions {
                do {
                    pair = try Self.read(files)
                    logger.notice("the certificate was renewed")
                } catch {
                    pair.versions = versions
                    logger.error("keeping the old certificate: \(error)")
                }
            }
            return (pair.chain, pair.key)
        }
    }

    private static func versions(of files: DashboardOptions.Certificate) -> [FileStatus?] {
        [files.certificate, files.key].map { try? FileSystem.status($0) }
    }

    private static func read(_ files: DashboardOptions.Certificate) throws(CertificateError) -> Pair
    {
        let versions = versions(of: files)
        do {
            let chain = try NIOSSLCertificate.fromPEMBytes(FileSystem.read(files.certificate))
                .map { NIOSSLCertificateSource.certificate($0) }
            let key = NIOSSLPrivateKeySource.privateKey(
                try NIOSSLPrivateKey(bytes: FileSystem.read(files.key), format: .pem))
            // Refuses a key that is not the certificate's.
            _ = try NIOSSLContext(configuration: configuration(chain, key))
            return Pair(versions: versions, chain: chain, key: key)
        } catch let error as SystemError {
            throw .unreadable(error)
        } catch {
            throw .unusable(files)
        }
    }
}

/// Why a certificate cannot be used.
package enum CertificateError: Error, CustomStringConvertible {
    case unreadable(SystemError)
    case unusable(DashboardOptions.Certificate)

    /// What is wrong.
    package var description: String {
        switch self {
        case .unreadable(let error): "cannot read the certificate or its key: \(error)"
        case .unusable(let files):
            "\(files.certificate) and \(files.key) are not a certificate and its key in PEM"
        }
    }
}
