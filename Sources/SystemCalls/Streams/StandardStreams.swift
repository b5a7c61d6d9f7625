import Glibc

/// Standard input, output and error.
package enum StandardStreams {
    /// Makes sure that none of the three numbers is given to a file that is opened later: words
    /// for people would end up in it.
    ///
    /// What stands in for a closed one is closed again in programs that are started.
    package static func keepOpen() {
        for number in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
            // Opening takes the lowest free number, which is this one.
            if fcntl(number, F_GETFD) == -1 { _ = open("/dev/null", O_RDWR | O_CLOEXEC) }
        }
    }
}
