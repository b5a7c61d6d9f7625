import GitHub
import ServiceLifecycle
import Synchronization
import SystemCalls

/// Keeps what GitHub tells of the runs of a workflow that are pending.
final class CIQueueWatch: Service {
    /// What is known.
    struct Seen: Sendable {
        /// The last answer; nil before the first one.
        var queue: DeployQueue?
        /// Why the newest question had none; nil when it had one, or none was asked yet.
        var problem: String?
        /// When the newest question had an answer, or none for good, wall clock in µs.
        var endedAtUs: Int64 = 0
        fileprivate var isAsking = false
    }

    /// What is asked.
    let options: CIQueueOptions
    private let state = Mutex(Seen())

    init(_ options: CIQueueOptions) { self.options = options }

    /// What is known now.
    var seen: Seen { state.withLock { $0 } }

    /// Asks again and again until the server ends.
    ///
    /// A question that is under way then is not waited for.
    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                self.ask()
                try? await Task.sleep(for: self.options.interval)
            }
        }
    }

    /// Asks on a thread of its own, because the answer takes as long as a program and a network; not
    /// while another question is under way.
    private func ask() {
        let isBusy = state.withLock { seen in
            defer { seen.isAsking = true }
            return seen.isAsking
        }
        if isBusy { return }
        do throws(SystemError) {
            try startThread { [self] in
                do throws(GitHubError) {
                    let queue = try options.client.queue(
                        of: options.repository, workflow: options.workflow)
                    state.withLock {
                        $0 = Seen(queue: queue, endedAtUs: Clock.wallMicroseconds())
                    }
                } catch {
                    fail(error.description)
                }
            }
        } catch {
            fail(error.description)
        }
    }

    private func fail(_ problem: String) {
        state.withLock { seen in
            seen.problem = problem
            seen.endedAtUs = Clock.wallMicroseconds()
            seen.isAsking = false
        }
    }
}
