/// Names under which the 4.22 wire format carries what it does not model.
/// Source: wire format notes, "Vendor attributes known to the server".
public enum CosmianAttribute {
    public static let vendor = "cosmian"
    /// A JSON array of strings.
    public static let tag = "tag"
    /// The uid of the key that wraps a new key before it is stored, as UTF-8.
    public static let wrappingKeyID = "wrapping_key_id"
    /// Additional data of an AES-GCM wrapped key.
    public static let additionalData = "aad"
}

extension Attributes {
    /// The value of a vendor attribute, nil when there is none.
    public func vendorAttribute(_ name: String, vendor: String) -> [UInt8]? {
        vendorAttributes.first { $0.name == name && $0.vendor == vendor }?.value
    }

    /// Removes a vendor attribute and returns its value.
    public mutating func removeVendorAttribute(_ name: String, vendor: String) -> [UInt8]? {
        guard
            let index = vendorAttributes.firstIndex(where: { $0.name == name && $0.vendor == vendor })
        else { return nil }
        return vendorAttributes.remove(at: index).value
    }
}
