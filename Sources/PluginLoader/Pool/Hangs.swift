/// What is done about a driver that keeps a call although nobody waits for it any more.
///
/// Nothing ends a call but the driver. The host answers for it when its deadline is over, waits a
/// while longer, says so, and refuses at once what the calls that hang leave no room for.
struct Hangs: Sendable {
    /// How long a driver may go on, in nanoseconds, after it was told that the call is cancelled.
    let patience: UInt64
    /// Hears each time a call is found to hang, and when such a call returned after all.
    let report: @Sendable (HostServices.LogLevel, String) -> Void

    func found(_ function: StaticString, hanging: Int, of slots: Int) {
        report(
            .fault,
            "\(function) does not return although its call was cancelled "
                + "\(Self.seconds(patience)) ago; \(hanging) of \(slots) calls hang; "
                + "restart the server if this stays")
    }

    func returned(_ function: StaticString, after nanoseconds: UInt64) {
        report(.warning, "\(function) returned \(Self.seconds(nanoseconds)) after it was cancelled")
    }

    static func seconds(_ nanoseconds: UInt64) -> String {
        let tenths = nanoseconds / 100_000_000
        return "\(tenths / 10).\(tenths % 10) s"
    }
}
