extension Cosmian422 {
    /// The status of an answer that reports a failure. Source: wire format notes, "Dispatch and errors".
    public static func httpStatus(of failure: Failure) -> Int {
        switch failure.kind {
        case .unknownOperation: 404
        case .accessDenied: 401
        case .kmip, .invalidRequest, .notSupported, .unsupportedPlaceholder: 422
        case .cryptographic, .conversion, .database, .unexpected: 500
        // Not in 4.22, which has no failure that passes by itself.
        case .unavailable: 503
        }
    }

    /// The body of such an answer: plain text.
    public static func errorText(of failure: Failure) -> String {
        switch failure.kind {
        case .unknownOperation: "Not Supported route: Operation: " + failure.message
        case .accessDenied: "Access denied: " + failure.message
        case .kmip: name(of: failure.reason) + ": " + failure.message
        case .invalidRequest: "Invalid Request: " + failure.message
        case .notSupported: "Not Supported: " + failure.message
        case .cryptographic: "Cryptographic error: " + failure.message
        case .conversion: "Conversion Error: " + failure.message
        case .unexpected: "Unexpected server error: " + failure.message
        case .unsupportedPlaceholder, .database, .unavailable: failure.message
        }
    }

    /// A reason as 4.22 writes it: `Item_Not_Found`.
    public static func name(of reason: ResultReason) -> String {
        ResultReason.spellings.cosmian.name(of: reason.rawValue) ?? "General_Failure"
    }
}
