import TestSupport
import Testing

/// Links between documents, as scripts/packaging/links.py leads them when packages are made.
@Suite struct PackedDocumentsTests {
    private func link(_ fixture: Fixture) throws -> ChildProcess.Result {
        try ChildProcess.run([
            "python3", Repository.path("scripts/packaging/links.py"),
            "--beside", "other=\(fixture.directory.file("other"))", fixture.directory.file("own"),
        ])
    }

    private func fixture(_ page: String) throws -> Fixture {
        let fixture = try Fixture()
        for folder in ["own", "own/docs", "other", "other/docs"] { try fixture.makeFolder(folder) }
        fixture.write("own/docs/page.md", page)
        fixture.write("own/docs/near.md", "")
        fixture.write("other/docs/far.md", "")
        return fixture
    }

    @Test func `a link leads to where its target is installed`() throws {
        let fixture = try fixture(
            """
            [near](near.md#part) ![far](far.md) [man](man) [licence](../LICENSE)
            [here](#part) [there](https://example.org/far.md)

            """)
        let result = try link(fixture)
        #expect(result.code == 0, "\(result.errors)")
        #expect(
            fixture.read("own/docs/page.md") == """
                [near](near.md#part) ![far](../../other/docs/far.md) [man](../../../man/man1) \
                [licence](../copyright)
                [here](#part) [there](https://example.org/far.md)

                """)
    }

    @Test func `a link to what no package has is an error`() throws {
        let fixture = try fixture("[near](near.md) [lost](lost.md#part)\n")
        let result = try link(fixture)
        #expect(result.code == 1)
        #expect(result.errors == "docs/page.md links to lost.md, which is not packed\n")
    }
}
