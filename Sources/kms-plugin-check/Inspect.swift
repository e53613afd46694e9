import ArgumentParser
import PluginLoader

/// Looks at the file, then loads it and prints what it says about itself.
struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prints what a library is and checks how it was built.",
        discussion: """
            The file is read first, without running any of it. Only when it is whole is it loaded, \
            which runs its constructors and its entry function and nothing else.
            """)

    @Argument(help: "The library: libkms-name.so", completion: .file(extensions: ["so"]))
    var library: String

    func run() throws {
        var report = Report()
        do throws(PluginRefused) {
            let path = LibraryPath.absolute(library)
            let facts = try LibraryFacts(path: path)
            report.file(facts)
            let plugin = try Plugin.load(PluginLocation(path: path, ancestry: .folder))
            report.plugin(plugin)
        } catch {
            report.refused(error)
        }
        print(report.text)
        if report.verdict != .conforms { throw report.verdict.exitCode }
    }
}
