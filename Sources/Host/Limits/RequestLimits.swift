import KMIP

/// What one request may take, and how many of them may come.
package struct RequestLimits: Sendable {
    var decoding = DecodingLimits()
    /// Bytes.
    var bodySizeMax: Int
    /// Nil where there is no such limit.
    let addressRate: RateLimiter?
    let userRate: RateLimiter?

    package init(_ settings: Settings) {
        decoding.maxDepth = settings.maxDepth
        decoding.maxItems = settings.maxItems
        bodySizeMax = settings.maxBodySize
        addressRate = RateLimiter(rate: settings.rateLimitPerAddress)
        userRate = RateLimiter(rate: settings.rateLimitPerUser)
    }
}
