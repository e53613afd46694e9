import CPostgreSQL

/// Counts what the server warns of; libpq would print it.
final class WarningCount {
    private(set) var count = 0

    /// The connection, which is finished before this object goes away, calls back.
    func attach(to connection: OpaquePointer) {
        PQsetNoticeReceiver(
            connection,
            { context, notice in
                guard let context,
                    let severity = PQresultErrorField(notice, Int32(UInt8(ascii: "V")))
                else { return }
                // Put there below, and alive as long as the connection.
                let warnings = Unmanaged<WarningCount>.fromOpaque(context).takeUnretainedValue()
                if String(cString: severity) == "WARNING" { warnings.count += 1 }
            }, Unmanaged.passUnretained(self).toOpaque())
    }
}
