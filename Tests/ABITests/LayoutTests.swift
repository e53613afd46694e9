import PluginABI
import Testing

/// Drivers that are already built rely on where every member lies and what every constant is.
@Suite struct LayoutTests {
    private static let program = Repository.root + "/Tests/ABI/layout.c"
    private static let golden = Repository.root + "/Tests/ABI/layout.txt"

    @Test func membersAndConstantsAreWhereBuiltDriversExpectThem() async throws {
        let folder = try TemporaryFolder()
        let executable = folder.path + "/layout"

        let built = try await run([
            "cc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-I", Repository.include, "-o",
            executable, Self.program,
        ])
        try #require(built.status == 0, "\(built.output)")
        let printed = try await run([executable])

        let expected = try Repository.text(Self.golden)
        let difference = printed.output.split(separator: "\n")
            .difference(from: expected.split(separator: "\n"))
        #expect(printed.status == 0)
        #expect(difference.isEmpty, "the layout changed")
    }

    @Test func layoutNamesEveryStruct() throws {
        let program = try Repository.text(Self.program)
        let structs = try declarations().flatMap { text in
            text.matches(of: /typedef struct (kms_\w+) \{/).map { String($0.output.1) }
        }

        #expect(structs.count > 40)
        for name in structs {
            #expect(program.contains("STRUCT(\(name), "), "\(name) is missing in layout.c")
        }
    }

    @Test func layoutNamesEveryConstant() throws {
        let program = try Repository.text(Self.program)
        let constants = try declarations().flatMap { text in
            text.matches(of: /\bKMS_[A-Z0-9_]+\b/).map { String($0.output) }
        }.filter { !$0.hasSuffix("_H") }

        #expect(constants.count > 150)
        for name in Set(constants) {
            #expect(
                program.contains("VALUE(\(name))") || program.contains("STRING(\(name))"),
                "\(name) is missing in layout.c")
        }
    }

    /// Padding would be where a member is missing in the list, or where a compiler may differ.
    @Test func membersFillTheirStructs() throws {
        var (name, size, end) = ("", 0, 0)
        for line in try Repository.text(Self.golden).split(separator: "\n") {
            if let member = line.wholeMatch(of: /\s+(\w+) at (\d+) size (\d+)/)?.output {
                #expect(Int(member.2) == end, "hole before \(name).\(member.1)")
                end += try #require(Int(member.3))
            } else {
                #expect(end == size, "hole at the end of \(name)")
                let start = line.wholeMatch(of: /(\w+) size (\d+) align \d+/)?.output
                name = start.map { String($0.1) } ?? ""
                (size, end) = (start.flatMap { Int($0.2) } ?? 0, 0)
            }
        }
    }

    @Test func limitsReachSwift() {
        #expect(KMS_MAX_OBJECT == 16 << 20)
        #expect(KMS_MAX_CALL == 64 << 20)
        #expect([KMS_MAX_UID, KMS_MAX_TAG, KMS_MAX_USER] == [255, 255, 255])
        #expect([KMS_MAX_PATH, KMS_MAX_CURSOR, KMS_MAX_TOKEN] == [128, 512, 64])
        #expect([KMS_MAX_WHO, KMS_MAX_BATCH, KMS_MAX_LIMIT] == [64, 100, 1000])
    }

    /// The headers without their comments.
    private func declarations() throws -> [String] {
        try Repository.headers().map { header in
            try Repository.text(Repository.include + "/" + header)
                .replacing(/\/\/[^\n]*/, with: "")
        }
    }
}
