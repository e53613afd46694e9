import Cryptography
import Logging
import PluginLoader

extension HostServices {
    /// What this server lends its drivers.
    init(logger: Logger) {
        self.init(
            name: "kmsd", version: Version.current,
            log: { level, plugin, traceID, message in
                var metadata: Logger.Metadata = ["driver": "\(plugin)"]
                if let traceID { metadata["trace"] = "\(traceID)" }
                logger.log(level: Logger.Level(level), "\(message)", metadata: metadata)
            },
            isLogEnabled: { logger.logLevel <= Logger.Level($0) },
            // The buffer is the driver's for the duration of the call.
            random: { buffer in (try? Random.fill(buffer)) != nil },
            unixMicroseconds: { WallClock.microseconds() })
    }
}

extension Logger.Level {
    fileprivate init(_ level: HostServices.LogLevel) {
        self =
            switch level {
            case .trace: .trace
            case .debug: .debug
            case .info: .info
            case .warning: .warning
            case .fault: .critical
            }
    }
}
