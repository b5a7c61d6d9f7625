import QueueCommands

@main
struct Entrypoint {
    static func main() {
        CheckDeployQueue.runAsTool()
    }
}
