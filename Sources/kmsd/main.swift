import Glibc
import Host

// The status: 0 when all went well, 1 when the configuration, a driver or the server failed, 2 when the
// command line cannot be understood.
exit(await Session(Array(CommandLine.arguments.dropFirst())).run())
