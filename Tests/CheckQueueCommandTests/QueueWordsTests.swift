import GitHub
import Testing

@testable import CheckQueueCommand

@Suite struct QueueWordsTests {
    @Test func `Markdown from outside stays text`() {
        #expect(QueueMarkdown.escaped("a|b<img>&`x`") == #"a\|b&lt;img&gt;&amp;\`x\`"#)
        #expect(QueueMarkdown.escaped("![x](y)\n# z") == #"\!\[x\](y)\\n# z"#)
        #expect(QueueMarkdown.escaped("\u{1b}[31m") == #"\\e\[31m"#)
    }

    @Test func `the environment of a job is read`() {
        let job = JobContext {
            [
                "GITHUB_SERVER_URL": "https://git.example.com", "GITHUB_REPOSITORY": "o/n",
                "GITHUB_WORKFLOW_REF": "o/n/.github/workflows/deploy.yml@refs/heads/a@b",
                "GITHUB_RUN_ID": "77", "GITHUB_RUN_ATTEMPT": "2",
            ][$0]
        }
        #expect(job.repository?.description == "git.example.com/o/n")
        #expect(job.workflow == "deploy.yml")
        #expect((job.runID, job.attempt) == (77, 2))
        #expect(JobContext.host("https://github.com") == nil)
    }

    private func queue(_ ids: [Int64], branch: String = "main") throws -> DeployQueue {
        let runs = ids.map { #"{"id":\#($0),"status":"queued","head_branch":"\#(branch)"}"# }
        let list = try RunList.read(Array("[\(runs.joined(separator: ","))]".utf8))
        return DeployQueue(
            place: "x", countedAtUs: 0, entries: list.map { QueueEntry($0, in: nil) }, isCut: false)
    }

    private func rule(
        _ policy: SkipPolicy, threshold: Int = 3, attempt: Int64 = 1, event: String = "push"
    ) -> SkipRule {
        SkipRule(
            policy: policy, threshold: threshold, runID: 10, attempt: attempt, event: event,
            branch: "main")
    }

    @Test func `the threshold is reached at N, never by a person's run, and off at 0`() throws {
        let three = try queue([7, 8, 9])
        #expect(rule(.threshold).decide(three).decision == .tooMany)
        #expect(rule(.threshold).decide(three).last?.id == 9)
        #expect(rule(.threshold, threshold: 4).decide(three).decision == .belowThreshold)
        #expect(rule(.threshold, threshold: 0).decide(three).decision == .thresholdOff)
        #expect(rule(.threshold, event: "workflow_dispatch").decide(three).decision == .askedFor)
        #expect(rule(.threshold, attempt: 2).decide(three).decision == .askedFor)
    }

    @Test func `newest steps aside for a newer run of the same branch only`() throws {
        #expect(try rule(.newest).decide(queue([7, 8, 9])).decision == .isNewest)
        #expect(try rule(.newest).decide(queue([9, 11, 12])).decision == .newerPending)
        #expect(try rule(.newest).decide(queue([9, 11, 12])).last?.id == 12)
        #expect(try rule(.newest).decide(queue([11], branch: "other")).decision == .isNewest)
        let byHand = rule(.newest, event: "workflow_dispatch")
        #expect(try byHand.decide(queue([11])).decision == .askedFor)
    }
}
