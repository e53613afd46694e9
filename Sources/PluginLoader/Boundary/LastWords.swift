import CPlatform

/// The line that the process writes to standard error when something ends it at once: a driver that
/// crashes, aborts or calls `exit` is named in it, with the function that was running.
///
/// Nothing else is said: the report of the Swift runtime shows registers and memory, which may hold
/// keys.
public enum LastWords {
    /// How the line looks.
    public enum Form: Sendable {
        /// `program: message`
        case plain
        /// As lines of the log: time, level, name, message.
        case text, json
        /// No line.
        case none
    }

    /// From now on there is such a line, in the form ``Form/plain``. Once, before a driver is loaded.
    ///
    /// - Returns: False when the system refuses.
    @discardableResult
    public static func prepare(program: StaticString) -> Bool {
        // A literal ends with NUL and lives as long as the process.
        platform_announce_last_words(
            UnsafeRawPointer(program.utf8Start).assumingMemoryBound(to: CChar.self))
    }

    /// Changes how the line will look. From any thread.
    public static func setForm(_ form: Form) {
        let chosen =
            switch form {
            case .plain: PLATFORM_LAST_WORDS_PLAIN
            case .text: PLATFORM_LAST_WORDS_TEXT
            case .json: PLATFORM_LAST_WORDS_JSON
            case .none: PLATFORM_LAST_WORDS_NONE
            }
        platform_set_last_words(chosen)
    }
}
