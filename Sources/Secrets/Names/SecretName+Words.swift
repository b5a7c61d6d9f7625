/// The words of names, in lower case.
extension SecretName {
    /// They mean a secret wherever they stand in a name.
    static let strong = [
        "password", "passwords", "passwd", "passphrase", "passcode", "pwd", "token", "tokens",
        "secret", "secrets", "credential", "credentials", "creds", "apikey", "apikeys",
        "accesskey", "secretkey", "privatekey", "masterkey", "accountkey", "encryptionkey",
        "sharedkey", "authkey", "signingkey", "licensekey", "authorization", "kennwort",
    ]

    /// Names run together end like this: `PGPASSWORD`, `authtoken`.
    static let strongEndings = [
        "password", "passwd", "passphrase", "passcode", "pwd", "token", "secret", "secrets",
        "apikey", "accesskey", "secretkey", "privatekey", "masterkey", "accountkey",
        "encryptionkey", "sharedkey", "authkey", "signingkey", "licensekey", "cryptkey",
        "credential", "credentials", "creds",
    ]

    /// Two words that mean a secret together.
    static let pairs: [(first: String, second: String)] = [
        ("api", "key"), ("api", "keys"), ("access", "key"), ("secret", "key"), ("private", "key"),
        ("master", "key"), ("account", "key"), ("encryption", "key"), ("shared", "key"),
        ("auth", "key"), ("signing", "key"), ("license", "key"), ("storage", "key"),
        ("session", "key"), ("app", "key"), ("service", "key"), ("crypt", "key"),
        ("decryption", "key"), ("preshared", "key"), ("subscription", "key"), ("function", "key"),
        ("session", "id"), ("sess", "id"), ("connect", "sid"), ("webhook", "url"),
        ("pass", "phrase"), ("pass", "word"), ("pass", "code"), ("unseal", "key"),
        ("sonar", "login"), ("recovery", "key"), ("recovery", "code"), ("seed", "phrase"),
        ("write", "key"), ("deploy", "key"), ("integration", "key"), ("host", "key"),
        ("consumer", "key"), ("art", "api"), ("user", "pw"), ("sas", "token"), ("bind", "pw"),
        ("connection", "password"),
    ]

    /// They mean a secret at the end of a name.
    static let weak = [
        "pass", "pw", "psw", "auth", "cookie", "jwt", "bearer", "sessionid", "sessid", "phpsessid",
        "jsessionid", "salt", "otp", "pin", "psk", "pat", "mnemonic", "cred", "setcookie", "hmac",
    ]

    static let weakEndings = ["pass", "auth", "sessionid", "sessid", "adminpw", "rootpw", "bindpw"]

    /// Words that only end like them.
    static let harmlessEndings = [
        "bypass", "compass", "overpass", "underpass", "trespass", "encompass", "surpass", "oauth",
        "askpass", "preauth", "reauth", "noauth", "webauth",
    ]

    /// What a secret is for may follow it without changing what it is.
    static let qualifiers = [
        "prod", "production", "prd", "staging", "stage", "stg", "dev", "development", "test",
        "testing", "qa", "uat", "live", "local", "ci", "base", "new", "old", "current",
        "previous", "primary", "secondary", "default", "main", "backup", "b", "base64", "value",
        "plain", "raw", "text", "string", "hash", "root", "admin", "key", "a", "v", "eu", "us",
    ]

    /// Keys that order or find something.
    static let harmlessKeys = [
        "sort", "cache", "partition", "primary", "foreign", "public", "range", "row", "group",
        "index", "object", "order", "routing", "hash", "unique", "pub", "lookup", "shard",
        "dedup", "idempotency", "concurrency", "translation", "i18n", "message", "map", "join",
        "hot", "arrow", "gpg", "pgp", "registry", "config", "feature", "resource", "label", "tag",
        "s3", "bucket", "restore", "ssh", "known", "search", "record", "entity", "kv", "data",
        "parameter", "param", "env", "project", "issue", "jira", "store", "by", "on", "any",
        "press", "a", "the", "turn",
    ]

    /// In front of the word for a secret they say that the value is none.
    static let leads = [
        "no", "non", "ask", "skip", "without", "disable", "enable", "allow", "require", "requires",
        "max", "min", "num", "number", "total", "count", "prompt", "has", "have", "is", "needs",
        "public",
    ]

    /// What programs that count or page call tokens.
    static let tokenLeads = [
        "next", "page", "starting", "continuation", "continue", "idempotency", "request",
        "pagination", "fencing", "lock", "eos", "pad", "bos", "unk", "sep", "cls", "stop", "eot",
        "completion", "input", "output", "prefill", "client", "change", "sync", "resume",
    ]

    /// Options without a value begin with them: `--generate-password web`.
    static let verbs = [
        "generate", "reset", "change", "rotate", "create", "delete", "remove", "revoke", "save",
        "store", "clear", "cache", "check", "verify", "validate", "decrypt", "encrypt", "inject",
        "mask", "detect", "scan", "redact", "export", "import", "include", "exclude", "ignore",
        "force", "dump", "fetch", "get", "load", "read", "inherit", "preserve", "keep", "forward",
        "pass", "copy", "regenerate", "show", "hide", "print", "list", "use", "with", "update",
        "refresh", "send", "stdin", "insecure", "anonymous", "interactive", "reuse", "prune",
    ]

    /// Behind the word for a secret they say that the value is something else about it.
    static let tails = [
        "ttl", "file", "files", "filename", "path", "paths", "dir", "directory", "folder", "name",
        "names", "id", "ids", "url", "urls", "uri", "endpoint", "host", "hostname", "port", "type",
        "types", "kind", "length", "len", "size", "count", "counts", "limit", "limits", "max",
        "min", "expiry", "expires", "expired", "expire", "expiration", "timeout", "lifetime",
        "duration", "age", "policy", "policies", "rotation", "algorithm", "alg", "algo", "format",
        "method", "methods", "mode", "scheme", "version", "versions", "ref", "reference", "arn",
        "store", "manager", "provider", "providers", "backend", "issuer", "audience", "scope",
        "scopes", "env", "var", "variable", "prompt", "required", "enabled", "disabled", "field",
        "column", "header", "regex", "pattern", "hint", "index", "cmd", "command", "helper",
        "script", "stdin", "fd", "from", "source", "class", "classes", "strength", "attempts",
        "retries", "user", "username", "users", "owner", "group", "groups", "role", "roles",
        "region", "namespace", "label", "labels", "service", "server", "domain", "realm", "mount",
        "engine", "driver", "plugin", "list", "check", "validation", "rate", "bucket", "budget",
        "usage", "window", "cost", "cache", "prefix", "suffix", "separator", "template",
        "encoding", "charset", "digits", "status", "state", "error", "errors", "event",
        "generator", "agent", "broker", "exchange", "review", "renew", "renewal", "refresh",
        "grace", "leeway", "interval", "seconds", "minutes", "hours", "days", "date", "time",
        "only", "optional", "protected", "style", "color", "title", "description", "image",
        "program", "socket", "pipe", "descriptor", "lookup", "ca", "cert", "certs", "certificate",
        "complexity", "history", "quality", "scanning", "scanner", "lens", "stdout", "through",
        "provisioner", "resolver", "handler", "middleware", "module", "fingerprint", "json",
        "yaml", "yml", "txt", "sh", "pem", "at", "in", "or", "and", "of", "for", "is",
    ]
}
