import Testing

@testable import Dashboard

@Suite("Weak tags of entities")
struct EntityTagTests {
    private let tag = EntityTag(opaque: "a-1,2")

    @Test(arguments: [
        ["W/\"a-1,2\""], ["\"a-1,2\""], ["*"], [" * "], ["\"x\", W/\"a-1,2\""],
        ["\"x\"", "\"a-1,2\""],
    ])
    func `is found, weak or strong, alone or among others`(fields: [String]) {
        #expect(tag.matches(fields))
    }

    @Test(arguments: [
        [], [""], ["\"a-1\""], ["a-1,2"], ["\"x*\""], ["\"a-1,2"], ["\"x\",\"*\""],
        ["W/\"a-1,2 \""],
    ])
    func `is not found in anything else`(fields: [String]) {
        #expect(!tag.matches(fields))
    }
}
