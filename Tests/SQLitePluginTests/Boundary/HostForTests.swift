import PluginKit

extension Host {
    /// What a driver would get; the table lives as long as the process.
    static let forTests = withUnsafePointer(to: testHost) { Host($0) }
}
