import PluginLoader
import Secrets

extension Setting {
    /// A copy of what must show up nowhere, to look for it: the value of a secret option, the
    /// password in a URL.
    var exposedSecret: [UInt8]? {
        switch value {
        case .secret(let secret):
            secret.withExposedBytes { span in span.withUnsafeBytes { [UInt8]($0) } }
        case .text(let text) where option.type == .url: Self.password(in: text)
        default: nil
        }
    }

    /// What stands between the colon and the at sign of `scheme://user:password@host`.
    private static func password(in url: String) -> [UInt8]? {
        guard let scheme = url.firstRange(of: "://") else { return nil }
        let authority = url[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" }
        guard let at = authority.lastIndex(of: "@"),
            let colon = authority[..<at].firstIndex(of: ":")
        else { return nil }
        return Array(authority[authority.index(after: colon)..<at].utf8)
    }
}
