import LockCommands

@main
struct Entrypoint {
    static func main() {
        DeployWithLock.runAsTool()
    }
}
