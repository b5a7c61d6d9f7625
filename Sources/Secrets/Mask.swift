/// What stands in the place of a secret.
enum Mask {
    static let bytes = Array("***".utf8)
}
