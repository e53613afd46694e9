import PluginKit

// Change feeds whose rows get their stamps after their commit; see `StampedChanges`.
extension StoreSession {
    /// Rows that one statement settles.
    private static var settledMax: Int { 64 }

    /// Gives a generation to the changes that are committed and have none.
    ///
    /// Whoever does it holds the row of `feed`, so a generation is complete before the next begins.
    /// Rows are named one by one: a search for them would wait for those not yet committed.
    package func settleChanges() throws(DriverFailure) {
        let unsettled = try statement(.unsettled)
        defer { unsettled.reset() }
        guard try unsettled.step(), unsettled.integer(0) == 1 else { return }
        unsettled.reset()
        try writingFeed { () throws(DriverFailure) in
            try statement(.nextGeneration).post(.none)
            var rows = try unsettledRows()[...]
            while let last = rows.last {
                let chunk = rows.prefix(Self.settledMax)
                rows = rows.dropFirst(chunk.count)
                var sql = SQLText("UPDATE changes SET stamp = ")
                sql.add("(SELECT f.last FROM feed f WHERE f.id = 1) WHERE seq IN (")
                for index in 0..<paddedCount(chunk.count) {
                    let row = index < chunk.count ? chunk[chunk.startIndex + index] : last
                    if index > 0 { sql.add(", ") }
                    sql.add("", .integer(row))
                }
                sql.add(")")
                try statement(sql).post(.none)
            }
        }
    }

    private func unsettledRows() throws(DriverFailure) -> [Int64] {
        let list = try statement(.listUnsettled)
        defer { list.reset() }
        list.bind(1, Changes.answerMax)
        var rows: [Int64] = []
        while try list.step() { rows.append(list.integer(0)) }
        return rows
    }

    /// Drops what lies further back than ``Changes/kept`` rows, now and then. After a commit, in a
    /// transaction of its own: it would otherwise wait for readers who wait for the writer.
    func trimGenerations() throws(DriverFailure) {
        guard changesSinceTrim >= Int(Changes.portion) else { return }
        changesSinceTrim = 0
        let newest = try statement(.newestRow)
        defer { newest.reset() }
        guard try newest.step(), newest.integer(0) > Changes.kept else { return }
        let last = newest.integer(0) - Changes.kept
        try writingFeed { () throws(DriverFailure) in
            let note = try statement(.noteDropped)
            note.bind(1, last)
            note.bind(2, last)
            try note.post(.none)
            let trim = try statement(.trimChanges)
            trim.bind(1, last)
            try trim.post(.none)
        }
    }

    private func writingFeed(_ body: () throws(DriverFailure) -> Void) throws(DriverFailure) {
        try connection.begin(.write)
        do throws(DriverFailure) {
            try requireReady(.write)
            try body()
            try connection.settle()
        } catch {
            connection.rollback()
            throw error
        }
        try connection.commit()
    }
}
