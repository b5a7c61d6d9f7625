import CheckLockCommand

@main
struct Entrypoint {
    static func main() {
        CheckDeployLock.runAsTool()
    }
}
