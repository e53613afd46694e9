import PluginLoader
import Testing

@Suite struct ManifestTests {
    @Test func readsTheFlatSubset() throws {
        let manifest = try Manifest(
            """
            # A driver.
            abi = 1
              kind="database"   # or hsm
            serves = [ "a", 'b-2' , ]

            library = 'lib#1.so'
            """)

        #expect(manifest.abi == 1 && manifest.kind == .database)
        #expect(manifest.serves == ["a", "b-2"] && manifest.library == "lib#1.so")
    }

    @Test(arguments: [
        ("", "abi is missing"),
        ("abi = 1\nabi = 1", "line 2: abi occurs twice"),
        ("abi = 1 2", "line 1: text after the value"),
        (
            "abi = \"1\"\nkind = \"database\"\nserves = [\"a\"]\nlibrary = \"l\"",
            "abi is not a number"
        ),
        ("abi = 1\nkind = \"cloud\"\nserves = [\"a\"]\nlibrary = \"l\"", "kind is neither"),
        ("abi = 1\nkind = \"hsm\"\nserves = []\nlibrary = \"l\"", "serves is not"),
        ("abi = 1\nkind = \"hsm\"\nserves = [\"../a\"]\nlibrary = \"l\"", "serves is not"),
        ("abi = 1\nkind = \"hsm\"\nserves = [\"a\"]\nlibrary = \"/l\"", "library is not"),
        ("abi = 1\nkind = \"hsm\"\nserves = [\"a\"]\nlibrary = \"l\"\nx = 1", "unknown key x"),
        ("[plugin]\nabi = 1", "line 1: expected key"),
        ("abi = 99999999999999999999", "line 1: expected a value"),
        ("kind = \"data", "line 1: unfinished string"),
        ("kind = \"a\\u0041\"", "line 1: escapes"),
        ("serves = [\"a\" \"b\"]", "line 1: expected ']'"),
        ("serves = [1]", "line 1: expected a string"),
        ("abi 1", "line 1: expected '='"),
    ])
    func refuses(_ text: String, saying problem: String) throws {
        let error = #expect(throws: Manifest.Malformed.self) { try Manifest(text) }

        #expect(error?.problem.hasPrefix(problem) == true, "\(error?.problem ?? "")")
    }
}
