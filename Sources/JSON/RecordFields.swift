/// A record that goes through its members, so that one list of them serves reading and writing.
///
/// Read and written by hand because the first use of a general encoder costs a process over a
/// millisecond, as much as an append to the ledger. For the same reason the loops here are plain ones:
/// every generic algorithm on a new type costs its first use some ten microseconds.
package protocol RecordFields {
    /// Hands every member to `visitor`, in the order of the keys.
    mutating func visit<Visitor: MemberVisitor>(_ visitor: inout Visitor)
}

/// What reads or writes the members of a record.
package protocol MemberVisitor {
    /// A text; nil when the member is absent.
    mutating func visit(_ key: StaticString, _ value: inout String?)
    /// A whole number; nil when the member is absent.
    mutating func visit(_ key: StaticString, _ value: inout Int64?)
    /// Whole numbers; nil when the member is absent.
    mutating func visit(_ key: StaticString, _ value: inout [Int64]?)
    /// Texts; nil when the member is absent.
    mutating func visit(_ key: StaticString, _ value: inout [String]?)
    /// A truth value; nil when the member is absent.
    mutating func visit(_ key: StaticString, _ value: inout Bool?)
    /// Takes note of a member that is not what it has to be.
    mutating func reject(_ key: StaticString, _ kind: RecordFlaw.Kind)
}

/// What a record has as a text of a certain form.
package protocol RecordText {
    /// Reads the text; nil when it has another form.
    init?(recordText: String)
    /// The text.
    var recordText: String { get }
}

extension RawRepresentable where Self: RecordText, RawValue == String {
    /// Reads the raw value.
    package init?(recordText: String) { self.init(rawValue: recordText) }
    /// The raw value.
    package var recordText: String { rawValue }
}

extension MemberVisitor {
    /// A smaller whole number; nil when the member is absent or does not fit.
    package mutating func visit<Number: FixedWidthInteger>(
        _ key: StaticString, _ value: inout Number?
    ) {
        var wide = value.map { Int64(clamping: $0) }
        visit(key, &wide)
        value = wide.flatMap { Number(exactly: $0) }
    }

    /// A text of a certain form; nil when the member is absent.
    package mutating func visit<Form: RecordText>(_ key: StaticString, _ value: inout Form?) {
        var text = value?.recordText
        visit(key, &text)
        guard let text else {
            value = nil
            return
        }
        value = Form(recordText: text)
        if value == nil { reject(key, .unreadable) }
    }

    /// A text of a certain form that has to be there.
    package mutating func require<Form: RecordText>(_ key: StaticString, _ value: inout Form) {
        var found: Form? = value
        var text: String? = value.recordText
        visit(key, &text)
        found = text.flatMap { Form(recordText: $0) }
        if let found { value = found } else { reject(key, text == nil ? .missing : .unreadable) }
    }

    /// A text that has to be there.
    package mutating func require(_ key: StaticString, _ value: inout String) {
        var found: String? = value
        visit(key, &found)
        if let found { value = found } else { reject(key, .missing) }
    }

    /// Texts; an absent member stands for none.
    package mutating func visit(_ key: StaticString, _ value: inout [String]) {
        var found: [String]? = value.isEmpty ? nil : value
        visit(key, &found)
        value = found ?? []
    }

    /// A whole number that has to be there.
    package mutating func require(_ key: StaticString, _ value: inout Int64) {
        var found: Int64? = value
        visit(key, &found)
        if let found { value = found } else { reject(key, .missing) }
    }
}

extension RecordFields {
    /// The record as one canonical JSON object on one line.
    package var json: String {
        var copy = self
        var writer = MemberWriter()
        copy.visit(&writer)
        return writer.text
    }

    /// Takes the members from a canonical object; other members are passed over.
    package mutating func read(_ members: CanonicalMembers) throws(RecordFlaw) {
        var reader = MemberReader(members)
        visit(&reader)
        if let flaw = reader.flaw { throw flaw }
    }
}

/// What is wrong with a member of a record.
package struct RecordFlaw: Error, Hashable, Sendable {
    /// In which way it is wrong.
    package enum Kind: Hashable, Sendable {
        /// It has to be there and is not.
        case missing
        /// It is a text instead of a number or the like.
        case wrongType
        /// It is a text of another form.
        case unreadable
    }

    /// The member.
    package let key: String
    /// In which way it is wrong.
    package let kind: Kind

    /// Such as `'number' has a value of the wrong type`.
    package var words: String {
        switch kind {
        case .missing: "'\(key)' is missing"
        case .wrongType: "'\(key)' has a value of the wrong type"
        case .unreadable: "'\(key)' has a value that cannot be read"
        }
    }
}

