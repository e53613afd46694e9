import PluginABI

/// The driver behind a `kms_database *`.
final class DatabaseHandle {
    let driver: any DatabaseDriver

    private init(_ driver: any DatabaseDriver) { self.driver = driver }

    /// A handle that the host owns until it calls `close`.
    static func make(_ driver: any DatabaseDriver) -> OpaquePointer {
        OpaquePointer(Unmanaged.passRetained(DatabaseHandle(driver)).toOpaque())
    }

    /// The driver of a handle made by `make` and not closed yet, which the host promises.
    @inline(__always)
    static func driver(_ handle: OpaquePointer) -> any DatabaseDriver {
        Unmanaged<DatabaseHandle>.fromOpaque(UnsafeRawPointer(handle))
            ._withUnsafeGuaranteedRef { $0.driver }
    }

    static func close(_ handle: OpaquePointer) {
        let closed = Unmanaged<DatabaseHandle>.fromOpaque(UnsafeRawPointer(handle))
            .takeRetainedValue()
        closed.driver.close()
    }
}

private let invalid = Status.invalid.rawValue

/// The table of the contract, `open` excepted, which is each plugin's own. A handle leads to its
/// driver, so these serve every driver.
let databaseFunctions: kms_database_driver = {
    var table = kms_database_driver()
    table.struct_size = UInt32(MemoryLayout<kms_database_driver>.size)
    table.close = { if let database = $0 { DatabaseHandle.close(database) } }
    table.cancel = { if let database = $0 { DatabaseHandle.driver(database).cancel($1) } }
    table.health = { database, call, error in
        guard let database, let call else { return invalid }
        return perform(error) { () throws(DriverFailure) in
            try DatabaseHandle.driver(database).health(Call(call))
        }
    }
    table.context = { database, call, out, error in
        guard let database, let call, let out else { return invalid }
        return perform(error) { () throws(DriverFailure) in
            try DatabaseHandle.driver(database).context(Call(call)).fill(out)
        }
    }
    table.migrate = { database, call, error in
        guard let database, let call else { return invalid }
        return perform(error) { () throws(DriverFailure) in
            try DatabaseHandle.driver(database).migrate(Call(call))
        }
    }
    table.plan = { database, call, out, error in
        guard let database, let call, let out else { return invalid }
        return perform(error) { () throws(DriverFailure) in
            try fill(out, with: DatabaseHandle.driver(database).plan(Call(call)))
        }
    }
    table.clear = { database, call, force, error in
        guard let database, let call else { return invalid }
        return perform(error) { () throws(DriverFailure) in
            try DatabaseHandle.driver(database).clear(Call(call), force ? .ignore : .respect)
        }
    }
    table.get = { database, call, items, count, out, error in
        guard let database, let call, let out else { return invalid }
        return perform(error) { () throws(DriverFailure) in
            var builder = ObjectsBuilder(expected: count)
            try DatabaseHandle.driver(database)
                .get(GetRequests(items, count: count), Call(call), into: &builder)
            builder.finish(into: out)
        }
    }
    table.query = { database, call, query, out, error in
        guard let database, let call, let query, let out else { return invalid }
        return perform(error) { () throws(DriverFailure) in
            var builder = ObjectsBuilder(expected: min(Int(query.pointee.limit), 16))
            try DatabaseHandle.driver(database).query(Query(query), Call(call), into: &builder)
            builder.finish(into: out)
        }
    }
    table.apply = { database, call, items, count, out, error in
        guard let database, let call, let out else { return invalid }
        return perform(error) { () throws(DriverFailure) in
            var outcomes = Outcomes(count: count)
            try DatabaseHandle.driver(database)
                .apply(Writes(items, count: count), Call(call), into: &outcomes)
            outcomes.finish(into: out)
        }
    }
    table.grants = { database, call, query, out, error in
        guard let database, let call, let query, let out else { return invalid }
        return perform(error) { () throws(DriverFailure) in
            var builder = GrantsBuilder(expected: min(Int(query.pointee.limit), 16))
            try DatabaseHandle.driver(database)
                .grants(GrantsQuery(query), Call(call), into: &builder)
            builder.finish(into: out)
        }
    }
    table.changes = { database, call, token, out, error in
        guard let database, let call, let out else { return invalid }
        return perform(error) { () throws(DriverFailure) in
            var builder = ChangesBuilder()
            try DatabaseHandle.driver(database)
                .changes(since: BorrowedBytes(token), Call(call), into: &builder)
            builder.finish(into: out)
        }
    }
    table.statistics = { database, call, out, error in
        guard let database, let call, let out else { return invalid }
        return perform(error) { () throws(DriverFailure) in
            try fill(out, with: DatabaseHandle.driver(database).statistics(Call(call)))
        }
    }
    return table
}()

extension SchemaContext {
    /// Fills the host's struct; each array is the struct's own.
    fileprivate func fill(_ out: UnsafeMutablePointer<kms_context>) {
        out.pointee.state = state.rawValue
        withUnsafeMutableBytes(of: &out.pointee.version) { copy(version, into: $0) }
        withUnsafeMutableBytes(of: &out.pointee.schema) { copy(schema, into: $0) }
        withUnsafeMutableBytes(of: &out.pointee.supported) { copy(supported, into: $0) }
        withUnsafeMutableBytes(of: &out.pointee.format) { copy(format, into: $0) }
        withUnsafeMutableBytes(of: &out.pointee.backend) { copy(backend, into: $0) }
    }
}
