import CPlatform
import Synchronization

/// A driver's name as messages give it, and the note of which of its functions a thread runs.
///
/// A driver that crashes takes the process with it; the note is what ``LastWords`` then has to say.
struct DriverMark: @unchecked Sendable {  // points at memory that is never written or freed
    /// For people: `SQLite`.
    let name: String
    private let label: UnsafePointer<CChar>
    /// Addresses of all labels, so that leak checkers find them.
    private static let labels = Mutex<[UInt]>([])

    /// Of a library that did not say yet what it is.
    init(path: String) { self.init(name: path, label: path) }

    init(name: String, path: String) { self.init(name: name, label: "\(name) (\(path))") }

    private init(name: String, label: String) {
        self.name = name
        // Not freed: a library stays loaded, and a signal handler may read it at any time.
        let bytes = Self.printable(label).utf8CString
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
        bytes.withUnsafeBufferPointer { source in
            if let first = source.baseAddress { copy.initialize(from: first, count: source.count) }
        }
        self.label = UnsafePointer(copy)
        Self.labels.withLock { $0.append(UInt(bitPattern: copy)) }
    }

    /// What fits in a line of the log in any of its forms as it is.
    private static func printable(_ label: String) -> String {
        var text = ""
        for scalar in escapingControls(label).unicodeScalars {
            guard text.utf8.count < 400 else { break }
            switch scalar {
            case "\"": text += "'"
            case "\\": text += "/"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    /// Tells marks apart.
    var identity: UInt { UInt(bitPattern: label) }

    /// Calls `body`, which does nothing but call `function` of the driver.
    ///
    /// - Parameter isInline: On a thread that must not wait.
    @inline(__always)
    func running<R, E: Error>(
        _ function: StaticString, isInline: Bool = false, _ body: () throws(E) -> R
    ) throws(E) -> R {
        // Both texts end with NUL and live as long as the process.
        platform_enter_driver(
            label, UnsafeRawPointer(function.utf8Start).assumingMemoryBound(to: CChar.self),
            isInline)
        defer { platform_leave_driver() }
        return try body()
    }

    /// Names the driver where no call accounts for what happens: it may have threads of its own.
    func announce() { platform_add_driver(label) }
}
