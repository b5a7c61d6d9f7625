import Secrets
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
        "PGPASSWORD=", "SSHPASS=", "REDISCLI_AUTH=", "MYSQL_PWD=", "DBPASS=", "pw=", "--auth=",
        "-Dpassword=", "-Dspring.datasource.password=", "-Ppassword=", "--http-password=",
        "-password=", "adminPw=", "PHPSESSID=", "sessionid=", "JWT=", "npm_config__authToken=",
        "AZURE_STORAGE_ACCOUNTKEY=", "--account-key=", "deployKey=", "--authkey=",
        "//registry.npmjs.org/:_authToken=",
    ])
    func `a value is hidden when its name ends like a secret's`(name: String) {
        #expect(Masking.mask(arguments: ["x", name + "hun ter2"])[1].hasPrefix(name + "***"))
        #expect(Masking.mask("run \(name)hunter2 web") == "run \(name)*** web")
        #expect(Masking.mask("run \(name)'hun ter2' web") == "run \(name)'***' web")
        #expect(Masking.mask("sh -c '\(name)hunter2'") == "sh -c '\(name)***'")
    }

    @Test(arguments: [
        ("mysql -uroot -p|hunter2", " shop"), ("/usr/bin/mysqldump -p|hunter2", " shop"),
        ("mariadb-admin -p|hunter2", " status"), ("docker exec db mysql -p|hunter2", " shop"),
        ("sshpass -p |hunter2", " ssh -p 22 host"), ("sshpass -p|hunter2", " ssh host"),
        ("docker login -u ann -p |hunter2", " registry:5000"),
        ("sudo podman login -p |hunter2", " host"), ("helm registry login -p |hunter2", " host"),
        ("redis-cli -h db -a |hunter2", " ping"), ("mongodump -p |hunter2", " --db shop"),
        ("ldapsearch -x -w |hunter2", " -b dc=x"), ("ldapmodify -xw|hunter2", " -f x"),
        ("curl -uann:|hunter2", " https://x"), ("curl -u ann:|hunter2", " https://x"),
        ("curl -sSu ann:|hunter2", " https://x"), ("curl -sSfuann:|hunter2", " https://x"),
        ("curl --user=ann:|hunter2", " https://x"), ("curl -U ann:|hunter2", " https://x"),
        ("curl --proxy-user ann:|hunter2", " https://x"), ("curl -u ann:|12345", " https://x"),
        ("curl -b |session=hunter2", " https://x"), ("curl -E cert.pem:|hunter2", " https://x"),
        ("wget --http-password=|hunter2", " https://x"), ("deploy -u ann:|hunter2", " web"),
        ("http -a ann:|hunter2", " GET https://x"), ("smbclient -U ann%|hunter2", " //host/x"),
        ("lftp -u ann,|hunter2", " host"), ("unzip -P |hunter2", " a.zip"),
        ("7z x -p|hunter2", " a.7z"), ("keytool -storepass |hunter2", " -list"),
        ("openssl rsa -passin pass:|hunter2", " -in x"), ("plink -pw |hunter2", " host"),
        ("tool --password |-hunter2", " web"), ("curl -HX-Api-Key:|hunter2", " https://x"),
        ("git clone https://|hunter2", "@github.com/a/b"),
        ("git clone https://|hunter2:x-oauth-basic", "@github.com/a/b"),
        ("psql postgres://app:|hun/ter2", "@db/main"),
        ("curl https://hooks.slack.com/|services/T0/B0/hunter2", " -d x"),
        ("curl https://discord.com/api/webhooks/|1/hunter2", " -d x"),
        ("curl https://x.webhook.office.com/|webhookb2/hunter2", " -d x"),
        ("curl https://api.telegram.org/bot|1:hunter2/sendMessage", " -d x"),
        ("curl https://x/a?sv=1&sig=|hunter2", "&x=y"),
    ])
    func `a program's way to take a secret is known`(before: String, after: String) {
        let parts = before.split(separator: "|").map(String.init)
        let expected = parts[0] + "***" + after
        #expect(Masking.mask(parts.joined() + after) == expected)
        #expect(Masking.mask("bash -c '\(parts.joined() + after)'") == "bash -c '\(expected)'")
        let arguments = (parts.joined() + after).split(separator: " ").map(String.init)
        #expect(Masking.mask(arguments: arguments).joined(separator: " ") == expected)
    }

    @Test(arguments: [
        ("Cookie: ", "session=a; user=b"), ("Set-Cookie: ", "sid=a; HttpOnly"),
        ("Authorization: Basic ", "YTpi"), ("Authorization: ", "ApiKey abc def"),
        ("Authorization: Digest ", #"username="a", response="b""#),
        ("X-Vault-Token: ", "abc"), ("x-amz-security-token:", "abc"), ("PRIVATE-TOKEN: ", "abc"),
    ])
    func `a header is hidden to its end`(name: String, value: String) {
        let expected = ["curl", "-H", name + "***", "https://x"]
        #expect(Masking.mask(arguments: ["curl", "-H", name + value, "https://x"]) == expected)
        #expect(
            Masking.mask("curl -H '\(name)\(value)' https://x")
                == "curl -H '\(name)***' https://x")
    }

    @Test(arguments: [
        (#"{\"password\": \"a b\", \"x\": 1}"#, #"{\"password\": \"***\", \"x\": 1}"#),
        (#"{"auth":"dXNlcjpw","x":1}"#, #"{"auth":"***","x":1}"#),
        (#"--token="a"b c"#, #"--token=*** c"#),
        ("mysql -p'a b' shop", "mysql -p'***' shop"),
        ("sshpass -p 'a b' ssh", "sshpass -p '***' ssh"),
        (#"curl -u "ann:a b" x"#, #"curl -u "ann:***" x"#),
        ("echo mysql; tar -pxf a", "echo mysql; tar -pxf a"),
    ])
    func `quotes are understood`(text: String, expected: String) {
        #expect(Masking.mask(text) == expected)
        #expect(Masking.mask(expected) == expected)
    }

    @Test(arguments: [
        "ghp_" + String(repeating: "a1B2", count: 9),
        "github_pat_" + String(repeating: "a1B2", count: 9),
        "AKIA" + "IOSFODNN7EXAMPLE",
        "xoxb-" + "123456789012-abcdefghijkl",
        "sk-" + String(repeating: "a1B2", count: 9),
        "glpat-" + "abcdefghij0123456789",
        "glrt-" + "abcdefghij0123456789",
        "npm_" + String(repeating: "a1B2", count: 9),
        "pypi-AgEI" + String(repeating: "a1B2", count: 20),
        "sk_live_" + String(repeating: "a1B2", count: 6),
        "whsec_" + String(repeating: "a1B2", count: 8),
        "AIza" + String(repeating: "a1B2_", count: 7),
        "ya29." + String(repeating: "a1B2", count: 9),
        "hvs." + String(repeating: "a1B2", count: 9),
        "dop_v1_" + String(repeating: "0a1b", count: 16),
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
        ["tar", "-pxf", "a.tar"], ["mkdir", "-p", "a/b"], ["cp", "-pa", "a", "b"],
        ["ssh", "-p", "2222", "-a", "host"], ["psql", "-p", "5432", "-w"], ["ls", "-u", "a"],
        [
            "docker", "run", "--name", "mongo", "-p", "27017:27017", "-p", "127.0.0.1:80:80",
            "mongo",
        ],
        ["docker", "exec", "--user", "app:www", "web", "id"], ["docker", "exec", "-u", "a:b", "x"],
        ["mysql", "-p", "shop"], ["mysqld", "--port=3306"], ["docker", "compose", "-p", "shop"],
        ["chown", "-R", "app:app", "/srv"], ["setpriv", "--user=app:app", "true"],
        ["curl", "--basic", "--auth=basic", "-b", "cookies.txt", "--cookie", "jar", "https://x"],
        ["USE_TOKEN=true", "--enable-auth=no", "DB_AUTH=md5", "PGPASSFILE=/etc/pgpass"],
        ["tar", "-cpw", "file"], ["ffmpeg", "-pass", "1", "compass=3", "--max-tokens", "100"],
        ["git", "commit", "-m", "auth: allow guests"], ["--message=fix cookie: banner"],
        ["git", "clone", "ssh://deploy@host/x", "docker://alpine:3.18@sha256:abc", "a@b.org"],
        ["monkey=1", "turkey=2", "--sort-key=name", "SSH_PUBLIC_KEY=ssh-ed25519"],
        ["größe", "日本語", "", "-", "--", "="],
    ])
    func `words that are not secret stay`(arguments: [String]) {
        #expect(Masking.mask(arguments: arguments) == arguments)
    }

    @Test func `masked words stay as they are`() {
        let once = Masking.mask("--token abc DB_PASSWORD=x https://a:b@c")
        #expect(Masking.mask(once) == once)
    }
}
