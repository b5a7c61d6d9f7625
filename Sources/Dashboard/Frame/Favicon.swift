import Reporting

/// The small picture in a browser's tab: its colour says which installation it is, its sign what is
/// the case.
enum Favicon: String, CaseIterable {
    /// Nothing runs.
    case free
    /// A deployment runs.
    case running
    /// Somebody should look.
    case attention
    /// Nobody knows.
    case unknown

    /// The picture.
    ///
    /// - Parameter colour: of the installation.
    func picture(_ colour: Colour?) throws -> String {
        try PageTemplates.html(
            "favicon.svg",
            [
                "colour": .text(colour?.text ?? "#1f5fa8"),
                "is_free": .flag(self == .free), "is_running": .flag(self == .running),
                "is_attention": .flag(self == .attention), "is_unknown": .flag(self == .unknown),
            ])
    }
}
