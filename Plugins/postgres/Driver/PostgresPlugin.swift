import PluginKit
import SQLStore

/// The plugin as the host sees it.
package let postgresPlugin = Plugin(
    describing: PluginDescription(
        id: "org.claviger.kms.postgresql", name: "PostgreSQL", version: "1.0.0",
        vendor: "Claviger", url: "https://www.postgresql.org", license: "Apache-2.0",
        summary: "Keeps everything in a PostgreSQL database, which several servers may share",
        serves: ["postgresql"],
        options: [
            PluginOption(
                "database-url", .url,
                help: "postgres://user:password@host:5432/database, with libpq's options after ?",
                flags: .required, environment: ["KMS_POSTGRES_URL"]),
            PluginOption(
                "postgresql-password", .text,
                help: "Password, instead of the one in database-url", flags: .secret),
        ] + .ofConnections),
    database: PostgresDriver.self)
