/// What a run found, case by case, judged with the quirks.
struct RunReport {
    /// What came of one case, before quirks are looked at.
    enum Raw {
        case outcome(Outcome)
        /// The process crashed, exited or hung: never a quirk.
        case died(String)
    }

    enum Verdict: String, Codable {
        case passed
        case failed
        /// It deviates, as declared.
        case quirk
        case notApplicable
    }

    struct Entry {
        var id: String, group: String, title: String
        var verdict: Verdict
        /// What was found, why it is not applicable, or the reason of the quirk.
        var details: [String]
        var seconds: Double
    }

    /// nil when the library could not even be loaded.
    var driver: DriverFacts?
    private(set) var entries: [Entry] = []

    var conforms: Bool { entries.allSatisfy { $0.verdict != .failed } }
    func entries(with verdict: Verdict) -> [Entry] { entries.filter { $0.verdict == verdict } }

    /// The groups in the order of their first cases.
    var groups: [String] {
        var groups: [String] = []
        for entry in entries where !groups.contains(entry.group) { groups.append(entry.group) }
        return groups
    }

    mutating func add(_ testCase: Case, _ raw: Raw, quirk: String?, seconds: Double) {
        let verdict: Verdict
        let details: [String]
        switch (raw, quirk) {
        case (.died(let how), _): (verdict, details) = (.failed, [how])
        case (.outcome(.passed), nil): (verdict, details) = (.passed, [])
        case (.outcome(.notApplicable(let reason)), nil):
            (verdict, details) = (.notApplicable, [reason])
        case (.outcome(.failed(let findings)), nil): (verdict, details) = (.failed, findings)
        case (.outcome(.failed), let reason?): (verdict, details) = (.quirk, [reason])
        case (.outcome(.passed), .some):
            (verdict, details) = (
                .failed, ["declared as a quirk, which is no longer true: it passes"]
            )
        case (.outcome(.notApplicable(let reason)), .some):
            (verdict, details) = (
                .failed, ["declared as a quirk, which it need not be: not applicable, \(reason)"]
            )
        }
        entries.append(
            Entry(
                id: testCase.id, group: testCase.group, title: testCase.title, verdict: verdict,
                details: details, seconds: seconds))
    }
}
