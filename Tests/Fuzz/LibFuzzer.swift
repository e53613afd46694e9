import KMIP
import Secrets

#if canImport(Glibc)
    import Glibc
#endif

/// The property that `FUZZ_TARGET` names.
private let property: FuzzProperty = {
    let name = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? ""
    guard let property = FuzzProperty(rawValue: name) else {
        fatalError("FUZZ_TARGET is one of \(FuzzProperty.allCases.map(\.rawValue))")
    }
    return property
}()

/// What libFuzzer calls for each input. A broken property ends the process, which makes it a finding.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    do {
        _ = try property.check([UInt8](UnsafeBufferPointer(start: data, count: size)))
    } catch {
        fatalError("\(error)")
    }
    return 0
}
