import Reporting

/// A page that needs nothing to be read for it.
struct PlainPage {
    let title: String
    /// Below which everything is.
    let basePath: String
    /// The template of what is on it.
    let template: String
    /// What that shows; `base` need not be named.
    let values: [String: TemplateValue]

    /// The document.
    var html: String {
        let base: [String: TemplateValue] = ["base": .text(basePath)]
        let body = try? PageTemplates.html(template, base.merging(values) { $1 })
        let page = try? PageTemplates.html(
            "plain.html",
            ["title": .outside(title), "body": .text(body ?? ""), "base": .text(basePath)])
        return page ?? title.escapedForHTML
    }
}
