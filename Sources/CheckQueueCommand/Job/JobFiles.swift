import Glibc
import SystemCalls

/// What a step of a job hands on: outputs for later steps and a part of the job's summary.
struct JobFiles: Sendable {
    let outputFile: String?
    let summaryFile: String?

    /// Appends outputs, one `name=value` a line, and Markdown.
    ///
    /// Values are single lines; a line feed would begin another output.
    func write(outputs: [(name: String, value: String)], summary: String) throws(SystemError) {
        let lines = outputs.map { output in
            let value = output.value.split(whereSeparator: \.isNewline).joined(separator: " ")
            return "\(output.name)=\(value)\n"
        }
        try append(lines.joined(), to: outputFile)
        try append(summary, to: summaryFile)
    }

    private func append(_ text: String, to path: String?) throws(SystemError) {
        guard let path else { return }
        try FileDescriptor.open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOCTTY, mode: 0o644)
            .write(text.utf8)
    }
}
