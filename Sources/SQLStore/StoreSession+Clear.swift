import PluginKit

extension StoreSession {
    /// Deletes all objects, terms, grants and changes, in one transaction.
    ///
    /// - Parameter lease: Of the server that asks: ``Status/conflict`` when another server has one that
    ///   has not run out, with the time until then. Nil: whoever else is there.
    package func clear(unlessOthersThan lease: Lease? = nil) throws(DriverFailure) {
        try connection.begin(.exclusive)
        do throws(DriverFailure) {
            try requireReady()
            try connection.settle()
            // First, since it is what writes of other servers wait for.
            try connection.execute("UPDATE context SET epoch = epoch + 1 WHERE id = 1")
            if let lease { try requireNobody(but: lease) }
            for table in Schema.tables { try connection.execute("DELETE FROM \(table)") }
        } catch {
            connection.rollback()
            throw error
        }
        try connection.commit()
    }

    /// A server that comes later takes its lease after this transaction, and finds an empty database.
    private func requireNobody(but lease: Lease) throws(DriverFailure) {
        let statement = try statement(.otherLease)
        defer { statement.reset() }
        statement.bind(1, copyingText: lease.holder)
        guard try statement.step() else { return }
        let other = String(statement.text(0))
        let left_ms = UInt64(clamping: max(statement.integer(1), 1))
        throw DriverFailure(
            .conflict,
            "the server \(other) uses the database, or died within the last "
                + "\(Lease.duration_ms / 1000) s",
            flags: .retryable, retryAfter_ns: left_ms * 1_000_000)
    }
}
