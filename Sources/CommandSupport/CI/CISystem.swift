/// A system that runs jobs, and what the environment of a job tells about its run.
///
/// Of each fact there are several ways to write it, of which the first whose variables are all set
/// counts. Sources: the systems' own references of predefined variables.
struct CISystem: Sendable {
    /// What its deployments are recorded to come from.
    let source: String
    /// The variable that is set in its jobs and nowhere else.
    let variable: String
    /// The variable's value; nil: any.
    var value: String?
    var sha: [String] = []
    var ref: [String] = []
    var runURL: [String] = []
    var attempt: [String] = []
    var actor: [String] = []
    var committedAt: [String] = []

    /// In this order: some set variables of others, for their users' old scripts.
    static let all = [
        CISystem(
            source: "gha", variable: "GITHUB_ACTIONS", value: "true", sha: ["$GITHUB_SHA"],
            // Of a pull request the name of the reference is that of the merge.
            ref: ["$GITHUB_HEAD_REF", "$GITHUB_REF_NAME"],
            runURL: ["$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID"],
            attempt: ["$GITHUB_RUN_ATTEMPT"],
            actor: ["$GITHUB_TRIGGERING_ACTOR", "$GITHUB_ACTOR"]),
        CISystem(
            source: "gitlab", variable: "GITLAB_CI", value: "true", sha: ["$CI_COMMIT_SHA"],
            ref: ["$CI_COMMIT_REF_NAME"], runURL: ["$CI_JOB_URL", "$CI_PIPELINE_URL"],
            actor: ["$GITLAB_USER_LOGIN"], committedAt: ["$CI_COMMIT_TIMESTAMP"]),
        CISystem(
            source: "woodpecker", variable: "CI", value: "woodpecker", sha: ["$CI_COMMIT_SHA"],
            ref: ["$CI_COMMIT_TAG", "$CI_COMMIT_BRANCH"], runURL: ["$CI_PIPELINE_URL"],
            actor: ["$CI_PIPELINE_AUTHOR", "$CI_COMMIT_AUTHOR"]),
        CISystem(
            source: "drone", variable: "DRONE", value: "true", sha: ["$DRONE_COMMIT_SHA"],
            ref: ["$DRONE_TAG", "$DRONE_BRANCH"], runURL: ["$DRONE_BUILD_LINK"],
            actor: ["$DRONE_COMMIT_AUTHOR"]),
        CISystem(
            source: "buildkite", variable: "BUILDKITE", value: "true", sha: ["$BUILDKITE_COMMIT"],
            ref: ["$BUILDKITE_TAG", "$BUILDKITE_BRANCH"], runURL: ["$BUILDKITE_BUILD_URL"],
            actor: ["$BUILDKITE_UNBLOCKER", "$BUILDKITE_BUILD_CREATOR"]),
        CISystem(
            source: "circleci", variable: "CIRCLECI", value: "true", sha: ["$CIRCLE_SHA1"],
            ref: ["$CIRCLE_TAG", "$CIRCLE_BRANCH"], runURL: ["$CIRCLE_BUILD_URL"],
            actor: ["$CIRCLE_USERNAME"]),
        CISystem(
            source: "azure", variable: "TF_BUILD", value: "true", sha: ["$BUILD_SOURCEVERSION"],
            ref: ["$BUILD_SOURCEBRANCH"],
            runURL: [
                "$SYSTEM_COLLECTIONURI$SYSTEM_TEAMPROJECT/_build/results?buildId=$BUILD_BUILDID"
            ], attempt: ["$SYSTEM_JOBATTEMPT"], actor: ["$BUILD_REQUESTEDFOR"]),
        CISystem(
            source: "bitbucket", variable: "BITBUCKET_BUILD_NUMBER", sha: ["$BITBUCKET_COMMIT"],
            ref: ["$BITBUCKET_TAG", "$BITBUCKET_BRANCH"],
            runURL: [
                "$BITBUCKET_GIT_HTTP_ORIGIN/pipelines/results/$BITBUCKET_BUILD_NUMBER",
                "https://bitbucket.org/$BITBUCKET_REPO_FULL_NAME/pipelines/results/$BITBUCKET_BUILD_NUMBER",
            ]),
        CISystem(
            source: "teamcity", variable: "TEAMCITY_VERSION", sha: ["$BUILD_VCS_NUMBER"],
            runURL: ["$BUILD_URL"]),
        // The person is known where the plugin "build user vars" is.
        CISystem(
            source: "jenkins", variable: "JENKINS_URL", sha: ["$GIT_COMMIT"],
            ref: ["$TAG_NAME", "$BRANCH_NAME", "$GIT_BRANCH"], runURL: ["$BUILD_URL"],
            actor: ["$BUILD_USER_ID", "$BUILD_USER"]),
    ]
}
