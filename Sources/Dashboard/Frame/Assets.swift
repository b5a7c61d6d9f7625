import Crypto
import HTTPTypes
import Hummingbird
import NIOCore
import Reporting

/// The style sheet and the script, under names that change with what is in them.
struct Assets: Sendable {
    /// One file.
    struct File: Sendable {
        let name: String
        /// The same without the hash.
        let plainName: String
        let type: String
        let bytes: ByteBuffer

        init(_ stem: String, _ ending: String, _ type: String, _ text: String) {
            let hash = SHA256.hash(data: Array(text.utf8)).prefix(8)
                .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            plainName = "\(stem).\(ending)"
            name = "\(stem)-\(hash).\(ending)"
            self.type = type
            bytes = ByteBuffer(string: text)
        }
    }

    let style: File
    let script: File

    /// - Parameter colour: of the installation.
    init(colour: Colour?) {
        // Reports and pages look alike.
        let report = (try? ReportTemplate.style()) ?? ""
        let own = EmbeddedStyles.all.map(\.text).joined()
        let brand = colour.map { ":root { --brand: \($0.text); }\n" } ?? ""
        style = File("dashboard", "css", "text/css; charset=utf-8", report + own + brand)
        let code = EmbeddedScripts.all.map(\.text).joined()
        script = File("dashboard", "js", "text/javascript; charset=utf-8", code)
    }

    /// The answer to who asks for a file by its whole name, which never means another one, or by a
    /// name without its hash, as pages do that know nothing of the site.
    func response(_ name: String) throws -> Response {
        guard let file = [style, script].first(where: { [$0.name, $0.plainName].contains(name) })
        else {
            throw Problem.notFound("there is no file of that name; a reload of the page helps")
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: file.type,
                .cacheControl: name == file.name
                    ? "public, max-age=31536000, immutable" : "public, max-age=60",
                .contentLength: String(file.bytes.readableBytes),
            ],
            body: ResponseBody(byteBuffer: file.bytes))
    }
}
