/// Keys and tokens that are known by their shape, and addresses that are secret.
enum KnownKey {
    /// Services whose addresses are secrets after the mark: who knows one may post.
    private static let webhooks = [
        "hooks.slack.com/", "discord.com/api/webhooks/", "discordapp.com/api/webhooks/",
        "webhook.office.com/", "api.telegram.org/bot", "hooks.zapier.com/",
        "chat.googleapis.com/v1/", "outlook.office.com/webhook/", "open.feishu.cn/open-apis/bot/",
        "open.larksuite.com/open-apis/bot/", "hc-ping.com/", "hook.eu1.make.com/",
        "hook.us1.make.com/", "maker.ifttt.com/trigger/", "api.render.com/deploy/",
        "api.vercel.com/v1/integrations/deploy/", "api.netlify.com/build_hooks/",
        "events.pagerduty.com/integration/", "logic.azure.com/", "push.statuspage.io/",
    ]

    /// The shapes by the byte that they begin with.
    private static let shapes: [[KeyShape]] = {
        var shapes = [[KeyShape]](repeating: [], count: 256)
        for shape in KeyShape.all {
            if let byte = shape.start.utf8.first { shapes[Int(byte)].append(shape) }
        }
        return shapes
    }()

    /// The end of the key that begins at `position`, where a word begins that ends at `wordEnd`.
    static func end(at position: Int, wordEnd: Int, in bytes: [UInt8]) -> Int? {
        // No key is shorter.
        guard bytes.count - position >= 20 else { return nil }
        let byte = bytes[position]
        if wordEnd - position < 18 {
            guard wordEnd < bytes.count else { return nil }
            switch bytes[wordEnd] {
            case UInt8(ascii: ":"): return telegramToken(at: position, in: bytes)
            case UInt8(ascii: "~"): return markedKey(at: position, in: bytes)
            default: return nil
            }
        }
        for shape in shapes[Int(byte)] {
            if let end = shape.end(at: position, in: bytes) { return end }
        }
        if byte == UInt8(ascii: "e"), let end = webToken(at: position, in: bytes) { return end }
        return markedKey(at: position, in: bytes)
    }

    /// A JSON Web Token: three parts, the first one begins with `{"` in base 64.
    private static func webToken(at position: Int, in bytes: [UInt8]) -> Int? {
        guard bytes[position...].starts(with: "eyJ".utf8) else { return nil }
        let limit = min(position + 16384, bytes.count)
        let end = bytes[position..<limit].firstIndex { !Bytes.isName($0) } ?? limit
        let dots = bytes[position..<end].count { $0 == UInt8(ascii: ".") }
        return dots >= 2 && end - position >= 30 ? end : nil
    }

    /// A bot's number, a colon and 35 letters.
    private static func telegramToken(at position: Int, in bytes: [UInt8]) -> Int? {
        let colon = position + bytes[position...].prefix(12).prefix(while: Bytes.isDigit).count
        guard colon - position >= 8, colon < bytes.count, bytes[colon] == UInt8(ascii: ":") else {
            return nil
        }
        let rest = bytes[(colon + 1)...].prefix(36).prefix { Bytes.isName($0) }
        return rest.count == 35 && rest.contains(where: Bytes.isLetter) ? rest.endIndex : nil
    }

    /// A client secret of Azure, `abc8Q~…`, or a token of Terraform Cloud, `….atlasv1.…`.
    private static func markedKey(at position: Int, in bytes: [UInt8]) -> Int? {
        let rest = bytes[position...]
        if rest.starts(with: "sha256~".utf8) {
            let word = rest.prefix(64).prefix { Bytes.isName($0) || $0 == UInt8(ascii: "~") }
            return word.count >= 40 ? word.endIndex : nil
        }
        if rest.dropFirst(3).starts(with: "8Q~".utf8) {
            let word = rest.prefix(41).prefix { Bytes.isName($0) || $0 == UInt8(ascii: "~") }
            return word.count == 40 ? word.endIndex : nil
        }
        guard rest.dropFirst(14).starts(with: ".atlasv1.".utf8) else { return nil }
        let word = rest.prefix(128).prefix(while: Bytes.isName)
        return word.count > 60 ? word.endIndex : nil
    }

    /// Where the secret begins in a webhook's address, whose host begins at `start`.
    static func webhookSecret(from start: Int, in bytes: [UInt8]) -> Int? {
        for mark in webhooks {
            // Before some of them stands the customer's own name.
            let limit = mark.hasPrefix("webhook.") || mark.hasPrefix("logic.") ? 80 : 0
            for position in start...min(start + limit, bytes.count) {
                if bytes[position...].starts(with: mark.utf8) { return position + mark.utf8.count }
                if position < bytes.count, bytes[position] == UInt8(ascii: "/") { break }
            }
        }
        return nil
    }
}
