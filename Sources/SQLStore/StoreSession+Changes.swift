import PluginKit

/// Limits of the table `changes`.
package enum Changes {
    /// How far back a token may be.
    static let kept: Int64 = 65536
    /// Uids in one answer.
    static let answerMax: Int64 = 1000
}

extension StoreSession {
    /// What changed since `token`, without waiting. False: nothing did, and `changes` is as before.
    ///
    /// Tokens are the epoch, which `clear` raises, and the number of a row in `changes`.
    package func changes(
        since token: BorrowedBytes, into changes: inout ChangesBuilder
    ) throws(DriverFailure) -> Bool {
        var hasNews = true
        try connection.begin(.read)
        do throws(DriverFailure) {
            hasNews = try readChanges(since: token, into: &changes)
        } catch {
            connection.rollback()
            throw error
        }
        try connection.commit()
        return hasNews
    }

    private func readChanges(
        since token: BorrowedBytes, into changes: inout ChangesBuilder
    ) throws(DriverFailure) -> Bool {
        let newest = try statement(.newestChange)
        defer { newest.reset() }
        guard try newest.step(), newest.integer(3) == 1 else { throw .upgrading }
        let last = newest.integer(0)
        let oldest = newest.integer(1)
        let epoch = newest.integer(2)
        guard !token.isEmpty else {
            try setToken(epoch, last, &changes)
            return true
        }
        let since = token.count == 16 ? Cursor.number(token, at: 8) : -1
        guard since >= 0, Cursor.number(token, at: 0) == epoch, since <= last, since >= oldest - 1
        else {
            changes.isLost = true
            try setToken(epoch, last, &changes)
            return true
        }
        guard since < last else { return false }
        let list = try statement(.listChanges)
        defer { list.reset() }
        list.bind(1, since)
        list.bind(2, Changes.answerMax)
        var reached = since
        while try list.step() {
            reached = list.integer(0)
            try changes.append(list.text(1))
        }
        try setToken(epoch, reached, &changes)
        return true
    }

    private func setToken(
        _ epoch: Int64, _ sequence: Int64, _ changes: inout ChangesBuilder
    ) throws(DriverFailure) {
        try (Cursor.bigEndian(epoch) + Cursor.bigEndian(sequence))
            .withBorrowedBytes { (token) throws(DriverFailure) in try changes.setToken(token) }
    }
}
