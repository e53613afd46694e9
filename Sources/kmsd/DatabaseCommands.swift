import Host
import PluginLoader

/// `kmsd db check`, `plan` and `migrate`: what they print. The value is the exit status.
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
}
