/// The version of this server; also in `kms_host.version`.
public enum Version {
    public static let current = "0.1.0"
}
