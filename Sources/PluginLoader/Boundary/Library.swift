import CLtdl
import Glibc
import PluginABI
import Synchronization

/// The ABI that this host speaks.
let supportedMajor = UInt16(KMS_ABI_MAJOR)

/// A loaded library: resident until the process ends, because a Swift library cannot be unloaded
/// (the runtime keeps pointers into it).
struct Library: @unchecked Sendable {  // a function pointer into code that is never unmapped
    private let entry: kms_plugin_entry_fn
    private let mark: DriverMark

    /// libltdl keeps its errors and its list of libraries in globals: one thread at a time.
    private static let isInitialised = Mutex(false)

    /// Opens a file that has been checked, without looking anywhere else.
    ///
    /// - Parameters:
    ///   - path: Absolute, and not `.la`, which libltdl would follow to another file.
    ///   - pinned: The descriptor whose digest was checked. It is loaded itself, so that nothing
    ///     comes between check and use, and stays open: the dynamic linker tells libraries apart
    ///     by the name `/proc/self/fd/N`, and N must not be given out again.
    init(path: String, pinned: FileSystem.File?) throws(PluginRefused) {
        let name = pinned.map { "/proc/self/fd/\($0.descriptor)" } ?? path
        let mark = DriverMark(path: path)
        self.mark = mark
        if let pinned { _ = Unmanaged.passRetained(pinned) }
        let opened = Self.isInitialised.withLock {
            isInitialised -> Result<kms_plugin_entry_fn, PluginRefused> in
            do throws(PluginRefused) {
                try Self.probe(name, path, mark)
                if !isInitialised {
                    guard lt_dlinit() == 0 else { throw Self.libtoolRefusal(path) }
                    isInitialised = true
                }
                return .success(try Self.open(name, path))
            } catch {
                return .failure(error)
            }
        }
        entry = try opened.get()
    }

    /// Binds everything at once: libltdl binds lazily, so a library that misses a function would
    /// load, run its constructors, and end the process at the first call. And it tells the reason,
    /// where libltdl only has "file not found". The handle is kept for good.
    private static func probe(
        _ name: String, _ path: String, _ mark: DriverMark
    ) throws(PluginRefused) {
        let opened = mark.running("its constructors") { dlopen(name, RTLD_NOW | RTLD_LOCAL) }
        guard opened == nil else { return }
        let problem = dlerror().map { String(cString: $0) } ?? "no reason given"
        let marker = "undefined symbol: "
        if let range = problem.firstRange(of: marker) {
            let symbol = problem[range.upperBound...].prefix { $0 != " " && $0 != "," }
            throw PluginRefused(library: path, reason: .unresolved(symbol: String(symbol)))
        }
        throw PluginRefused(library: path, reason: .cannotOpen(problem: escapingControls(problem)))
    }

    private static func open(
        _ name: String, _ path: String
    ) throws(PluginRefused) -> kms_plugin_entry_fn {
        var advice: lt_dladvise?
        guard lt_dladvise_init(&advice) == 0 else { throw libtoolRefusal(path) }
        defer { lt_dladvise_destroy(&advice) }
        guard lt_dladvise_local(&advice) == 0, lt_dladvise_resident(&advice) == 0,
            let handle = lt_dlopenadvise(name, advice)
        else { throw libtoolRefusal(path) }
        guard let symbol = lt_dlsym(handle, KMS_PLUGIN_ENTRY) else {
            throw PluginRefused(library: path, reason: .noEntry)
        }
        // The contract gives this symbol this type.
        return unsafeBitCast(symbol, to: kms_plugin_entry_fn.self)
    }

    private static func libtoolRefusal(_ path: String) -> PluginRefused {
        let problem = lt_dlerror().map { String(cString: $0) } ?? "no reason given"
        return PluginRefused(library: path, reason: .cannotOpen(problem: "libltdl: \(problem)"))
    }

    /// Asks for the plugin's table. This runs the entry function, which may do nothing else.
    func table(path: String) throws(PluginRefused) -> PluginTable {
        guard let theirs = mark.running("kms_plugin_entry", { entry(supportedMajor) }) else {
            throw PluginRefused(library: path, reason: .abi(speaks: nil, wanted: supportedMajor))
        }
        guard let mine = Tables.copy(theirs) else {
            throw PluginRefused(
                library: path,
                reason: .description(problem: "kms_plugin has no sensible struct_size"))
        }
        guard mine.abi_major == supportedMajor else {
            throw PluginRefused(
                library: path, reason: .abi(speaks: mine.abi_major, wanted: supportedMajor))
        }
        return PluginTable(path: path, table: mine)
    }
}
