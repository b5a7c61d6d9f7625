import Reporting

/// The templates of all pages.
enum PageTemplates {
    private static let templates = Result { try TemplateSet(EmbeddedPages.all) }

    /// A page, or a part of one.
    ///
    /// - Parameter name: of the file in `Templates/`, without `.mustache`.
    /// - Throws: when a template cannot be read; then all are useless.
    static func html(_ name: String, _ values: [String: TemplateValue]) throws -> String {
        guard let (text, missing) = try templates.get().render(name, values) else {
            throw TemplateFlaw.unknown(name)
        }
        assert(missing.isEmpty, "\(name) has unknown placeholders: \(missing)")
        return text
    }
}

/// A mistake in a template of ours.
enum TemplateFlaw: Error {
    case unknown(String)
}
