import DashboardCommand

@main
struct Entrypoint {
    static func main() {
        DeployDashboard.runAsTool()
    }
}
