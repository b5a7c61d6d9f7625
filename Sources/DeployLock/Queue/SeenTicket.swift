import Glibc

/// A ticket as it was seen at one moment.
struct SeenTicket {
    let file: TicketFile
    /// Whether its process lived.
    let isLive: Bool
    let text: TicketText
    /// Whose file it is, and so whose word the text.
    let user: uid_t?

    init(_ file: TicketFile) {
        self.file = file
        // First whether it lives, then its text: until its end a process may add to it.
        isLive = file.isLive
        (text, user) = file.read()
    }

    /// What it says of its deployment.
    var facts: HolderInfo? { text.facts }

    /// Whether it says that its deployment got the lock.
    var hasAcquired: Bool { facts?.acquiredAtUs != nil }
}

extension WaitQueue {
    /// All tickets, lowest number first, to be looked at one by one.
    ///
    /// - Throws: when the queue cannot be read, and so nothing can be said of the lock.
    func ticketsToJudge() throws(LockError) -> [TicketFile] {
        do {
            return try tickets()
        } catch {
            throw .unusable(error, directory: paths.directory)
        }
    }
}
