import PluginKit

/// Limits of the table `changes`.
package enum Changes {
    /// How far back a token may be.
    package static let kept: Int64 = 65536
    /// Uids in one answer.
    static let answerMax: Int64 = 1000
    /// Dropped at a time.
    static let portion: Int64 = 256
}

/// What a call of `apply` has changed, in order.
struct ChangedUIDs {
    var uids: [BorrowedText] = []
}

extension StoreSession {
    /// Adds what a call has changed to the feed, in its transaction.
    func recordChanges(_ changed: ChangedUIDs) throws(DriverFailure) {
        guard !changed.uids.isEmpty else { return }
        switch dialect.changeFeed {
        case .none:
            break
        case .sequence:
            var first: Int64 = 0
            for uid in changed.uids {
                try recordChanges(of: CollectionOfOne(uid))
                let row = connection.lastInsertedID ?? 0
                if first == 0 { first = row }
            }
            try trimChanges(first: first, last: connection.lastInsertedID ?? 0)
        case .stamped(let feed):
            try recordChanges(of: changed.uids)
            changesSinceTrim += changed.uids.count
            if feed.generations.isEmpty, changesSinceTrim >= Int(Changes.portion) {
                changesSinceTrim = 0
                try statement(.trimStamped).post(.none)
            }
        }
    }

    private func recordChanges(
        of uids: some RandomAccessCollection<BorrowedText>
    ) throws(DriverFailure) {
        try insert(uids, RowInsert(table: .changes, followsObject: false)) {
            insert, uid, parameter in
            insert.bind(parameter, uid)
            return parameter + 1
        }
    }

    /// Keeps the newest changes only, and drops the surplus in portions.
    private func trimChanges(first: Int64, last: Int64) throws(DriverFailure) {
        guard last > Changes.kept, last / Changes.portion > (first - 1) / Changes.portion
        else { return }
        let statement = try statement(.trimChanges)
        statement.bind(1, last - Changes.kept)
        try statement.run()
    }

    /// Wakes those who wait for changes. They look by themselves now and then, so that nothing is
    /// lost with a wake-up.
    package func announceChanges() {
        guard let feed = dialect.stampedChanges, !feed.announce.isEmpty else { return }
        try? statement(.announce).post(.none)
    }

    /// What changed since `token`, without waiting. False: nothing did, and `changes` is as before.
    ///
    /// Tokens are the epoch, which `clear` raises, and the number of a row in `changes`.
    package func changes(
        since token: BorrowedBytes, into changes: inout ChangesBuilder
    ) throws(DriverFailure) -> Bool {
        var hasNews = true
        try connection.begin(.read)
        do throws(DriverFailure) {
            switch dialect.changeFeed {
            case .none: throw .unsupported
            case .sequence: hasNews = try readChanges(since: token, into: &changes)
            case .stamped: hasNews = try readStamped(since: token, into: &changes)
            }
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
            try setToken([epoch, last], &changes)
            return true
        }
        let since = token.count == 16 ? Cursor.number(token, at: 8) : -1
        guard since >= 0, Cursor.number(token, at: 0) == epoch, since <= last, since >= oldest - 1
        else {
            changes.isLost = true
            try setToken([epoch, last], &changes)
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
        try setToken([epoch, reached], &changes)
        return true
    }

    private func setToken(
        _ numbers: [Int64], _ changes: inout ChangesBuilder
    ) throws(DriverFailure) {
        try numbers.flatMap(Cursor.bigEndian)
            .withBorrowedBytes { (token) throws(DriverFailure) in try changes.setToken(token) }
    }

    /// As ``StampedChanges`` explains. Tokens are the epoch and the stamp and number of the last row
    /// that is covered.
    private func readStamped(
        since token: BorrowedBytes, into changes: inout ChangesBuilder
    ) throws(DriverFailure) -> Bool {
        let head = try statement(.horizon)
        defer { head.reset() }
        guard try head.step(), head.integer(3) == 1 else { throw .upgrading }
        let horizon = head.integer(0)
        let dropped = head.integer(1)
        let epoch = head.integer(2)
        guard !token.isEmpty else {
            settling = []
            try setToken([epoch, horizon, 0], &changes)
            return true
        }
        let stamp = token.count == 24 ? Cursor.number(token, at: 8) : -1
        guard stamp > dropped, stamp <= horizon, Cursor.number(token, at: 0) == epoch else {
            changes.isLost = true
            settling = []
            try setToken([epoch, horizon, 0], &changes)
            return true
        }
        var reached = (stamp: stamp, row: Cursor.number(token, at: 16))
        let limit = Changes.answerMax + Int64(settling.count)
        let list = try statement(.listStamped)
        defer { list.reset() }
        list.bind(1, stamp)
        list.bind(2, stamp)
        list.bind(3, reached.row)
        list.bind(4, limit)
        var rows: Int64 = 0
        var covered: Set<Int64> = []
        var reported: Set<Int64> = []
        while try list.step() {
            rows += 1
            let row = list.integer(1)
            if !settling.contains(row) { try changes.append(list.text(2)) }
            if list.integer(0) < horizon {
                reached = (list.integer(0), row)
                covered.insert(row)
            } else {
                reported.insert(row)
            }
        }
        guard changes.count > 0 else {
            settling = covered.union(reported)  // the token stays, and must not show them again
            return false
        }
        settling = reported
        // When there is more below the horizon, the next call goes on behind the last row.
        let isWhole = rows < limit || !reported.isEmpty
        try setToken(
            isWhole ? [epoch, horizon, 0] : [epoch, reached.stamp, reached.row], &changes)
        return true
    }
}
