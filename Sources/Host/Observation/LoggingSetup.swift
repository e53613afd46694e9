import Logging
import PluginLoader

/// The one place where the process decides how it logs, also when a driver ends it.
enum LoggingSetup {
    static func bootstrap(_ settings: Settings) {
        guard !settings.quiet else {
            LastWords.setForm(.none)
            LoggingSystem.bootstrap { _ in SwiftLogNoOpLogHandler() }
            return
        }
        let form: LineLogHandler.Form = settings.logFormat == .json ? .json : .text
        LastWords.setForm(form == .json ? .json : .text)
        let level = settings.logLevel
        LoggingSystem.bootstrap { label in
            LineLogHandler(label: label, form: form, logLevel: level)
        }
    }
}
