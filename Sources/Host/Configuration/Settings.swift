public import Logging
public import PluginLoader
public import Secrets

/// The host's own settings, typed and checked.
///
/// Adding one: a property with its default here, and its line in ``declarations`` below. Command
/// line, environment, file, `--help`, `--info` and the template follow from that.
public struct Settings: Sendable {
    public enum LogFormat: String, CaseIterable, Sendable { case text, json }

    // Users.
    public var defaultUsername = "admin"
    public var forceDefaultUsername = false
    public var nonRevocableKeyIDs: [String] = []

    // Drivers.
    /// Absolute folders, in order: those of the configuration, then those of KMS_PLUGIN_PATH when
    /// the environment is allowed to name some.
    public var pluginPath: [String] = []
    public var allowEnvironmentPath = false
    public var requirePinned = false
    /// The `[[plugin]]` tables.
    public var plugins: [PluginSearch.Entry] = []
    public var requireMlock = false

    // The database, as far as every driver has it.
    public var databaseType = "sqlite"
    public var cleanupOnStartup = false
    public var forceCleanup = false
    public var databaseConnections = 4
    public var noMigrate = false
    /// Entries, not bytes.
    public var keyCacheSize = 4096

    // HTTP.
    public var hostname = "127.0.0.1"
    public var port = 9998
    public var allowUnauthenticatedNetwork = false
    /// Names beside the bound address that a Host header may hold.
    public var allowedHosts: [String] = []
    /// Bytes.
    public var maxBodySize = 16 << 20
    public var maxDepth = 64
    /// Of one Message.
    public var maxItems = 10_000
    public var requestTimeout = Duration.seconds(30)
    public var idleTimeout = Duration.seconds(30)
    public var shutdownTimeout = Duration.seconds(30)

    // TLS. Absolute paths.
    public var httpsP12File: String?
    public var httpsP12Password: SecretBytes?
    public var httpsCertificateFile: String?
    public var httpsChainFile: String?
    public var httpsKeyFile: String?
    public var tlsMinimum = TLSMinimum.v12
    /// Names of suites of TLS 1.2; empty for all that are offered.
    public var tlsSuites: [String] = []

    // Tokens.
    public var apiTokenID: String?
    public var apiTokenIgnoreCase = false
    public var apiTokens = false
    /// The three lists belong together by position.
    public var jwtIssuers: [String] = []
    public var jwksURIs: [String] = []
    public var jwtAudiences: [String] = []
    /// The `[[issuer]]` tables.
    public var issuerTables: [TokenIssuer] = []
    /// Absolute.
    public var jwksCAFile: String?

    // Limits.
    public var maxConnections = 10_000
    /// 0: no limit, as for the two below.
    public var maxConnectionsPerAddress = 0
    /// Requests a second.
    public var rateLimitPerUser = 0
    public var rateLimitPerAddress = 0

    // Roles. Names of users, or of groups with `group:` before them.
    public var auditors: [String] = []
    public var monitors: [String] = []
    /// Empty: everybody may create objects.
    public var privilegedUsers: [String] = []

    // Client certificates. Absolute paths.
    public var authorityCertFile: String?
    public var clientCRLFile: String?
    public var clientCertificates = ClientCertificates.required
    public var certificateUser = CertificateUser.cn
    public var certificateGroups = false

    // Files and logs.
    /// Absolute; nil when relative paths belong to the working directory.
    public var rootDataPath: String?
    public var logLevel = Logger.Level.info
    public var logFormat = LogFormat.text
    public var quiet = false

    public var metrics = false

    // The audit log.
    /// Absolute; nil for none.
    public var auditFile: String?
    public var auditFailure = AuditFailure.refuse
    /// What its lines call this server; empty for the name of the machine and the port.
    public var serverID = ""

    public init() {}
}

extension Settings {
    /// Everybody whose tokens are accepted: those of the lists, then those of the tables.
    var tokenIssuers: [TokenIssuer] {
        let listed = jwtIssuers.indices.map { at in
            TokenIssuer(
                issuer: jwtIssuers[at], keys: at < jwksURIs.count ? jwksURIs[at] : nil,
                audiences: at < jwtAudiences.count ? [jwtAudiences[at]] : [])
        }
        return listed + issuerTables
    }

    /// Every option of the host, in the order of the template.
    static let declarations: [HostOption] = general + database + http + tls + clients + tokens + users + limits + files + audit

