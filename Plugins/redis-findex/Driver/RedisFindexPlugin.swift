import PluginKit

/// The plugin as the host sees it.
package let redisFindexPlugin = Plugin(
    describing: PluginDescription(
        id: "org.claviger.kms.redis-findex", name: "Redis with Findex", version: "1.0.0",
        vendor: "Claviger", url: "https://redis.io", license: "Apache-2.0",
        summary: "Keeps everything encrypted in Redis, which sees nothing in the clear",
        serves: ["redis-findex"],
        options: [
            PluginOption(
                "database-url", .url,
                help:
                    "redis://user:password@host:6379/0, rediss://, redis+unix:// or redis-sentinel://",
                flags: .required, environment: ["KMS_REDIS_URL"]),
            PluginOption(
                "redis-master-password", .text,
                help: "Password that everything is encrypted with; without it nothing can be read",
                flags: [.required, .secret]),
            PluginOption(
                "redis-findex-label", .text,
                help:
                    "Public text that names in the index depend on, fixed when the database is made",
                default: "label"),
            PluginOption(
                "redis-ca-cert", .path,
                help: "PEM file with the authorities that rediss:// trusts instead of the system's"),
            PluginOption(
                "redis-client-cert", .path,
                help: "PEM file with the client's certificate for rediss://"),
            PluginOption(
                "redis-client-key", .path, help: "PEM file with the key of redis-client-cert"),
            PluginOption(
                "redis-min-replicas", .integer,
                help: "Replicas that must have a write before it counts as done", default: "0",
                range: 0...16),
            PluginOption(
                "redis-argon2-memory", .integer,
                help: "KiB that a guess at the password takes, of a database that is made",
                default: "65536", range: 19_456...1_048_576),
            PluginOption(
                "redis-argon2-passes", .integer,
                help: "Passes over that memory, of a database that is made", default: "3",
                range: 2...64),
            PluginOption(
                "redis-argon2-lanes", .integer,
                help: "Threads that one guess can use, of a database that is made", default: "4",
                range: 1...64),
            PluginOption(
                "max-connections", .integer,
                help: "Connections at once, besides one that waits for changes",
                default: "8", range: 1...200),
            PluginOption(
                "connect-timeout", .duration,
                help: "How long one server may take to accept a connection", default: "5s",
                range: 100_000_000...60_000_000_000),
        ]),
    database: RedisFindexDriver.self)
