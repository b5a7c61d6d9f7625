import CheckQueueCommand

@main
struct Entrypoint {
    static func main() {
        CheckDeployQueue.runAsTool()
    }
}
