import ArgumentParser

/// Writes what is installed beside the library, so that hosts need not load it to know it.
struct ManifestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manifest",
        abstract: "Prints the manifest that is installed beside the library.")

    @Argument(help: "The library: libkms-name.so", completion: .file(extensions: ["so"]))
    var library: String

    func run() throws {
        let description: InspectionWorker.Description
        do {
            description = try InspectionWorker.describe(LibraryPath.absolute(library))
        } catch let deviation as Deviates {
            StandardError.print("kms-plugin-check: \(deviation)")
            throw Verdict.deviates.exitCode
        } catch {
            throw couldNotRun("\(error)")
        }
        let file = library.split(separator: "/").last.map(String.init) ?? library
        let serves = description.serves.map { "\"\($0)\"" }.joined(separator: ", ")
        print("abi = 1")
        print("kind = \"\(description.kind)\"")
        print("serves = [\(serves)]")
        print("library = \"\(file)\"")
    }
}
