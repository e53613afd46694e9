import ArgumentParser
import PluginLoader

/// Looks at the file, then loads it and prints what it says about itself.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Prints what a library is and checks how it was built.",
        discussion: """
            The file is read first, without running any of it. Only when it is whole is it \
            loaded, in a process of its own, which runs its constructors and its entry function \
            and nothing else.
            """)

    @Argument(help: "The library: libkms-name.so", completion: .file(extensions: ["so"]))
    var library: String

    func run() throws {
        let path = LibraryPath.absolute(library)
        var inspection = Inspection()
        do {
            inspection.add(Inspection(file: try LibraryFacts(path: path)))
            inspection.add(try InspectionWorker.describe(path).inspection)
        } catch let refusal as PluginRefused where refusal.isFaultOfDriver {
            inspection.check(false, "is a driver's library", or: "\(refusal)")
        } catch let deviation as Deviates {
            inspection.check(false, "loads and describes itself", or: "\(deviation)")
        } catch {
            throw couldNotRun("\(error)")
        }
        print(inspection.text)
        if !inspection.conforms { throw Verdict.deviates.exitCode }
    }
}
