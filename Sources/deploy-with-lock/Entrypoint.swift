import DeployCommand

@main
struct Entrypoint {
    static func main() {
        DeployWithLock.runAsTool()
    }
}
