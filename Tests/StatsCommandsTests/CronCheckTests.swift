@testable import StatsCommands
import Testing

@Suite struct CronCheckTests {
    private func findings(_ text: String) -> [Finding] {
        CronCheck(directory: "/usr/local/bin", tables: [("/etc/cron.d/x", text)]).findings
    }

    @Test(arguments: [
        "30 4 * * * root deploy-with-lock -q -- /srv/deploy.sh",
        "@daily root deploystats alerts --notify x > /dev/null",
        "PATH=/opt/bin:/bin\n* * * * * root cd /srv && deploystats report",
        "* * * * * root nice -n 5 check-deploy-lock --json",
    ])
    func `a tool that cron does not find is named with its line`(_ text: String) throws {
        let found = try #require(findings(text).first)
        #expect(found.text.contains("line \(text.split(separator: "\n").count):"))
        #expect(found.remedy?.contains("PATH=/usr/local/bin:") == true)
    }

    @Test(arguments: [
        "30 4 * * * root /usr/local/bin/deploy-with-lock -q -- /srv/deploy.sh",
        "PATH=/usr/local/bin:/usr/bin:/bin\n30 4 * * * root deploy-with-lock true",
        "PATH = \"/usr/bin:/usr/local/bin\"\n30 4 * * * deploy-with-lock true",
        "30 4 * * * root PATH=/usr/local/bin:$PATH deploy-with-lock true",
        "# 30 4 * * * root deploy-with-lock true",
        "30 4 * * * root backup deploy-with-lock.txt",
        "",
    ])
    func `tools that cron finds, and programs that are not ours, are passed over`(_ text: String) {
        #expect(findings(text) == [])
    }
}
