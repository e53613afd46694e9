import PluginLoader

/// Options that are commands, or say where the configuration is: only the command line has them.
enum CommandLineOptions {
    static let all: [ConfigurationOption] = [
        option("config", .path, "Configuration file; else KMS_CONF, else /etc/claviger/kms.toml"),
        option("check-config", .boolean, "Check the configuration and exit"),
        option(
            "info", .boolean, "Print the configuration in effect and where it comes from, and exit"),
        option("version", .boolean, "Print the version and exit"),
        option("help", .boolean, "Print this help, with the options of the driver, and exit"),
        option(
            "from", .url,
            "kmsd db import: the database to copy, sqlite:PATH or a URL of PostgreSQL or MySQL"),
        option("dry-run", .boolean, "kmsd db import: report what would be copied, write nothing"),
    ]

    /// Those that only `kmsd db import` has.
    static let ofImport: Set<String> = ["from", "dry-run"]

    private static func option(
        _ name: String, _ type: OptionType, _ help: String
    ) -> ConfigurationOption {
        ConfigurationOption(
            OptionDescription(name: name, type: type, help: help), section: .top,
            restrictions: .commandLineOnly)
    }
}
