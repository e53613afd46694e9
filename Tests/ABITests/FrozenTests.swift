import Testing

/// What was released stays as it is: drivers and hosts are built with it. See Tests/ABI/README.md.
@Suite struct FrozenTests {
    private static let frozen = Repository.root + "/Tests/ABI/v1.0"

    @Test(arguments: ["kms/plugin.h", "kms/database.h", "kms/hsm.h"])
    func headersOfOneMinorAreTheSame(_ header: String) throws {
        // Later minors append; what then holds is in the layout.
        guard try today().constants["KMS_ABI_MINOR"] == "0" else { return }
        let released = declarations(try Repository.text("\(Self.frozen)/include/\(header)"))
        let today = declarations(try Repository.text("\(Repository.include)/\(header)"))

        let difference = today.difference(from: released)
        #expect(difference.isEmpty, "\(header) differs from what was released as 1.0")
        #expect(released.count > 50)
    }

    @Test func releasedHeadersSayAtWhichStageTheyAre() throws {
        let stages = try ["plugin.h", "database.h", "hsm.h"].map {
            try Repository.text("\(Self.frozen)/include/kms/\($0)").prefix { $0 != ":" }
        }

        #expect(stages == ["// Frozen", "// Candidate", "// Candidate"])
    }

    @Test func todaysLayoutKeepsThatOfOneZero() throws {
        let released = Layout(try Repository.text(Self.frozen + "/layout.txt"))
        let today = try today()
        #expect(released.structs.count > 25 && released.constants.count > 100)

        for (name, old) in released.structs {
            let new = try #require(today.structs[name], "\(name) is gone")
            #expect(new.alignment == old.alignment, "\(name)")
            #expect(new.members.starts(with: old.members), "members of \(name)")
            let mayGrow = old.members.first?.hasPrefix("struct_size at 0") == true
            #expect(
                mayGrow || name == "kms_option" ? new.size >= old.size : new.size == old.size,
                "size of \(name)")
        }
        for (name, old) in released.constants where name != "KMS_ABI_MINOR" {
            #expect(today.constants[name] == old, "\(name)")
        }
    }

    private func today() throws -> Layout {
        Layout(try Repository.text(Repository.root + "/Tests/ABI/layout.txt"))
    }

    /// A header's statements without comments and spaces.
    private func declarations(_ header: String) -> [Substring] {
        header.replacing(/\/\/[^\n]*/, with: "").filter { !$0.isWhitespace }.split(separator: ";")
    }
}

/// What `layout.c` prints.
private struct Layout {
    struct Struct {
        var size: Int, alignment: Int
        var members: [String] = []
    }

    var structs: [String: Struct] = [:]
    var constants: [String: String] = [:]

    init(_ text: String) {
        var name = ""
        for line in text.split(separator: "\n") {
            if let head = line.wholeMatch(of: /(\w+) size (\d+) align (\d+)/)?.output {
                name = String(head.1)
                structs[name] = Struct(size: Int(head.2) ?? 0, alignment: Int(head.3) ?? 0)
            } else if let member = line.wholeMatch(of: /\s+(.*)/)?.output.1 {
                structs[name]?.members.append(String(member))
            } else if let constant = line.wholeMatch(of: /(\w+) = (.*)/)?.output {
                constants[String(constant.1)] = String(constant.2)
            }
        }
    }
}
