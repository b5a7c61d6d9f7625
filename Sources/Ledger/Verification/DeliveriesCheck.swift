internal import SQLite

/// Recomputes what became of every commit, and compares that with the table.
struct DeliveriesCheck {
    private let connection: Connection
    private let covers: CoverChain

    init(_ connection: Connection) throws(SQLiteError) {
        self.connection = connection
        covers = CoverChain(try connection.prepare(EmbeddedStatements.deploymentRow))
    }

    /// Compares all rows with each other; what each is by its own events is for `DeploymentsCheck`.
    func run(_ report: inout VerificationReport) throws(SQLiteError) {
        let all = try connection.prepare(EmbeddedStatements.covers)
        while try all.step() {
            guard let id = all.text(at: 0).flatMap({ EventID($0) }),
                let row = try covers.row(of: id)
            else { continue }
            try checkCover(of: row, &report)
        }
        try checkCommits(&report)
        let others = try connection.prepare(EmbeddedStatements.deliveriesWithoutCommit)
        for row in try others.rows() {
            complain(of: row[0].integer ?? 0, "is_first_request", &report)
        }
    }

    /// The same for the rows at some places, and those of the same commits.
    func run(at places: Set<Int64>, _ report: inout VerificationReport) throws(SQLiteError) {
        let find = try connection.prepare(EmbeddedStatements.deploymentAt)
        let ofCommit = try connection.prepare(EmbeddedStatements.deploymentsOfCommit)
        var commits: Set<DeploymentRow.Commit> = []
        for place in places.sorted() {
            guard let row = try covers.rows(of: find, .integer(place)).first else { continue }
            try checkCover(of: row, &report)
            guard let commit = row.commit, commits.insert(commit).inserted else { continue }
            let rows = try covers.rows(of: ofCommit, .text(commit.sha), .text(commit.lock))
            let first = try covers.first(of: rows)
            for row in rows { compare(row.n, row.delivery, first, &report) }
        }
    }

    private func checkCover(
        of row: DeploymentRow, _ report: inout VerificationReport
    ) throws(SQLiteError) {
        if try covers.end(of: row)?.outcome != row.delivery.coverOutcome {
            complain(of: row.n, "cover_outcome", &report)
        }
    }

    private func complain(of place: Int64, _ column: String, _ report: inout VerificationReport) {
        report.add(VerificationReport.words(ofRow: place, columns: [column]))
    }

    /// One commit under one lock.
    private struct Group {
        var commit: [UInt8] = []
        var lock: [UInt8] = []
        var requests: [Delivery.Request] = []
        /// What the table has, by place.
        var found: [(place: Int64, delivery: Delivery)] = []
    }

    private func checkCommits(_ report: inout VerificationReport) throws(SQLiteError) {
        let all = try connection.prepare(EmbeddedStatements.deliveries)
        var group = Group()
        while try all.step() {
            let (commit, lock) = (all.bytes(at: 1), all.bytes(at: 2))
            if commit != group.commit || lock != group.lock {
                compare(group, &report)
                group = Group(commit: commit, lock: lock)
            }
            let place = all.integer(at: 0) ?? 0
            var delivery = Delivery()
            delivery.isFirstRequest = all.integer(at: 6) == 1
            delivery.atUs = all.integer(at: 7)
            delivery.by = all.integer(at: 8)
            group.found.append((place, delivery))
            guard let asked = all.integer(at: 3) else { continue }
            var success = all.integer(at: 4).map { Delivery.Success(place: place, atUs: $0) }
            if let id = all.text(at: 5).flatMap({ EventID($0) }), let row = try covers.row(of: id) {
                success = try covers.success(of: row)
            }
            group.requests.append(Delivery.Request(place: place, atUs: asked, success: success))
        }
        compare(group, &report)
    }

    private func compare(_ group: Group, _ report: inout VerificationReport) {
        let first = Delivery.first(of: group.requests)
        for (place, found) in group.found { compare(place, found, first, &report) }
    }

    private func compare(
        _ place: Int64, _ found: Delivery, _ first: (place: Int64, delivery: Delivery)?,
        _ report: inout VerificationReport
    ) {
        let wanted = first?.place == place ? first?.delivery ?? Delivery() : Delivery()
        if found.isFirstRequest != wanted.isFirstRequest {
            complain(of: place, "is_first_request", &report)
        } else if found.atUs != wanted.atUs {
            complain(of: place, "delivered_at_us", &report)
        } else if found.by != wanted.by {
            complain(of: place, "delivered_by", &report)
        }
    }
}
