import ServiceLifecycle

/// Keeps the live state going for as long as the server runs.
struct Watcher: Service {
    let live: LiveState

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await live.beat()
                try? await Task.sleep(for: .milliseconds(150))
            }
        }
    }
}
