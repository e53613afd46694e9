/// What an import did, or would do: counts, and every item that was not taken over as it was.
public struct ImportReport: Sendable, CustomStringConvertible {
    /// One thing to tell of one object or permission.
    struct Remark: Sendable {
        var about: String
        var text: String
    }

    var source: String
    var target: String
    let isDryRun: Bool

    var objectsRead = 0, objectsWritten = 0, objectsThere = 0
    var grantsRead = 0, grantsWritten = 0, grantsThere = 0
    var notTaken: [Remark] = []
    var changed: [Remark] = []
    /// Permissions that were not taken over; also in `notTaken`.
    var grantsNotTaken = 0

    /// 0: all of it is in the target. 3: something is not, and the report says what.
    public var exitStatus: Int32 { notTaken.isEmpty ? 0 : 3 }

    public var description: String {
        let verb = isDryRun ? "to import" : "imported"
        let objectsNotTaken = notTaken.count - grantsNotTaken
        var lines = [
            "source: \(source)", "target: \(target)",
            "objects: \(objectsRead) read, \(objectsWritten) \(verb), \(objectsThere) there already, "
                + "\(objectsNotTaken) not imported",
            "permissions: \(grantsRead) read, \(grantsWritten) \(verb), \(grantsThere) there already, "
                + "\(grantsNotTaken) not imported",
        ]
        // Names come from the other system: quoted, so that they cannot pose as lines of ours.
        lines += section("not imported", notTaken) + section("imported with a change", changed)
        if isDryRun { lines.append("dry run: nothing was written") }
        return lines.joined(separator: "\n")
    }

    private func section(_ title: String, _ remarks: [Remark]) -> [String] {
        guard !remarks.isEmpty else { return [] }
        return ["\(title):"]
            + remarks.map { "  \(String(reflecting: $0.about)): \($0.text)" }
    }
}
