extension Program {
    /// What holds for every program that has no rules of its own for an option.
    static let any = Program(
        "",
        "-u: --user: --proxy-user: -auth? --basic-auth? --uriu --dsnu --connectionu -Hh --headerh -c$ --command$ -lc$ -ec$ -xc$ -ic$ "
            + "-euc$ -exc$ -euxc$ -cl$")

    /// The first one that fits a name counts.
    static let all =
        databases + containers + clouds + publishing + transfers + cryptography + hosts
}
