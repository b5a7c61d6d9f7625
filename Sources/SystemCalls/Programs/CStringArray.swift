import Glibc

/// A null-terminated array of C strings, freed with the value.
package final class CStringArray {
    /// The array, as execve(2) takes it.
    package let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let count: Int

    /// Copies strings without their final zero bytes.
    package init(_ strings: [[CChar]]) {
        count = strings.count
        pointers = .allocate(capacity: count + 1)
        for (position, string) in strings.enumerated() {
            pointers[position] = strdup(string + [0])
        }
        pointers[count] = nil
    }

    deinit {
        for position in 0..<count { free(pointers[position]) }
        pointers.deallocate()
    }
}
