/// The package that these tests were built from.
package enum Repository {
    /// Its folder.
    package static let root =
        "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

    /// The path of a file in it.
    package static func path(_ name: String) -> String { root + "/" + name }
}