    private static let general: [HostOption] = [
        .text(
            "default-username", in: .top, \.defaultUsername,
            help: "User who acts when nothing authenticates"),
        .flag(
            "force-default-username", in: .top, \.forceDefaultUsername,
            help: "Act as the default user, whoever authenticated"),
        .texts(
            "non-revocable-key-id", in: .top, \.nonRevocableKeyIDs, .init(flags: .hidden),
            help: "Unique identifiers that Revoke silently leaves alone"),
        .texts(
            "plugin-path", .path, in: .top, \.pluginPath,
            .init(restrictions: .noEnvironment),
            help: "Folders with further drivers, searched after the installed ones"),
        .flag(
            "allow-environment-path", in: .top, \.allowEnvironmentPath,
            .init(restrictions: .noEnvironment),
            help:
                "Also search the folders that the environment names: KMS_PLUGIN_PATH, colons between"
        ),
        .flag(
            "require-pinned", in: .top, \.requirePinned, .init(restrictions: .noEnvironment),
            help: "Load only drivers whose SHA-256 a [[plugin]] table pins"),
        .flag(
            "require-mlock", in: .top, \.requireMlock,
            help: "Fail instead of warning when memory for keys cannot be locked"),
    ]

    private static let database: [HostOption] = [
        .text(
            "database-type", in: .database, \.databaseType,
            help: "Selects the database driver; its own options stand in this section as well"),
        .flag(
            "cleanup-on-startup", in: .database, \.cleanupOnStartup,
            .init(aliases: ["clear-database"]),
            help: "Delete all objects and keys at each start; this cannot be undone"),
        .flag(
            "force-cleanup", in: .database, \.forceCleanup,
            help: "Clean up although another server uses the database, under its feet"),
        .integer(
            "database-connections", in: .database, \.databaseConnections, 1...256,
            help: "Threads that call the database driver at the same time"),
        .flag(
            "no-migrate", in: .database, \.noMigrate,
            help: "Refuse to start instead of making or upgrading the database's schema"),
        .integer(
            "key-cache-size", in: .database, \.keyCacheSize, 0...1_000_000,
            help: "Objects kept in memory; each use is confirmed with the database"),
    ]

    private static let http: [HostOption] = [
        .text(
            "hostname", in: .http, \.hostname,
            help: "Address to listen on; other than loopback it needs authentication"),
        .integer(
            "port", in: .http, \.port, 0...65_535,
            help: "TCP port to listen on; 0 takes a free one"),
        .flag(
            "allow-unauthenticated-network", in: .http, \.allowUnauthenticatedNetwork,
            help: "Listen on any address although nobody has to authenticate"),
        .texts(
            "allowed-hosts", in: .http, \.allowedHosts,
            help: "Further names that clients may call this server in the Host header"),
        .size(
            "max-body-size", in: .http, \.maxBodySize, 1024...(1 << 30),
            help: "Largest request body"),
        .integer(
            "max-depth", in: .http, \.maxDepth, 8...256,
            help: "Deepest nesting of a request"),
        .integer(
            "max-items", in: .http, \.maxItems, 1...1_000_000,
            help: "Most operations in one Message"),
        .duration(
            "request-timeout", in: .http, \.requestTimeout, .milliseconds(10)...(.seconds(3600)),
            help: "Longest time from the first byte of a request to its answer"),
        .duration(
            "idle-timeout", in: .http, \.idleTimeout, .milliseconds(100)...(.seconds(3600)),
            help: "Longest silence on a connection before it is closed"),
        .duration(
            "shutdown-timeout", in: .http, \.shutdownTimeout, .zero...(.seconds(3600)),
            help: "Longest wait for open requests when the server stops"),
    ]

    private static let tls: [HostOption] = [
        .path(
            "https-p12-file", in: .http, \.httpsP12File, .init(aliases: ["tls-p12-file"]),
            help: "PKCS#12 with the server's key and certificates; makes it HTTPS"),
        .secret(
            "https-p12-password", in: .http, \.httpsP12Password,
            .init(aliases: ["tls-p12-password"]), help: "Password of https-p12-file"),
        .path(
            "https-cert-file", in: .http, \.httpsCertificateFile,
            .init(aliases: ["tls-cert-file"]),
            help: "PEM file with the server's certificate, in place of a PKCS#12"),
        .path(
            "https-chain-file", in: .http, \.httpsChainFile, .init(aliases: ["tls-chain-file"]),
            help: "PEM file with the certificates between it and the root"),
        .path(
            "https-key-file", in: .http, \.httpsKeyFile, .init(aliases: ["tls-key-file"]),
            help: "PEM file with the private key of https-cert-file"),
        .choice(
            "tls-min-version", in: .http, \.tlsMinimum, help: "Oldest version of TLS to speak"),
        .choices(
            "tls-cipher-suites", of: TLSSuite.self, in: .http, \.tlsSuites,
            help: "Suites of TLS 1.2 to allow; all of these when not set"),
    ]

