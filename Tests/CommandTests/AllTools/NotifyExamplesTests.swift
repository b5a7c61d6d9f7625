import JSON
import SystemCalls
import TestSupport
import Testing

/// The scripts for chats get what the tools give and send it to a receiver on this machine.
@Suite("Examples of notifications")
struct NotifyExamplesTests {
    /// Runs a script with a notification and prints what the receiver has got, and the script's end.
    private static let receiver = """
        import http.server, json, os, subprocess, sys, threading
        script, variable, path, code = sys.argv[1:5]
        got = []
        class Receiver(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                got.append({"path": self.path, "type": self.headers["Content-Type"],
                            "authorization": self.headers["Authorization"], "body": json.loads(body)})
                self.send_response(int(code)); self.send_header("Content-Length", "0")
                self.end_headers()
            def log_message(self, *arguments): pass
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}{path}"
        run = subprocess.run([script], stdin=open(sys.argv[5]), text=True, capture_output=True,
                             env={**os.environ, variable: address, "NTFY_TOKEN": "tk_1"})
        assert address not in run.stderr, run.stderr
        print(json.dumps({"code": run.returncode, "errors": run.stderr, "got": got}))
        """

    private func send(
        _ script: String, _ notification: String, status: Int = 200
    ) throws -> String {
        let place = try TemporaryDirectory()
        try FileReplacement.write(Array(notification.utf8), to: place.file("note"))
        let names = [
            "slack": ("SLACK_WEBHOOK_URL", "/services/T/B/secret"),
            "teams": ("TEAMS_WEBHOOK_URL", "/workflows/secret?sig=1"),
            "ntfy": ("NTFY_URL", "/our-deployments"),
        ]
        let (variable, path) = try #require(names[script])
        let result = try ChildProcess.run([
            "python3", "-c", Self.receiver, Repository.root + "/examples/notify/" + script,
            variable, path, String(status), place.file("note"),
        ])
        #expect(result.code == 0, "\(result.errors)")
        return result.output
    }

    /// A report, an alert and the end of a deployment whose texts want to be more than texts.
    private func notifications() throws -> [String] {
        let fixture = try Fixture()
        let failed = try fixture.run([
            "--notify", "cat >> $HERE/deployment", "--tier", "<b>*x*", "false",
        ])
        #expect(failed.code == 1, "\(failed.errors)")
        let report = try fixture.stats(
            "report", "--since", "-1h", "--format", "notification", "--link-template",
            "deployment=https://deploy.example/{number}")
        #expect(report.code == 0, "\(report.errors)")
        let alerts = try fixture.stats(
            "alerts", "--notify", "cat >> $HERE/told",
            environment: ["HERE": fixture.directory.path])
        #expect(alerts.code == 0, "\(alerts.errors)")
        let told = fixture.lines("told")
        #expect(told.count == 1)
        return [report.output] + (told + fixture.lines("deployment")).map { $0 + "\n" }
    }

    @Test func `all tools give one envelope, and every script sends it`() throws {
        let notifications = try notifications()
        #expect(notifications.count == 3)
        for (notification, kind) in zip(notifications, ["report", "alert", "deployment"]) {
            #expect(
                notification.hasPrefix(#"{"format":1,"kind":"\#(kind)","status":""#),
                "\(notification)")
            for member in ["at", "host", "ledger", "summary", "text", "links"] {
                #expect(notification.contains("\"\(member)\":"), "\(member)")
            }
            for script in ["slack", "teams", "ntfy"] {
                let sent = try send(script, notification)
                #expect(
                    sent.hasPrefix(#"{"code": 0, "errors": "", "got": [{"path": "/"#), "\(sent)")
                #expect(sent.contains("failed"), "\(sent)")
            }
        }
        #expect(notifications[0].contains(##"{"title":"#1","url":"https://deploy.example/1"}"##))
    }

    @Test func `each script speaks the language of its service`() throws {
        let note = """
            {"format":1,"kind":"alert","status":"firing","at":"2026-11-24T19:15:33Z","host":"web1",\
            "ledger":"/l.db","summary":"[critical] web1: <b> & *x*","text":"one <b> & *x*\\ntwo",\
            "links":[{"title":"#7","url":"https://x.example/7?a=1&b=2"}],\
            "alert":{"severity":"critical"}}
            """
        let slack = try send("slack", note)
        #expect(slack.contains(#""text": "[critical] web1: &lt;b&gt; &amp; *x*""#), "\(slack)")
        #expect(slack.contains("<https://x.example/7?a=1&amp;b=2|#7>"))
        #expect(slack.contains(#""path": "/services/T/B/secret""#))
        let teams = try send("teams", note)
        #expect(teams.contains(#""contentType": "application/vnd.microsoft.card.adaptive""#))
        #expect(teams.contains(#""color": "attention""#))
        #expect(teams.contains(##""title": "#7", "url": "https://x.example/7?a=1&b=2"}"##))
        let ntfy = try send("ntfy", note)
        #expect(ntfy.contains(#""path": "", "#) || ntfy.contains(#""path": "/", "#), "\(ntfy)")
        #expect(
            ntfy.contains(#""topic": "our-deployments", "title": "[critical] web1: <b> & *x*""#))
        #expect(
            ntfy.contains(#""priority": 5"#) && ntfy.contains(#""authorization": "Bearer tk_1""#))
    }

    @Test(arguments: ["slack", "teams", "ntfy"])
    func `a service that refuses makes the script fail, so that alerts are told again`(
        script: String
    ) throws {
        let note = """
            {"format":1,"kind":"report","status":"ok","at":"","host":"h","ledger":"l",\
            "summary":"s","text":"\(String(repeating: "漢字 ", count: 4000))","links":[]}
            """
        let refused = try send(script, note, status: 500)
        #expect(
            refused.hasPrefix(#"{"code": 1, "errors": "\#(script): HTTP Error 500"#), "\(refused)")
        #expect(try send(script, note).hasPrefix(#"{"code": 0"#))
    }
}
