import TOML
import Testing

@Suite struct ParserTests {
    private func value(_ text: String, file: SourceLocation = #_sourceLocation) throws -> Value {
        try #require(try Parser.parse("k = " + text)["k"], sourceLocation: file).value
    }

    // Source: the examples of TOML 1.0.0, "String", retold.
    @Test(arguments: [
        (#""plain""#, "plain"),
        (#""""#, ""),
        (#"''"#, ""),
        (#""tab\t quote\" backslash\\ \u00E9 \U0001F511""#, "tab\t quote\" backslash\\ é 🔑"),
        (#"'C:\temp\"x"'"#, #"C:\temp\"x""#),
        ("\"\"\"\nfirst\r\nsecond\"\"\"", "first\nsecond"),
        ("\"\"\"one \\\n\n   two\"\"\"", "one two"),
        ("\"\"\"two quotes \"\" inside\"\"\"", "two quotes \"\" inside"),
        ("\"\"\"ends with two\"\"\"\"\"", "ends with two\"\""),
        ("'''\nraw \\n '' text'''", "raw \\n '' text"),
        ("'''x'''''", "x''"),
    ])
    func readsStrings(_ text: String, _ expected: String) throws {
        guard case .string(let found) = try value(text) else {
            Issue.record("no string")
            return
        }
        #expect(found == expected)
    }

    @Test(arguments: [
        ("0", 0), ("+7", 7), ("-0", 0), ("1_000", 1000), ("0xDEAD_beef", 0xDEAD_BEEF), ("0o17", 15),
        ("0b101", 5), ("9223372036854775807", Int64.max), ("-9223372036854775808", Int64.min),
    ])
    func readsIntegers(_ text: String, _ expected: Int64) throws {
        guard case .integer(let found) = try value(text) else {
            Issue.record("no integer")
            return
        }
        #expect(found == expected)
    }

    @Test(arguments: [
        ("1.5", 1.5), ("-0.25", -0.25), ("6.626e-34", 6.626e-34), ("1e3", 1000), ("5E+2", 500),
        ("1_0.0_1", 10.01), ("inf", Double.infinity), ("-inf", -Double.infinity),
    ])
    func readsFloats(_ text: String, _ expected: Double) throws {
        guard case .float(let found) = try value(text) else {
            Issue.record("no float")
            return
        }
        #expect(found == expected)
    }

    @Test(arguments: [
        "2024-05-27", "07:32:00", "07:32:00.999", "1979-05-27T07:32:00Z",
        "1979-05-27 07:32:00", "1979-05-27T00:32:00.5-07:00",
    ])
    func readsDatesAndTimes(_ text: String) throws {
        guard case .dateTime(let found) = try value(text) else {
            Issue.record("no date")
            return
        }
        #expect(found == text)
    }

    @Test(arguments: [
        "k = ", "k", "= 1", "k = bare", "k = 01", "k = 1_", "k = _1", "k = 1__0", "k = 0x",
        "k = 0xG",
        "k = +0x1", "k = 9223372036854775808", "k = 1.", "k = .5", "k = 1.e3", "k = 01.5", "k = 1e",
        "k = True", "k = \"open", "k = 'open", "k = \"\"\"open", "k = '''open''", "k = \"\\q\"",
        "k = \"\\u12\"", "k = \"\\uD800\"", "k = \"\\U00110000\"", "k = \"\\u+041\"",
        "k = \"a\u{1}b\"",
        "k = \"line\nbreak\"", "k = [1, 2", "k = [1 2]", "k = [,]", "k = {a = 1,}", "k = {a = 1",
        "k = {\na = 1}",
        "k = 1 l = 2", "k = 1\nk = 2", "k.a = 1\nk = 2", "k = 1\nk.a = 2", "[a", "[a]]", "[[a]",
        "[]", "[a.]",
        "[a]\n[a]", "[a]\n[[a]]", "[[a]]\n[a]", "a = []\n[[a]]", "a = {}\n[a.b]",
        "a = {b = 1}\na.c = 2",
        "a.b = 1\n[a]", "[a.b]\n[a]\nb.c = 1", "[a]\nb = 1\nb = 2", "{a = 1}", "k = 1979-05-27T",
        "k = 7:32:00",
        "k = 1\r", "# control \u{7F}", "k = \"\"\" \r \"\"\"",
    ])
    func refuses(_ text: String) {
        #expect(throws: SyntaxError.self) { try Parser.parse(text) }
    }

    @Test(arguments: [
        ("a = 1\nb = \nc = 3", 2),
        ("# one\n\r\n[t]\n  x = 'open\n", 4),
        ("a = \"\"\"\n\n\"\"\"\nb = ?", 4),
        ("a = [\n1,\n2\n3]", 4),
        ("[t]\nx = 1\n\n[t]", 4),
        ("a = 'x\\\n", 1),
    ])
    func namesTheLine(_ text: String, _ line: Int) {
        let error = #expect(throws: SyntaxError.self) { try Parser.parse(text) }
        #expect(error?.line == line)
    }

    @Test func saysWhereAKeyWasGivenBefore() {
        let error = #expect(throws: SyntaxError.self) { try Parser.parse("\na.b = 1\n\na.b = 2") }
        #expect(error == SyntaxError(line: 4, reason: "a.b was already given on line 2"))
    }

    @Test(arguments: [
        "k = CANARY", "k = \"CANARY", "k = \"CANARY\\q\"", "k = 'CANARY\u{1}'",
        "k = \"CANARY\" CANARY",
        "k = [CANARY]", "k = {a = CANARY}", "k = \"CANARY\"\nk = \"CANARY\"", "k = \"\"\"CANARY",
    ])
    func neverRepeatsValues(_ text: String) {
        let error = #expect(throws: SyntaxError.self) { try Parser.parse(text) }
        #expect(error.map { !String(reflecting: $0).contains("CANARY") } == true)
    }

    @Test func joinsTheWaysToWriteATable() throws {
        let document = try Parser.parse(
            """
            \u{FEFF}top = 1
            "quoted key" . 'b' = 2
            [a.b.c]
            x = 1
            [a] # later than its child
            y = {z.w = 3, v = [ 1, # one
              2, ]}
            [[list]]
            n = 1
            [list.sub]
            [[list]]
            n = 2
            """)

        guard case .table(let a)? = document["a"]?.value, case .table(let b)? = a["b"]?.value,
            case .table(let c)? = b["c"]?.value, case .integer(1)? = c["x"]?.value,
            case .table(let y)? = a["y"]?.value, case .table(let z)? = y["z"]?.value,
            case .integer(3)? = z["w"]?.value, case .array(let v)? = y["v"]?.value,
            case .array(let list)? = document["list"]?.value,
            case .table(let quoted)? = document["quoted key"]?.value
        else {
            Issue.record("another shape")
            return
        }
        #expect(v.map(\.line) == [6, 7])
        #expect(list.map(\.line) == [8, 11])
        #expect(quoted["b"]?.line == 2)
        #expect(document.entries.map(\.key) == ["top", "quoted key", "a", "list"])
    }

    @Test(arguments: [
        String(repeating: "[", count: 10_000),
        "k = " + String(repeating: "[", count: 10_000),
        "k = " + String(repeating: "{a=", count: 10_000),
        String(repeating: "a.", count: 10_000) + "b = 1",
        "[" + String(repeating: "a.", count: 10_000) + "b]",
    ])
    func boundsNesting(_ text: String) {
        #expect(throws: SyntaxError.self) { try Parser.parse(text) }
    }

    @Test func boundsSizeAndRefusesOtherEncodings() throws {
        let largest = [UInt8](repeating: UInt8(ascii: "\n"), count: Parser.sizeMax)
        #expect(try Parser.parse(largest).entries.isEmpty)
        #expect(throws: SyntaxError.self) { try Parser.parse(largest + [10]) }

        let error = #expect(throws: SyntaxError.self) {
            try Parser.parse(Array("a = 1\nb = '".utf8) + [0xFF, UInt8(ascii: "'")])
        }
        #expect(error?.line == 2)
    }

    /// Any cut and any changed byte of a document is read or refused, and never more.
    @Test func survivesDamage() {
        let document = Array(
            "a.\"b\" = 1 # c\n[t.u]\nx = [ 'q', \"\\u0041\", { y = 1e3 } ]\n[[l]]\nd = 1979-05-27 07:32:00Z\n"
                .utf8)
        var refused = 0
        for index in document.indices {
            if (try? Parser.parse(Array(document[..<index]))) == nil { refused += 1 }
            for byte in [UInt8(0), 10, 34, 39, 46, 61, 91, 93, 123, 125, 0xC3, 0xFF] {
                var damaged = document
                damaged[index] = byte
                if (try? Parser.parse(damaged)) == nil { refused += 1 }
            }
        }
        #expect(refused > document.count)
    }
}
