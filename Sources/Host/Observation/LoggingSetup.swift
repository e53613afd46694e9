import Logging

/// The one place where the process decides how it logs.
enum LoggingSetup {
    static func bootstrap(_ settings: Settings) {
        guard !settings.quiet else {
            LoggingSystem.bootstrap { _ in SwiftLogNoOpLogHandler() }
            return
        }
        let form: LineLogHandler.Form = settings.logFormat == .json ? .json : .text
        let level = settings.logLevel
        LoggingSystem.bootstrap { label in
            LineLogHandler(label: label, form: form, logLevel: level)
        }
    }
}
