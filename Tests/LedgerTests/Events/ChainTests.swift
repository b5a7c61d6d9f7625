import Testing

@testable import Ledger

@Suite struct ChainTests {
    // Golden values from Python's hashlib.
    @Test func `hashes are plain SHA-256 over previous hash and record`() {
        #expect(
            Hexadecimal.encode(Chain.digest("abc"))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        let first = Chain.hash(
            after: [UInt8](repeating: 0, count: 32), record: #"{"v":1}"#.utf8)
        #expect(
            Hexadecimal.encode(first)
                == "c65d49300dc2d863463d373af0788206b580c324371d2699e3f2d5cbb2b0b50f")
        #expect(
            Hexadecimal.encode(Chain.hash(after: first, record: #"{"v":2}"#.utf8))
                == "9f85ef3f0b1f006d2a421414eeb5bcd7bd5351c478f26cd0271a0b5f085b8a8e")
        #expect(
            Chain.detailHash(salt: [UInt8](repeating: 1, count: 16), detail: "{}".utf8)
                == "d355d911d2f26a54dc0366196d99e2ffef085bb9edf7a495a342ea52c2a4c2f3")
    }

    @Test func `a head is read as it is written`() {
        let head = Head(seq: 42, hash: [UInt8](0..<32))
        #expect(Head(head.description) == head)
        #expect(Head(head.description.uppercased()) == head)
        for text in [
            "", "1", "1:", ":00", "x:00", "1:zz", "-1:\(String(repeating: "00", count: 32))",
        ] {
            #expect(Head(text) == nil)
        }
    }

    @Test func `ids sort by time and never go back`() {
        let ids = (0..<10_000).map { _ in EventID.generate() }
        #expect(ids == ids.sorted())
        #expect(Set(ids).count == ids.count)
        #expect(ids.map(\.description) == ids.map(\.description).sorted())
    }

    @Test func `an id has the layout of version 7`() {
        let id = EventID(time: 7_000_000_000_000 << 12 | 0x800, random: .max)
        let text = Array(id.description)
        #expect(id.description.hasPrefix("065dd083-7000-7800"))
        #expect(text[14] == "7")
        #expect("89ab".contains(text[19]))
        #expect(EventID(id.description) == id)
        #expect(EventID(id.description.uppercased()) == nil)
        #expect(EventID("nonsense") == nil)
    }
}
