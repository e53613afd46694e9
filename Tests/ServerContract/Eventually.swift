import Testing

/// Repeats until it is so, which is a matter of milliseconds.
func eventually(_ condition: () throws -> Bool) throws {
    let limit = monotonic() + 10_000_000_000
    while true {
        if let holds = try? condition(), holds { return }
        try #require(monotonic() < limit)
    }
}
