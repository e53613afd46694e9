import Glibc

/// Whether audit logs are what the server wrote: no line changed, missing, moved or added.
///
/// What was cut from the end shows only to who knows the last hash from elsewhere: it is printed.
public enum AuditVerifier {
    /// What whole files hold.
    public struct Report: Sendable, CustomStringConvertible {
        var count = 0
        var first: UInt64 = 0
        var last: UInt64 = 0
        var hash = AuditLine.origin
        var torn = 0

        public var description: String {
            guard count > 0 else { return "no lines" }
            return "\(count) lines, \(first) to \(last), are whole"
                + (torn > 0 ? "; \(torn) were cut when the server was, and said so" : "")
                + (first > 1 ? "; what came before line \(first) is not in these files" : "")
                + "\nlast hash: \(hash)"
        }
    }

    /// Reads the files in the order in which they were written.
    ///
    /// - Throws: ``AuditError`` with the file and the line, counted from 1, at which the chain breaks.
    public static func verify(_ paths: [String]) throws -> Report {
        var report = Report()
        for path in paths { try verify(path, &report) }
        return report
    }

    private static func verify(_ path: String, _ report: inout Report) throws(AuditError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .last(path, "cannot be opened") }
        defer { close(descriptor) }
        var number = 0
        var rest: [UInt8] = []
        var torn: [UInt8]?
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        func broken(_ what: String) -> AuditError { AuditError("\(path):\(number): \(what)") }
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count >= 0 else { throw .last(path, "cannot be read") }
            if count == 0 { break }
            rest += buffer[..<count]
            var start = rest.startIndex
            while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
                number += 1
                try check(rest[start..<end], &torn, &report, broken)
                start = end + 1
            }
            rest.removeSubrange(..<start)
            guard rest.count <= AuditLine.sizeMax else {
                number += 1
                throw broken("the line is too long")
            }
        }
        number += 1
        if torn != nil || !rest.isEmpty { throw broken("the last line is not whole") }
    }

    private static func check(
        _ bytes: ArraySlice<UInt8>, _ torn: inout [UInt8]?, _ report: inout Report,
        _ broken: (String) -> AuditError
    ) throws(AuditError) {
        guard let line = AuditLine(bytes) else {
            guard torn == nil else { throw broken("the line was changed") }
            // Only the next line can tell whether this one was cut by a power failure.
            torn = Array(bytes)
            return
        }
        if let cut = torn {
            let said = Array(AuditLog.tornDetail(cut).utf8)
            guard bytes.contains(said) else { throw broken("the line before was changed") }
            report.torn += 1
            torn = nil
        }
        if report.count > 0 {
            guard line.previous == report.hash, line.sequence == report.last + 1 else {
                throw broken(
                    "line \(line.sequence) does not follow line \(report.last): something was cut, "
                        + "moved or added")
            }
        } else {
            report.first = line.sequence
            guard line.sequence > 1 || line.previous == AuditLine.origin else {
                throw broken("the first line follows another one")
            }
        }
        report.count += 1
        report.last = line.sequence
        report.hash = line.hash
    }
}

extension ArraySlice<UInt8> {
    fileprivate func contains(_ part: [UInt8]) -> Bool {
        guard part.count <= count else { return false }
        return (startIndex...(endIndex - part.count)).contains { self[$0...].starts(with: part) }
    }
}
