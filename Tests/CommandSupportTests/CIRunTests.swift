import Testing

@testable import CommandSupport

/// What the environment of a CI job tells.
@Suite struct CIRunTests {
    private func told(by environment: [String: String]) -> CIRun? { CIRun { environment[$0] } }

    private static let jobs: [(environment: [String: String], told: [String?])] = [
        (
            [
                "GITHUB_ACTIONS": "true", "GITHUB_SHA": "c0ffee", "GITHUB_REF_NAME": "7/merge",
                "GITHUB_HEAD_REF": "fix", "GITHUB_SERVER_URL": "https://github.com",
                "GITHUB_REPOSITORY": "o/n", "GITHUB_RUN_ID": "7", "GITHUB_RUN_ATTEMPT": "2",
                "GITHUB_TRIGGERING_ACTOR": "ann", "GITHUB_ACTOR": "bob", "CI": "true",
            ], ["gha", "c0ffee", "fix", "https://github.com/o/n/actions/runs/7", "2", "ann"]
        ),
        (
            ["GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "o/n", "GITHUB_ACTOR": "bob"],
            ["gha", nil, nil, nil, nil, "bob"]
        ),
        (
            [
                "GITLAB_CI": "true", "CI_COMMIT_SHA": "c0ffee", "CI_COMMIT_REF_NAME": "main",
                "CI_PIPELINE_URL": "https://x/p/1", "GITLAB_USER_LOGIN": "ann", "CI": "true",
            ], ["gitlab", "c0ffee", "main", "https://x/p/1", nil, "ann"]
        ),
        (
            [
                "CI": "woodpecker", "DRONE": "true", "CI_COMMIT_SHA": "c0ffee",
                "CI_COMMIT_BRANCH": "main", "CI_PIPELINE_URL": "https://x/1",
                "CI_COMMIT_AUTHOR": "ann",
            ], ["woodpecker", "c0ffee", "main", "https://x/1", nil, "ann"]
        ),
        (
            [
                "DRONE": "true", "DRONE_COMMIT_SHA": "c0ffee", "DRONE_BRANCH": "main",
                "DRONE_TAG": "v1", "DRONE_BUILD_LINK": "https://x/1", "DRONE_COMMIT_AUTHOR": "ann",
            ], ["drone", "c0ffee", "v1", "https://x/1", nil, "ann"]
        ),
        (
            [
                "BUILDKITE": "true", "BUILDKITE_COMMIT": "c0ffee", "BUILDKITE_BRANCH": "main",
                "BUILDKITE_BUILD_URL": "https://x/1", "BUILDKITE_BUILD_CREATOR": "Ann",
            ], ["buildkite", "c0ffee", "main", "https://x/1", nil, "Ann"]
        ),
        (
            [
                "CIRCLECI": "true", "CIRCLE_SHA1": "c0ffee", "CIRCLE_BRANCH": "main",
                "CIRCLE_BUILD_URL": "https://x/1", "CIRCLE_USERNAME": "ann",
            ], ["circleci", "c0ffee", "main", "https://x/1", nil, "ann"]
        ),
        (
            [
                "TF_BUILD": "True", "BUILD_SOURCEVERSION": "c0ffee",
                "BUILD_SOURCEBRANCH": "refs/heads/feature/x",
                "SYSTEM_COLLECTIONURI": "https://dev.azure.com/o/", "SYSTEM_TEAMPROJECT": "p",
                "BUILD_BUILDID": "9", "SYSTEM_JOBATTEMPT": "1", "BUILD_REQUESTEDFOR": "Ann B",
            ],
            [
                "azure", "c0ffee", "feature/x",
                "https://dev.azure.com/o/p/_build/results?buildId=9", "1", "Ann B",
            ]
        ),
        (
            [
                "BITBUCKET_BUILD_NUMBER": "5", "BITBUCKET_COMMIT": "c0ffee",
                "BITBUCKET_BRANCH": "main", "BITBUCKET_REPO_FULL_NAME": "o/n",
            ],
            [
                "bitbucket", "c0ffee", "main", "https://bitbucket.org/o/n/pipelines/results/5",
                nil, nil,
            ]
        ),
        (
            [
                "TEAMCITY_VERSION": "2025.07", "BUILD_VCS_NUMBER": "c0ffee",
                "BUILD_URL": "https://x",
            ],
            ["teamcity", "c0ffee", nil, "https://x", nil, nil]
        ),
        (
            [
                "JENKINS_URL": "https://j/", "GIT_COMMIT": "c0ffee", "GIT_BRANCH": "origin/main",
                "BUILD_URL": "https://j/1", "BUILD_USER_ID": "ann",
            ], ["jenkins", "c0ffee", "origin/main", "https://j/1", nil, "ann"]
        ),
    ]

    @Test(arguments: jobs)
    func `each CI system is known by its own variables`(
        _ environment: [String: String], _ told: [String?]
    ) throws {
        let run = try #require(self.told(by: environment))
        #expect(
            [run.source, run.sha, run.ref, run.url, run.attempt.map(String.init), run.actor]
                == told)
    }

    @Test func `every CI system of the table is detected`() {
        #expect(Set(Self.jobs.compactMap(\.told[0])) == Set(CIRun.sources))
    }

    @Test(arguments: [
        [:], ["CI": "true"], ["GITHUB_ACTIONS": "false"], ["GITLAB_CI": ""],
        ["GITHUB_SHA": "c0ffee", "CI_COMMIT_SHA": "c0ffee"],
    ])
    func `outside of a job no CI system is detected`(_ environment: [String: String]) {
        #expect(told(by: environment) == nil)
    }
}
