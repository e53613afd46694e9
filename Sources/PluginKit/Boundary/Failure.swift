import PluginABI

extension DriverFailure {
    /// Writes the failure into the host's struct; allocates nothing when the message is plain UTF-8.
    func report(to error: UnsafeMutablePointer<kms_error>?) -> kms_status {
        guard let error else { return status.rawValue }
        error.pointee.flags = flags.rawValue
        error.pointee.native_code = nativeCode
        error.pointee.retry_after_ns = retryAfter_ns
        // The struct's own array; one byte stays as terminator.
        withUnsafeMutableBytes(of: &error.pointee.native_state) {
            copy(nativeState, into: $0)
        }
        if let buffer = error.pointee.message, error.pointee.message_capacity > 0 {
            copy(
                message,
                into: UnsafeMutableRawBufferPointer(
                    start: buffer, count: error.pointee.message_capacity))
        }
        return status.rawValue
    }
}

/// Copies NUL-terminated, cut at a character boundary. `buffer` has at least one byte.
func copy(_ text: String, into buffer: UnsafeMutableRawBufferPointer) {
    var text = text
    text.withUTF8 { utf8 in
        var count = min(utf8.count, buffer.count - 1)
        if count < utf8.count {
            while count > 0, utf8[count] & 0xC0 == 0x80 { count -= 1 }
        }
        buffer.copyMemory(
            from: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(utf8)[..<count]))
        buffer[count] = 0
    }
}

/// Runs a function of a driver, and turns what it throws into a status and the details for the host.
@inline(__always)
public func perform(
    _ details: UnsafeMutablePointer<kms_error>?, _ body: () throws(DriverFailure) -> Void
) -> kms_status {
    do throws(DriverFailure) {
        try body()
        return Status.ok.rawValue
    } catch {
        return error.report(to: details)
    }
}
