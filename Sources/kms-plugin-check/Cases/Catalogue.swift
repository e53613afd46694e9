/// Every case, in the order in which they run.
enum Catalogue {
    static let all: [Case] =
        [start] + getting + creating + updating + deleting + conditions + batches + uniqueTerms
        + filtering + querying + visibility + scopes + granting + changing + schema + migration
        + lifecycle + opening + readingOnly + inlining + results + cancelling + limits + unicode
        + failingServices + interruptions + killing + hammering + secretKeeping + coherence
        + connections + hsmSlots + hsmKeys + hsmCrypto + hsmKnownAnswers + hsmEndurance
        + hsmSecrets + [end]

    /// Done by the runner while it starts and ends the processes of the others.
    static let start = Case(
        "lifecycle.start",
        "loads, starts and opens a database; a process that ended is followed by "
            + "another", place: .runner
    ) { _ in }
    static let end = Case(
        "lifecycle.end", "deinit returns, and every block of secure memory was given back",
        place: .runner
    ) { _ in }

    /// The cases that a list of ids and groups names; all for nil.
    static func selected(by names: String?) throws -> [Case] {
        guard let names = names?.split(separator: ",") else { return all }
        for name in names where !all.contains(where: { $0.isNamed(by: name) }) {
            throw CouldNotRun("there is no case or group \(name); see kms-plugin-check cases")
        }
        return all.filter { testCase in names.contains { testCase.isNamed(by: $0) } }
    }
}
