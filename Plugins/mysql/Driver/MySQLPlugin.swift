import PluginKit

/// The plugin as the host sees it.
package let mysqlPlugin = Plugin(
    describing: PluginDescription(
        id: "org.claviger.kms.mysql", name: "MySQL and MariaDB", version: "1.0.0",
        vendor: "Claviger", url: "https://mariadb.org", license: "Apache-2.0",
        summary: "Keeps everything in a MariaDB or MySQL database, which several servers may share",
        serves: ["mysql", "mariadb"],
        options: [
            PluginOption(
                "database-url", .url,
                help: "mysql://user:password@host:3306/database", flags: .required,
                environment: ["KMS_MYSQL_URL"]),
            PluginOption(
                "mysql-password", .text, help: "Password, instead of the one in database-url",
                flags: .secret),
            PluginOption(
                "mysql-user-cert-file", .path,
                help:
                    "PKCS#12 file to log in with; its common name is the user if database-url has none"
            ),
            PluginOption(
                "mysql-user-cert-password", .text, help: "Password of mysql-user-cert-file",
                flags: .secret),
            PluginOption(
                "mysql-ca-file", .path,
                help: "Certificates, as PEM, of which one must have signed the server's"),
            PluginOption(
                "mysql-ssl-mode", .choice,
                help:
                    "Encryption; by default verify-identity with a certificate or CA, else preferred",
                choices: ["disabled", "preferred", "required", "verify-ca", "verify-identity"]),
            PluginOption(
                "max-connections", .integer,
                help: "Connections at once, besides one that looks for changes",
                default: "8", range: 1...200),
            PluginOption(
                "connect-timeout", .duration,
                help: "How long one server may take to accept a connection", default: "5s",
                range: 100_000_000...60_000_000_000),
        ]),
    database: MySQLDriver.self)
