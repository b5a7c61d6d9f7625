import SystemCalls

/// A change that could not be made, in words: what, why and what to do.
struct SetupError: Error, CustomStringConvertible {
    let description: String

    init(_ what: String, _ why: String) { description = "\(what): \(why)" }

    /// A call that failed.
    init(_ what: String, _ error: SystemError) {
        let advice = error.advice().map { "; \($0)" } ?? ""
        self.init(what, error.reason + advice)
    }
}
