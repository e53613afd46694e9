import FoundationEssentials
import PluginLoader

/// Loads a library in a child, because its constructors may do anything, and describes it.
enum InspectionWorker {
    struct Description: Codable {
        var inspection: Inspection
        var kind: String
        var serves: [String]
    }

    enum Answer: Codable {
        case described(Description)
        case refused(String, isFault: Bool)
    }

    /// The child's side.
    static func run(library: String) {
        ParentProcess.takeDescriptor()
        ParentProcess.limit(seconds: 600)
        do throws(PluginRefused) {
            let plugin = try Plugin.load(PluginLocation(path: library, ancestry: .folder))
            let again = try Plugin.load(PluginLocation(path: library, ancestry: .folder))
            var inspection = Inspection(plugin: plugin)
            inspection.check(
                plugin.isSame(as: again), "its entry answers the same every time",
                or: "two calls of kms_plugin_entry gave different tables")
            let answer = Description(
                inspection: inspection, kind: "\(plugin.info.kind)", serves: plugin.info.serves)
            ParentProcess.send(MessageLine.encode(Answer.described(answer)))
        } catch {
            ParentProcess.send(
                MessageLine.encode(Answer.refused("\(error)", isFault: error.isFaultOfDriver)))
        }
    }

    /// The parent's side: starts a child and waits for what it says.
    static func describe(_ library: String) throws -> Description {
        let child = try ChildProcess(
            arguments: ["worker", library],
            outputFolder: FileManager.default.temporaryDirectory.path)
        switch child.receive(within: .seconds(60)) {
        case .line(let line):
            switch MessageLine.decode(line, as: Answer.self) {
            case .described(var description)?:
                let output = child.takeOutput()
                description.inspection.check(
                    output.isEmpty, "writes nothing while it is loaded", or: output)
                return description
            case .refused(let text, let isFault)?:
                if isFault { throw Deviates(text) }
                throw CouldNotRun(text)
            case nil: throw CouldNotRun("the child answered nonsense")
            }
        case .ended(let ending): throw Deviates("loading it: \(ending) \(child.takeOutput())")
        case .timedOut: throw Deviates("loading it: no end within a minute")
        }
    }
}