/// Writes members, which come in the order of their keys.
private struct MemberWriter: MemberVisitor {
    private var bytes = [UInt8(ascii: "{")]

    init() { bytes.reserveCapacity(512) }

    var text: String { String(decoding: bytes + [UInt8(ascii: "}")], as: UTF8.self) }

    mutating func visit(_ key: StaticString, _ value: inout String?) {
        guard let value else { return }
        begin(key)
        CanonicalJSON.append(quoted: value, to: &bytes)
    }

    mutating func visit(_ key: StaticString, _ value: inout Int64?) {
        guard let value else { return }
        begin(key)
        bytes += String(value).utf8
    }

    mutating func visit(_ key: StaticString, _ value: inout [Int64]?) {
        guard let value else { return }
        begin(key)
        append(value) { $1 += String($0).utf8 }
    }

    mutating func visit(_ key: StaticString, _ value: inout [String]?) {
        guard let value else { return }
        begin(key)
        append(value) { CanonicalJSON.append(quoted: $0, to: &$1) }
    }

    mutating func visit(_ key: StaticString, _ value: inout Bool?) {
        guard let value else { return }
        begin(key)
        bytes += (value ? "true" : "false").utf8
    }

    mutating func reject(_ key: StaticString, _ kind: RecordFlaw.Kind) {}

    private mutating func append<Value>(
        _ list: [Value], _ append: (Value, inout [UInt8]) -> Void
    ) {
        bytes.append(UInt8(ascii: "["))
        for (index, value) in list.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            append(value, &bytes)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    private mutating func begin(_ key: StaticString) {
        if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
        bytes.append(UInt8(ascii: "\""))
        key.withUTF8Buffer { bytes += $0 }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }
}

/// Reads members, which are asked for in the order of their keys.
private struct MemberReader: MemberVisitor {
    private let members: CanonicalMembers
    private var next = 0
    private(set) var flaw: RecordFlaw?

    init(_ members: CanonicalMembers) { self.members = members }

    mutating func visit(_ key: StaticString, _ value: inout String?) {
        read(key, &value, CanonicalJSON.text)
    }

    mutating func visit(_ key: StaticString, _ value: inout Int64?) {
        read(key, &value, Int64.init(decimal:))
    }

    mutating func visit(_ key: StaticString, _ value: inout [Int64]?) {
        read(key, &value, CanonicalJSON.integers)
    }

    mutating func visit(_ key: StaticString, _ value: inout [String]?) {
        read(key, &value, CanonicalJSON.texts)
    }

    mutating func visit(_ key: StaticString, _ value: inout Bool?) {
        read(key, &value) {
            $0.first == UInt8(ascii: "t") ? true : $0.first == UInt8(ascii: "f") ? false : nil
        }
    }

    private mutating func read<Value>(
        _ key: StaticString, _ value: inout Value?, _ parse: (ArraySlice<UInt8>) -> Value?
    ) {
        let raw = take(key)
        value = raw.flatMap(parse)
        if raw != nil, value == nil { reject(key, .wrongType) }
    }

    mutating func reject(_ key: StaticString, _ kind: RecordFlaw.Kind) {
        if flaw != nil { return }
        flaw = RecordFlaw(
            key: key.withUTF8Buffer { String(decoding: $0, as: UTF8.self) }, kind: kind)
    }

    /// The raw value of a member; nil when it is absent or null.
    private mutating func take(_ key: StaticString) -> ArraySlice<UInt8>? {
        while next < members.count {
            let order = members.order(of: next, key)
            if order > 0 { return nil }
            next += 1
            if order == 0 {
                let value = members.value(at: next - 1)
                return value.first == UInt8(ascii: "n") ? nil : value
            }
        }
        return nil
    }
}

extension Int64 {
    /// Reads a canonical whole number; nil for anything else.
    init?(decimal bytes: ArraySlice<UInt8>) {
        var digits = bytes
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative { digits = digits.dropFirst() }
        guard !digits.isEmpty else { return nil }
        var value: Int64 = 0
        for digit in digits {
            guard 0x30...0x39 ~= digit else { return nil }
            let (product, isLong) = value.multipliedReportingOverflow(by: 10)
            let next = Int64(digit - 0x30)
            let (sum, isLonger) =
                isNegative
                ? product.subtractingReportingOverflow(next) : product.addingReportingOverflow(next)
            if isLong || isLonger { return nil }
            value = sum
        }
        self = value
    }
}
