internal import CSQLite

extension Connection {
    /// Calls `tick` again and again while `body` has statements at work, to show that they are.
    ///
    /// Called every few milliseconds of SQLite's work, on the same thread, and not for use together
    /// with `stopStatements`, which takes the same place. `tick` must not use the connection.
    /// Source: <https://www.sqlite.org/c3ref/progress_handler.html>
    package func whileTicking<Result, Failure>(
        _ tick: () -> Void, _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let outcome: Swift.Result<Result, Failure> = withoutActuallyEscaping(tick) { tick in
            let ticker = Ticker(tick: tick)
            return withExtendedLifetime(ticker) {
                sqlite3_progress_handler(
                    handle, 100_000,
                    { ticker in
                        guard let ticker else { return 0 }
                        Unmanaged<Ticker>.fromOpaque(ticker).takeUnretainedValue().tick()
                        return 0
                    }, Unmanaged.passUnretained(ticker).toOpaque())
                defer { sqlite3_progress_handler(handle, 0, nil, nil) }
                do throws(Failure) {
                    return .success(try body())
                } catch {
                    return .failure(error)
                }
            }
        }
        return try outcome.get()
    }
}

/// What SQLite holds a pointer to.
private final class Ticker {
    let tick: () -> Void

    init(tick: @escaping () -> Void) { self.tick = tick }
}
