import Host
import PluginLoader

/// `kmsd db check`, `plan`, `migrate` and `import`: what they print. The value is the exit status.
enum DatabaseCommands {
    static func check(_ configuration: Configuration, _ plugin: Plugin) async throws -> Int32 {
        let report = try await DatabaseCommand.check(configuration, plugin)
        print(report)
        return report.exitStatus
    }

    static func plan(_ configuration: Configuration, _ plugin: Plugin) async throws -> Int32 {
        let statements = try await DatabaseCommand.plan(configuration, plugin)
        for statement in statements { print("\(statement);") }
        if statements.isEmpty { print("-- nothing to do: the schema is as it should be") }
        return 0
    }

    static func migrate(_ configuration: Configuration, _ plugin: Plugin) async throws -> Int32 {
        print(try await DatabaseCommand.migrate(configuration, plugin))
        return 0
    }

    static func importDatabase(
        _ source: ImportSource, _ configuration: Configuration, _ plugin: Plugin, reader: Plugin,
        isDryRun: Bool
    ) async throws -> Int32 {
        let report = try await ImportCommand.run(
            source, configuration, plugin, reader: reader, isDryRun: isDryRun)
        print(report)
        return report.exitStatus
    }
}