    private static let clients: [HostOption] = [
        .path(
            "authority-cert-file", in: .http, \.authorityCertFile,
            .init(aliases: ["clients-ca-cert-file"]),
            help: "PEM file with the authorities of client certificates; asks clients for one"),
        .path(
            "client-crl-file", in: .http, \.clientCRLFile,
            help: "Revocation lists of these authorities, PEM or DER; one of each is needed then"),
        .choice(
            "client-certificates", in: .http, \.clientCertificates,
            help: "Whether clients that authenticate otherwise may connect without certificate"),
        .choice(
            "client-certificate-user", in: .http, \.certificateUser,
            help: "Where the user's name stands: the common name, or an alternative name"),
        .flag(
            "client-certificate-groups", in: .http, \.certificateGroups,
            help: "Take the organizational units of client certificates for groups of the user"),
    ]

    private static let tokens: [HostOption] = [
        .optionalText(
            "api-token-id", in: .http, \.apiTokenID, .init(environment: ["KMS_API_TOKEN"]),
            help: "Unique identifier of the symmetric key whose Base64 text is the API token"),
        .flag(
            "api-token-ignore-case", in: .http, \.apiTokenIgnoreCase,
            help: "Compare that token without regard to case, which makes it easier to guess"),
        .flag(
            "api-tokens", in: .http, \.apiTokens,
            help: "Let users make tokens of their own at /tokens, with an end"),
    ]

    private static let users: [HostOption] = [
        .texts(
            "jwt-issuer-uri", in: .auth, \.jwtIssuers,
            help: "Issuers whose JSON Web Tokens are accepted, as their claim iss has it"),
        .texts(
            "jwks-uri", in: .auth, \.jwksURIs,
            help:
                "Where their keys are, https:// or file:///; else /.well-known/jwks.json below each"),
        .texts(
            "jwt-audience", in: .auth, \.jwtAudiences, .init(environment: ["KMS_JST_AUDIENCE"]),
            help: "What the claim aud of their tokens must hold, one for each issuer"),
        .path(
            "jwks-ca-file", in: .auth, \.jwksCAFile,
            help: "PEM file with the authorities of servers of keys; else those of the system"),
        .texts(
            "auditors", in: .auth, \.auditors,
            help: "Users and groups (group:NAME) that see all attributes and grants, and do nothing else"
        ),
        .texts(
            "monitors", in: .auth, \.monitors,
            help: "Users and groups (group:NAME) that may read /metrics and the parts of /health"),
        .texts(
            "privileged-users", in: .auth, \.privilegedUsers,
            help: "Users and groups (group:NAME) that may create objects; everybody when not set"),
    ]

    private static let files: [HostOption] = [
        .path(
            "root-data-path", in: .workspace, \.rootDataPath,
            help: "Folder that relative paths start from; the working directory when not set"),
        .choice("log-level", in: .telemetry, \.logLevel, help: "Least important messages to log"),
        .choice("log-format", in: .telemetry, \.logFormat, help: "Form of the log's lines"),
        .flag(
            "quiet", in: .telemetry, \.quiet, .init(environment: ["KMS_LOG_QUIET"]),
            help: "Log nothing"),
    ]

    private static let limits: [HostOption] = [
        .integer(
            "max-client-connections", in: .http, \.maxConnections, 1...1_000_000,
            help: "Most connections at the same time; a further one is closed at once"),
        .integer(
            "max-client-connections-per-address", in: .http, \.maxConnectionsPerAddress, 0...1_000_000,
            help: "The same for those from one address; 0 for no limit"),
        .integer(
            "rate-limit-per-user", in: .http, \.rateLimitPerUser, 0...1_000_000,
            help: "Most requests a second of one user, and the largest burst; 0 for no limit"),
        .integer(
            "rate-limit-per-address", in: .http, \.rateLimitPerAddress, 0...1_000_000,
            help: "The same for requests from one address, before anybody authenticates"),
    ]

    private static let audit: [HostOption] = [
        .flag(
            "metrics", in: .telemetry, \.metrics,
            help: "Count operations, and show the metrics of the server at /metrics"),
        .path(
            "audit-file", in: .telemetry, \.auditFile, .init(restrictions: .noEnvironment),
            help: "File of the audit log: a line for each operation; one file for each server"),
        .choice(
            "audit-failure", in: .telemetry, \.auditFailure,
            .init(restrictions: .noEnvironment),
            help: "Refuse operations while the audit log cannot be written, or continue"),
        .text(
            "server-id", in: .telemetry, \.serverID,
            help: "What the audit log calls this server; else the machine's name and the port"),
    ]

    /// Options that decide which library is loaded and trusted. While one of them is in error no
    /// driver is opened.
    static let driverSelection: Set<String> = [
        "database-type", "plugin-path", "allow-environment-path", "require-pinned", "plugin",
        "config", "root-data-path",
    ]
}
