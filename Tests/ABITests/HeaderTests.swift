import Testing

/// Authors include the headers from C and C++, under any compiler and with any warnings.
@Suite struct HeaderTests {
    private static let compilers = ["gcc", "clang"]
    private static let languages = [["c", "-std=c11"], ["c++", "-std=c++17"]]
    private static let warnings = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror"]

    @Test(arguments: compilers, languages)
    func eachHeaderCompilesAlone(with compiler: String, as language: [String]) async throws {
        guard try await isInstalled(compiler) else { return }
        let headers = try Repository.headers()
        #expect(headers.count >= 5)

        for header in headers {
            let outcome = try await run(
                [compiler, "-x"] + language + Self.warnings + [
                    "-fsyntax-only", "-I", Repository.include, "-include", header, "/dev/null",
                ])

            #expect(outcome.status == 0, "\(header): \(outcome.output)")
        }
    }

    @Test func someCompilerIsThere() async throws {
        var installed: [String] = []
        for compiler in Self.compilers where try await isInstalled(compiler) {
            installed.append(compiler)
        }

        #expect(!installed.isEmpty, "none of \(Self.compilers) is installed")
    }

    @Test func draftsSayThatTheyAreDrafts() throws {
        let drafts = try Repository.headers().filter { $0.hasPrefix("kms/draft/") }
        #expect(!drafts.isEmpty)

        for header in drafts {
            let text = try Repository.text(Repository.include + "/" + header)
            #expect(text.contains("// A draft: "), "\(header)")
            #expect(text.contains("_INTERFACE \"kms.draft."), "\(header)")
        }
    }

    /// Every function's comment carries its thread tags, so that silence is never a guess.
    @Test func everyFunctionSaysHowItIsCalled() throws {
        for header in try Repository.headers() {
            var comment = ""
            for line in try Repository.text(Repository.include + "/" + header)
                .split(separator: "\n", omittingEmptySubsequences: false)
            {
                if line.contains("///") {
                    comment += line
                } else {
                    if line.firstMatch(of: /\(\*\w+\)\(/) != nil {
                        #expect(
                            comment.contains("[any-thread, concurrent")
                                || comment.contains("[serial"), "\(header): \(line)")
                    }
                    comment = ""
                }
            }
        }
    }

    private func isInstalled(_ compiler: String) async throws -> Bool {
        try await run(["sh", "-c", "command -v \(compiler)"]).status == 0
    }
}
