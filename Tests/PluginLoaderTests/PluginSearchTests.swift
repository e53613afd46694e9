import Glibc
import PluginLoader
import Testing

@Suite struct PluginSearchTests {
    private func search(
        _ directories: [String] = [], entries: [PluginSearch.Entry] = [], build: String? = nil,
        pinned: Bool = false
    ) -> PluginSearch {
        PluginSearch(
            entries: entries, directories: directories, buildDirectory: build, requirePinned: pinned
        )
    }

    private func manifest(_ names: String, _ library: String, kind: String = "database") -> String {
        "abi = 1\nkind = \"\(kind)\"\nserves = [\(names)]\nlibrary = \"\(library)\"\n"
    }

    @Test func theFirstPlaceDecides() throws {
        let configured = try Folder()
        let build = try Folder()
        let one = try Folder()
        let two = try Folder()
        let file = "libkms-oracle.so"
        for folder in [configured, build, one, two] { try folder.write(file, "") }
        try two.write("kms-oracle.toml", manifest("\"oracle\"", "libkms-other.so"))
        let entry = PluginSearch.Entry(path: configured.path + "/" + file, sha256: "aa")
        let directories = [one.path, two.path]

        func path(_ search: PluginSearch) throws -> String {
            try search.locate("oracle", kind: .database).path
        }

        #expect(
            try path(search(directories, entries: [entry], build: build.path))
                == "\(configured.path)/\(file)")
        #expect(try path(search(directories, build: build.path)) == "\(build.path)/\(file)")
        #expect(try path(search(directories)) == "\(two.path)/libkms-other.so")
        #expect(try path(search([one.path])) == "\(one.path)/\(file)")
    }

    @Test func aConfiguredLibraryAnswersToItsManifestAndToServes() throws {
        let folder = try Folder()
        try folder.write("odd-name.so", "")
        try folder.write("odd.toml", manifest("\"oracle\", \"oracle-enc\"", "odd-name.so"))
        let path = folder.path + "/odd-name.so"

        let byManifest = try search(entries: [.init(path: path, sha256: "ab")])
            .locate("oracle-enc", kind: .database)
        let byServes = try search(entries: [.init(path: path, serves: ["mine"])])
            .locate("mine", kind: .hsm)

        #expect(byManifest.path == path && byManifest.sha256 == "ab")
        #expect(byManifest.manifest == folder.path + "/odd.toml")
        #expect(byServes.path == path && byServes.kind == .hsm)
    }

    @Test func theBuildFolderIsCheckedWithoutItsAncestors() throws {
        let folder = try Folder()
        try folder.write("libkms-oracle.so", "")

        #expect(
            try search(build: folder.path).locate("oracle", kind: .database).ancestry == .folder)
        #expect(try search([folder.path]).locate("oracle", kind: .database).ancestry == .every)
    }

    @Test(arguments: ["", "../oracle", "a/b", "Oracle", "oracle.so", "o\0racle", "ö"])
    func refusesAName(_ name: String) throws {
        let refused = try refusal { try search(["/"]).locate(name, kind: .database) }

        #expect(refused.reason == .invalidName)
    }

    @Test func saysWhereItLooked() throws {
        let folder = try Folder()

        let refused = try refusal { try search([folder.path]).locate("oracle", kind: .database) }

        #expect(refused.reason == .notFound(kind: .database, lookedIn: [folder.path]))
        #expect(refused.description.contains("oracle") && refused.description.contains(folder.path))
    }

    @Test func ignoresManifestsOfAnotherKind() throws {
        let folder = try Folder()
        try folder.write("x.toml", manifest("\"luna\"", "libkms-luna.so", kind: "hsm"))

        #expect(throws: PluginRefused.self) {
            try search([folder.path]).locate("luna", kind: .database)
        }
        #expect(try search([folder.path]).locate("luna", kind: .hsm).kind == .hsm)
    }

    @Test func refusesManifestsThatOthersCanWriteOrThatAreWrong() throws {
        let folder = try Folder()
        let path = try folder.write("x.toml", manifest("\"oracle\"", "../evil.so"))

        let wrong = try refusal { try search([folder.path]).locate("oracle", kind: .database) }
        #expect(
            wrong.reason
                == .manifest(path: path, problem: "library is not a file name without folder"))

        try folder.write("x.toml", manifest("\"oracle\"", "libkms-oracle.so"))
        chmod(path, 0o666)
        let writable = try refusal { try search([folder.path]).locate("oracle", kind: .database) }
        #expect(writable.reason == .writableByOthers(path: path))
    }

    @Test func refusesManifestsOfAnotherABI() throws {
        let folder = try Folder()
        try folder.write(
            "x.toml", "abi = 2\nkind = 'database'\nserves = ['oracle']\nlibrary = 'o.so'")

        let refused = try refusal { try search([folder.path]).locate("oracle", kind: .database) }

        #expect(refused.reason == .abi(speaks: 2, wanted: 1))
    }

    @Test func requirePinnedAcceptsOnlyConfiguredDigests() throws {
        let folder = try Folder()
        let path = try folder.write("libkms-oracle.so", "")

        for search in [
            search([folder.path], pinned: true), search(build: folder.path, pinned: true),
            search(entries: [.init(path: path)], pinned: true),
        ] {
            let refused = try refusal { try search.locate("oracle", kind: .database) }
            #expect(refused == PluginRefused(library: path, reason: .notPinned))
        }
        let pinned = search(entries: [.init(path: path, sha256: "aa")], pinned: true)
        #expect(try pinned.locate("oracle", kind: .database).sha256 == "aa")
    }

    @Test func listsEverythingOnceWithItsProblems() throws {
        let folder = try Folder()
        try folder.write("libkms-oracle.so", "")
        try folder.write("libkms-luna.so", "")
        try folder.write("README", "")
        try folder.write(
            "luna.toml", manifest("\"luna\", \"luna-2\"", "libkms-luna.so", kind: "hsm"))
        try folder.write("broken.toml", "abi = ")

        let list = search([folder.path]).list()

        #expect(list.map(\.path.lastName) == ["broken.toml", "libkms-luna.so", "libkms-oracle.so"])
        #expect(list.map { $0.problem != nil } == [true, false, false])
        #expect(list[1].serves == ["luna", "luna-2"] && list[1].kind == .hsm)
    }
}

extension String {
    fileprivate var lastName: String { split(separator: "/").last.map(String.init) ?? self }
}
