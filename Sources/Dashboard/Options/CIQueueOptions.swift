package import GitHub

/// Which workflow's runs are watched, and how GitHub is asked about them.
package struct CIQueueOptions: Sendable {
    /// The repository.
    package let repository: Repository
    /// The name of the workflow's file, or its id.
    package let workflow: String
    /// Who asks.
    package let client: GitHubClient
    /// From the beginning of one question to that of the next.
    package var interval = Duration.seconds(60)

    /// The runs of one workflow, asked for every minute.
    package init(repository: Repository, workflow: String, client: GitHubClient) {
        self.repository = repository
        self.workflow = workflow
        self.client = client
    }
}
