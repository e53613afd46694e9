import Cryptography
import Hummingbird
import HummingbirdCore
import KMIP
import Logging
import Metrics
import NIOCore
import NIOPosix
import PluginLoader
import Secrets
import ServiceLifecycle
import UnixSignals

/// The server: a driver, a database made ready, and HTTP on top, until it is told to stop.
public enum Server {
    /// Starts, serves, and returns after an orderly stop (SIGTERM or SIGINT).
    ///
    /// - Throws: What kept the server from starting, with a text for its operator.
    public static func run(configuration: Configuration, plugin: Plugin) async throws {
        let settings = configuration.settings
        LoggingSetup.bootstrap(settings)
        let logger = Logger(label: "kmsd")
        Reload.ignoreSignal()
        let tls = try tlsEndpoint(settings)
        protectMemory(settings, logger)
        try await plugin.whileStarted(logger: logger) {
            logger.info("driver loaded", metadata: plugin.logMetadata)
            if plugin.info.isVolatile {
                logger.warning("this database driver keeps nothing when the server stops")
            }
            try await plugin.withDatabase(of: configuration, readOnly: false) { database in
                try await DatabaseStartup(database: database, settings: settings, logger: logger)
                    .run()
                try await serve(settings, database, tls, logger)
            }
        }
    }

    /// Open requests, then the driver's calls and its end.
    private static func stopLimit(_ settings: Settings) -> Duration {
        settings.shutdownTimeout + settings.closeTimeout + .seconds(10)
    }

    /// Keeps keys out of swap as far as the system lets us.
    private static func protectMemory(_ settings: Settings, _ logger: Logger) {
        if settings.requireMlock {
            SecureMemory.requireLocked()
        } else {
            SecureMemory.onExhausted = {
                logger.warning(
                    "no more memory can be locked: keys may reach swap; raise RLIMIT_MEMLOCK")
            }
        }
    }

    /// Reads what the configuration names beside the driver's: certificates and keys.
    ///
    /// - Throws: What would keep the server from starting.
    public static func check(_ configuration: Configuration) throws {
        _ = try tlsEndpoint(configuration.settings)
        _ = try KeySetFetch(authorityFile: configuration.settings.jwksCAFile)
    }

    private static func tlsEndpoint(_ settings: Settings) throws -> TLSEndpoint? {
        let (user, takesGroups) = (settings.certificateUser, settings.certificateGroups)
        return try TLSSettings(settings).map {
            try TLSEndpoint($0) { facts throws(Denied) in
                try user.principal(of: facts, takingGroups: takesGroups)
            }
        }
    }

    /// From here on all metrics of this process are kept for `/metrics`.
    private static func startMetrics() -> ServerMetrics {
        let store = PrometheusStore()
        MetricsSystem.bootstrap(store)
        return ServerMetrics(store)
    }

    /// What SIGHUP reads again.
    private static func reloads(
        _ tls: TLSEndpoint?, _ authenticator: Authenticator, _ audit: AuditLog?,
        _ logger: Logger
    ) -> [Reload.Part] {
        var parts: [Reload.Part] = []
        if let tls {
            parts.append(
                .init(name: "certificates") {
                    try await NIOThreadPool.singleton.runIfActive { try tls.reload() }
                    tls.warn(of: WallClock.seconds(), logger)
                })
        }
        if let audit { parts.append(.init(name: "audit log") { try audit.reopen() }) }
        if let verifier = authenticator.tokenVerifier {
            parts.append(.init(name: "key sets") { await verifier.refresh() })
        }
        return parts
    }

    private static func serve(
        _ settings: Settings, _ database: Database, _ tls: TLSEndpoint?, _ logger: Logger
    ) async throws {
        tls?.warn(of: WallClock.seconds(), logger)
        let audit = try settings.auditFile.map {
            try AuditLog(
                path: $0, server: settings.auditName, policy: settings.auditFailure, logger: logger)
        }
        try audit?.record(AuditRecord("Start"))
        let service = Service(
            database: database, settings: settings, audit: audit,
            metrics: settings.metrics ? startMetrics() : nil, logger: logger,
            now: WallClock.seconds)
        let authenticator = try Authenticator(
            settings, store: service.gate.store, logger: logger, now: WallClock.seconds)
        await authenticator.tokenVerifier?.refresh()
        let limits = RequestLimits(settings)
        let connectionLimits = ConnectionLimits(
            total: settings.maxConnections, address: settings.maxConnectionsPerAddress)
        let responder = Routes.router(
            service, authenticator: authenticator,
            hosts: AllowedHosts(bound: settings.hostname, further: settings.allowedHosts),
            limits: limits, health: HealthSources(tls: tls, connections: connectionLimits)
        ).buildResponder()
        let connections = ConnectionChannel(
            rules: ConnectionRules(
                bodySizeMax: settings.maxBodySize,
                requestTimeout: TimeAmount(settings.requestTimeout),
                idleTimeout: TimeAmount(settings.idleTimeout)),
            tls: tls, limits: connectionLimits,
            refused: { service.metrics?.count(.connections) },
            respond: { try await responder.respond(to: $0, context: $1) })
        let server = connections.server(
            configuration: ServerConfiguration(
                address: .hostname(settings.hostname, port: settings.port), backlog: 1024),
            onServerRunning: { channel in
                logger.notice(
                    "ready",
                    metadata: [
                        "address": "\(channel.localAddress.map { "\($0)" } ?? settings.hostname)",
                        "version": "\(Version.current)", "tls": "\(tls != nil)",
                    ])
            },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: Logger(label: "http"))
        let group = ServiceGroup(
            configuration: {
                var configuration = ServiceGroupConfiguration(
                    services: [
                        .init(service: Heartbeat(database: database, logger: logger)),
                        .init(service: server),
                        .init(service: Reload(
                                parts: reloads(tls, authenticator, audit, logger), logger: logger)),
                        .init(service: StopLimit(limit: stopLimit(settings))),
                    ],
                    gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
                configuration.maximumGracefulShutdownDuration = settings.shutdownTimeout
                return configuration
            }())
        do { try await group.run() } catch let error as IOError {
            // What fails here is the one socket that listens; connections end by themselves.
            throw StartupError.listen(
                hostname: settings.hostname, port: settings.port, errno: error.errnoCode)
        }
        try audit?.record(AuditRecord("Stop"))
        logger.notice("stopped")
    }
}
