/// Keys and tokens that their issuers gave a shape to be known by.
enum KnownKey {
    /// How a key begins and how long it is at least.
    ///
    /// Sources: the issuers' documentation and the rules of gitleaks,
    /// https://github.com/gitleaks/gitleaks.
    private static let prefixes: [(text: String, shortest: Int)] = [
        // GitHub, GitLab
        ("ghp_", 30), ("gho_", 30), ("ghu_", 30), ("ghs_", 30), ("ghr_", 30),
        ("github_pat_", 30), ("glpat-", 20), ("gldt-", 20), ("glrt-", 20), ("glcbt-", 20),
        ("glptt-", 20), ("glft-", 20), ("glsoat-", 20), ("glagent-", 20), ("glimt-", 20),
        // Slack, Stripe, OpenAI and Anthropic
        ("xoxb-", 20), ("xoxa-", 20), ("xoxp-", 20), ("xoxr-", 20), ("xoxs-", 20), ("xapp-", 20),
        ("sk_live_", 20), ("rk_live_", 20), ("sk_test_", 20), ("rk_test_", 20), ("whsec_", 20),
        ("sk-", 23),
        // Registries: npm, PyPI, RubyGems, Docker
        ("npm_", 36), ("pypi-AgE", 50), ("rubygems_", 40), ("dckr_pat_", 20), ("dckr_oat_", 20),
        // Clouds: Google, DigitalOcean, HashiCorp, Tailscale, Databricks, Shopify, Supabase
        ("AIza", 35), ("ya29.", 30), ("GOCSPX-", 30), ("dop_v1_", 40), ("doo_v1_", 40),
        ("dor_v1_", 40), ("hvs.", 24), ("hvb.", 24), ("hvr.", 24), ("tskey-", 24), ("dapi", 36),
        ("shpat_", 36), ("shpca_", 36), ("shppa_", 36), ("shpss_", 36), ("sbp_", 40),
        ("sb_secret_", 20),
        // Others: SendGrid, Hugging Face, Atlassian, Grafana, Linear, Square, Postman, New Relic,
        // Pulumi, 1Password, age
        ("SG.", 40), ("hf_", 30), ("ATATT3", 60), ("ATCTT3", 60), ("glsa_", 36), ("glc_", 36),
        ("lin_api_", 40), ("sq0atp-", 24), ("sq0csp-", 40), ("PMAK-", 50), ("NRAK-", 30),
        ("pul-", 40), ("ops_eyJ", 100), ("AGE-SECRET-KEY-1", 60),
    ]

    /// Services whose addresses are secrets after the mark: who knows one may post.
    private static let webhooks = [
        "hooks.slack.com/", "discord.com/api/webhooks/", "discordapp.com/api/webhooks/",
        "webhook.office.com/", "api.telegram.org/bot", "hooks.zapier.com/",
    ]

    /// The end of the key that begins at `position`, where a word begins.
    static func end(at position: Int, in bytes: [UInt8]) -> Int? {
        let rest = bytes[position...]
        for (prefix, shortest) in prefixes
        where bytes.count - position >= shortest && rest.starts(with: prefix.utf8) {
            let end = wordEnd(from: position, in: bytes)
            guard end - position >= shortest else { continue }
            // `sk-` and others begin ordinary words, too; keys have digits.
            return bytes[position..<end].contains(where: Masking.isDigit) ? end : nil
        }
        if rest.starts(with: "AKIA".utf8) || rest.starts(with: "ASIA".utf8) {
            let end = wordEnd(from: position, in: bytes)
            guard end - position == 20 else { return nil }
            let isKey = rest[..<end].allSatisfy { Masking.isDigit($0) || 0x41...0x5a ~= $0 }
            return isKey ? end : nil
        }
        // A JSON Web Token: three parts, the first one begins with `{"` in base 64.
        guard rest.starts(with: "eyJ".utf8) else { return nil }
        let end = wordEnd(from: position, in: bytes)
        let dots = bytes[position..<end].count { $0 == UInt8(ascii: ".") }
        return dots >= 2 && end - position >= 30 ? end : nil
    }

    /// Where the secret begins in a webhook's address, whose host begins at `start`.
    static func webhookSecret(from start: Int, in bytes: [UInt8]) -> Int? {
        for mark in webhooks {
            // Before some of them stands the customer's own name.
            let limit = mark.hasPrefix("webhook.") ? 80 : 0
            for position in start...min(start + limit, bytes.count) {
                if bytes[position...].starts(with: mark.utf8) { return position + mark.utf8.count }
                if position < bytes.count, bytes[position] == UInt8(ascii: "/") { break }
            }
        }
        return nil
    }

    private static func wordEnd(from start: Int, in bytes: [UInt8]) -> Int {
        bytes[start...].firstIndex { !SecretScanner.isName($0) } ?? bytes.count
    }
}
