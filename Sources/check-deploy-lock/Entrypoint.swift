import LockCommands

@main
struct Entrypoint {
    static func main() {
        CheckDeployLock.runAsTool()
    }
}
