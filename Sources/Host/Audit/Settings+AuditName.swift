import Glibc

extension Settings {
    /// What the lines of the audit log call this server.
    var auditName: String {
        guard serverID.isEmpty else { return serverID }
        var name = utsname()
        guard uname(&name) == 0 else { return "kmsd:\(port)" }
        // An array of C characters with a zero at its end.
        let node = Mirror(reflecting: name.nodename).children.compactMap { $0.value as? CChar }
        let text = String(
            decoding: node.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return "\(text):\(port)"
    }
}
