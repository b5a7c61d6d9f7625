import StatsCommands

@main
struct Entrypoint {
    static func main() {
        DeployStats.runAsTool()
    }
}
