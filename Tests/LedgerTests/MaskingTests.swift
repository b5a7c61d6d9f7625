import Ledger
import Testing

@Suite struct MaskingTests {
    @Test(arguments: [
        (["--password", "hunter2"], ["--password", "***"]),
        (["--password=hunter2 with spaces"], ["--password=***"]),
        (["--api-key", "abc", "web"], ["--api-key", "***", "web"]),
        (["--client-secret=abc", "--token", "t"], ["--client-secret=***", "--token", "***"]),
        (
            ["env", "DB_PASSWORD=a b", "GITHUB_TOKEN=x", "run"],
            ["env", "DB_PASSWORD=***", "GITHUB_TOKEN=***", "run"]
        ),
        (["DEPLOY_KEY=abc"], ["DEPLOY_KEY=***"]),
        (["curl", "-u", "ann:hunter2", "https://x"], ["curl", "-u", "ann:***", "https://x"]),
        (
            ["curl", "-H", "Authorization: Bearer abc.def"],
            ["curl", "-H", "Authorization: Bearer ***"]
        ),
        (["curl", "-H", "X-Api-Key: 12345"], ["curl", "-H", "X-Api-Key: ***"]),
        (["psql", "postgres://app:s3cret@db/main"], ["psql", "postgres://app:***@db/main"]),
        (
            ["git", "https://oauth2:glpat-x@gitlab.com/a.git"],
            ["git", "https://oauth2:***@gitlab.com/a.git"]
        ),
        (
            ["sh", "-c", "curl -u a:b https://x --token x && echo done"],
            ["sh", "-c", "curl -u a:*** https://x --token *** && echo done"]
        ),
        (
            ["bash", "-c", "DB_PASSWORD=x ./deploy web"],
            ["bash", "-c", "DB_PASSWORD=*** ./deploy web"]
        ),
        (
            ["bash", "-c", #"export API_TOKEN="a \" b"; go"#],
            ["bash", "-c", #"export API_TOKEN="***"; go"#]
        ),
        ([#"{"password": "x", "user": "ann"}"#], [#"{"password": "***", "user": "ann"}"#]),
    ])
    func `announced secrets are hidden`(given: [String], expected: [String]) {
        #expect(Masking.mask(arguments: given) == expected)
    }

    @Test(arguments: [
        "ghp_" + String(repeating: "a1B2", count: 9),
        "github_pat_" + String(repeating: "a1B2", count: 9),
        "AKIA" + "IOSFODNN7EXAMPLE",
        "xoxb-" + "123456789012-abcdefghijkl",
        "sk-" + String(repeating: "a1B2", count: 9),
        "glpat-" + "abcdefghij0123456789",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl",
    ])
    func `keys known by their shape are hidden`(key: String) {
        #expect(Masking.mask("deploy \(key) now") == "deploy *** now")
        #expect(Masking.mask("'\(key)'") == "'***'")
    }

    @Test func `a private key is hidden, its frame stays`() {
        let text = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nIBAAK\n-----END RSA PRIVATE KEY-----"
        let expected = "-----BEGIN RSA PRIVATE KEY-----***-----END RSA PRIVATE KEY-----"
        #expect(Masking.mask(text) == expected)
    }

    @Test(arguments: [
        ["docker", "compose", "up", "-d", "web"],
        ["docker", "run", "-u", "1000:1000", "image:tag", "-p", "80:80"],
        ["git", "push", "git@github.com:a/b.git", "https://github.com/a/b@v1"],
        ["--password-file", "/run/secrets/db", "--no-password", "web"],
        ["make", "PWD=/srv/app", "TOKENS=5", "KEYBOARD=us", "sort", "--key", "2"],
        ["--token", "--verbose"],
        ["sk-learn-is-a-library-for-python", "task-runner", "bypass=1"],
        ["rsync", "a:b", "host:/srv", "http://host:8080/path@x", "the token is lost"],
        ["deploy", "-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----"],
        ["größe", "日本語", "", "-", "--", "="],
    ])
    func `what is no secret stays`(arguments: [String]) {
        #expect(Masking.mask(arguments: arguments) == arguments)
    }

    @Test func `what is masked already stays as it is`() {
        let once = Masking.mask("--token abc DB_PASSWORD=x https://a:b@c")
        #expect(Masking.mask(once) == once)
    }
}
