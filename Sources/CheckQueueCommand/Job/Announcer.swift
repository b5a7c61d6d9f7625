import CommandSupport

/// Standard error of the tool; in a job of GitHub Actions what matters becomes an annotation.
///
/// Source: "Workflow commands for GitHub Actions", docs.github.com.
struct Announcer: Sendable {
    let isJob: Bool

    /// Says that something went wrong that stops nothing.
    func warn(_ text: String) {
        isJob ? annotate("warning", text) : Terminal.complain("check-deploy-queue: \(text)")
    }

    /// Says what should be known and is nothing wrong.
    func tell(_ text: String) {
        isJob ? annotate("notice", text) : Terminal.complain("check-deploy-queue: \(text)")
    }

    /// Shows a text on the page of the run; elsewhere standard output has it already.
    func note(_ text: String) {
        if isJob { annotate("notice", text) }
    }

    private func annotate(_ command: String, _ text: String) {
        // The runner's own escapes; line ends would begin another command.
        let message = text.replacing("%", with: "%25").replacing("\r", with: "%0D")
            .replacing("\n", with: "%0A")
        Terminal.complain("::\(command) title=check-deploy-queue::\(message)")
    }
}
