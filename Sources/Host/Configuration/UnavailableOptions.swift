/// Options of compatible servers that this one does not have. They are refused by name: somebody who
/// sets one expects it to do something, such as to authenticate.
enum UnavailableOptions {
    private static let later = "not available in this version"
    private static let unsupported = "not supported by this server"

    private static let exact: [String: String] = [
        "otlp": unsupported + "; remove it",
        "tmp-path": "not needed: the server writes no temporary files; remove it",
        "info": "a command: use --info",
    ]

    private static let prefixes: [(prefix: String, reason: String)] = [
        ("google-cse-", unsupported + " (Google CSE); remove it"),
        ("ms-dke-", unsupported + " (Microsoft DKE); remove it"),
        ("covercrypt-", unsupported + " (Covercrypt); remove it"),
        ("hsm-", later),
    ]

    /// Variables of the above, whose names do not all follow from the options'.
    private static let variables: [String: String] = [
        "KMS_OTLP_URL": "otlp", 
        "KMS_HSM_ADMIN": "hsm-admin",
        "KMS_GOOGLE_CSE_KACLS_URL": "google-cse-kacls-url",
        "KMS_GOOGLE_CSE_DISABLE_TOKENS_VALIDATION": "google-cse-disable-tokens-validation",
        "KMS_MS_DKE_SERVICE_URL": "ms-dke-service-url",
    ]

    /// Why `name` (kebab-case) cannot be set; nil when it is not one of these.
    static func reason(for name: String) -> String? {
        exact[name] ?? prefixes.first { name.hasPrefix($0.prefix) }?.reason
    }

    /// The errors that an environment holds, by variable.
    static func errors(in environment: [String: String]) -> [ConfigurationError] {
        variables.sorted { $0.key < $1.key }.compactMap { variable, name in
            guard environment[variable]?.isEmpty == false, let reason = reason(for: name)
            else { return nil }
            return ConfigurationError(.variable(variable), "\(name) is \(reason)", option: name)
        }
    }
}
