import CommandSupport
import Testing

@Suite struct ConfigurationTests {
    @Test func `a configuration file is read as keys and values`() throws {
        let configuration = try Configuration(
            parsing: """
                # comment
                DEPLOY_TIER=1

                  DEPLOY_SOURCE = "two words"
                DEPLOY_MESSAGE='it''s = fine'
                DEPLOY_SHA=
                OWN_VARIABLE=of a script
                """, path: "conf")
        #expect(configuration.value("DEPLOY_TIER") == "1")
        #expect(configuration.value("DEPLOY_SOURCE") == "two words")
        #expect(configuration.value("DEPLOY_MESSAGE") == "it''s = fine")
        #expect(configuration.value("DEPLOY_SHA") == nil)
        #expect(configuration.value("DEPLOY_REF") == nil)
    }

    @Test(arguments: [
        ("docker # why", "docker"), ("docker\t#why", "docker"), ("docker#1", "docker#1"),
        ("#1", "#1"), (" # none", nil), ("'a # b' # c", "a # b"), ("\"a # b\"", "a # b"),
        ("'it''s # one'", "it''s # one"), ("'it's' # it's", "it's"), ("\"#\" # \"", "#"),
        ("'open # mark", "'open"), ("'a' b # c", "'a' b"), ("https://x/#top", "https://x/#top"),
        ("''", nil), ("'' # nothing", nil), ("mail -s \"a # b\" me # c", "mail -s \"a # b\" me"),
        ("mail -s '# a' me", "mail -s '# a' me"), ("it's # so", "it's"), ("a '' # b", "a ''"),
    ])
    func `a comment after a value is not part of it`(_ text: String, _ value: String?) throws {
        let configuration = try Configuration(parsing: "DEPLOY_MESSAGE=\(text)\n", path: "conf")
        #expect(configuration.value("DEPLOY_MESSAGE") == value)
    }

    @Test(arguments: [
        ("DEPLOY_LOCKFILE", "DEPLOY_LOCK_FILE"), ("DEPLOY_LOCK_FIEL", "DEPLOY_LOCK_FILE"),
        ("DEPLOY_TIMEOUT", "DEPLOY_LOCK_TIMEOUT"), ("deploy_ledger", "DEPLOY_LEDGER"),
        ("DEPLOI_LEDGER", "DEPLOY_LEDGER"), ("DEPLOYRUN_URL", "DEPLOY_RUN_URL"),
        ("DEPLOY_REV", "DEPLOY_REF"), ("DEPLOY_NOTIFYON", "DEPLOY_NOTIFY_ON"),
    ])
    func `a misspelt key is named with the setting that was meant`(_ key: String, _ meant: String) {
        let error = #expect(throws: Configuration.Problem.self) {
            try Configuration(parsing: "DEPLOY_TIER=docker\n\(key)=x\n", path: "conf")
        }
        #expect(
            error?.description
                == "conf, line 2: unknown setting \(key); did you mean \(meant)?")
    }

    @Test(arguments: ["DEPLOY_", "DEPLOY_CANARY_SHARE", "DEPLOY_LOG_MAX_LEN", "DEPLOY_ENV"])
    func `a key that may be of a newer version is a warning`(_ key: String) throws {
        let configuration = try Configuration(
            parsing: "DEPLOY_TIER=docker\n\(key)=x\nCANARY=1\n", path: "conf")
        #expect(configuration.value("DEPLOY_TIER") == "docker")
        let warning = try #require(configuration.warnings.first)
        #expect(configuration.warnings.count == 1)
        #expect(warning.hasPrefix("conf, line 2: unknown setting \(key); this version ("))
        #expect(warning.hasSuffix(") ignores it"))
    }

    @Test(arguments: ["no equals sign", "=value", "two words=value"])
    func `a line that is wrong is named`(_ line: String) {
        #expect(throws: Configuration.Problem.self) {
            try Configuration(parsing: "A=1\n\(line)\n", path: "conf")
        }
        do {
            _ = try Configuration(parsing: "A=1\n\(line)\n", path: "conf")
        } catch {
            #expect(error.description.hasPrefix("conf, line 2: expected KEY=value"))
        }
    }
}
