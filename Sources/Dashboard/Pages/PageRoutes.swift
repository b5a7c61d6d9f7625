import HTTPTypes
import Hummingbird
import Ledger
import NIOCore

/// The pages.
struct PageRoutes {
    let site: Site

    var routes: [Route] {
        [
            .get("/super-admin/deployments") { [site] _, _ in
                let head = try await site.ledger.read { try $0.head() }
                return Response(
                    status: .ok, headers: [.contentType: "text/plain; charset=utf-8"],
                    body: ResponseBody(byteBuffer: ByteBuffer(string: "head \(head.seq)\n")))
            }
        ]
    }
}
