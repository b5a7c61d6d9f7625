import Reporting

/// A page that needs nothing to be read for it.
struct PlainPage {
    let title: String
    /// Below which everything is.
    let basePath: String
    /// What is on it.
    let body: String

    /// The document.
    var html: String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(title.escapedForHTML)</title>
        </head>
        <body>
        <main>
        \(body)
        </main>
        </body>
        </html>

        """
    }
}
