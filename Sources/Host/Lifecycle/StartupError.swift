import Glibc
import PluginLoader

/// Why the server does not start, or a command of `kmsd db` fails, for its operator.
enum StartupError: Error, CustomStringConvertible {
    case driver(path: String, call: String, DriverError)
    case ahead(DatabaseContext)
    case foreign(DatabaseContext)
    case notReady(DatabaseContext)
    case inUse(DriverError)
    /// The address, and why the system does not let the server have it.
    case listen(hostname: String, port: Int, errno: Int32)

    var description: String {
        switch self {
        case .driver(let path, let call, let error):
            "driver \(path) failed in \(call): \(error)"
                + (call == "migrate" && error.status == .denied
                    ? "; where this account may not change the schema, run kmsd db migrate, or the "
                        + "statements of kmsd db plan, with one that may" : "")
        case .ahead(let context):
            "the database was upgraded by a newer server, version \(context.version); this is version "
                + "\(Version.current): its schema is \(context.schema), this server knows "
                + "\(context.supported); run version \(context.version) or a newer one"
        case .foreign(let context):
            "the database holds the data of another system"
                + (context.format.isEmpty ? "" : " (\(context.format))")
                + "; nothing was changed; choose an empty database"
                + (context.format == "cosmian-kms-4"
                    ? ", and copy this one into it with kmsd db import" : "")
        case .notReady(let context):
            "the schema of the database is not ready (\(context.state)) and no-migrate is set; run "
                + "kmsd db migrate, or start once without it"
        case .inUse(let error):
            "cleanup-on-startup: \(error.message.isEmpty ? "another server is there" : error.message); "
                + "nothing was deleted; stop it first, or set force-cleanup"
        case .listen(let hostname, let port, let errno):
            "cannot listen on \(hostname), port \(port): \(String(cString: strerror(errno)))"
        }
    }
}

/// The server ended in order, its driver did not.
struct StoppedWithoutClosing: Error, CustomStringConvertible {
    var driver: String

    var description: String {
        "driver \(driver): a call does not return, so the server ends without closing the database; "
            + "nothing that was acknowledged is lost; ask the driver's vendor"
    }
}
