import CMariaDB
import CPlatform
import Glibc
import PluginKit
import SQLStore

extension MySQLConnection {
    /// What the server may never ask of us, and how it has to prove itself.
    ///
    /// No option file and no group of one is named, so the library reads none.
    func prepareOptions(
        _ security: TransportSecurity, _ server: ConnectionURL.Server, encrypted: Bool,
        limit_ns: UInt64, _ host: Host
    ) throws(DriverFailure) {
        try withHandle { (handle) throws(DriverFailure) in
            let now = host.monotonic_ns
            // Seconds by name, but the TLS handshake takes the number for milliseconds. All other waits
            // are ours, and shorter.
            var timeout = UInt32(clamping: limit_ns > now ? (limit_ns - now) / 1_000_000 + 1 : 1)
            var off: UInt32 = 0
            var isOn: my_bool = 1
            var isOff: my_bool = 0
            var transport =
                server.socket == nil ? MYSQL_PROTOCOL_TCP.rawValue : MYSQL_PROTOCOL_SOCKET.rawValue
            // The library copies what the pointers lead to. 0: a stack of the usual size.
            mysql_options(handle, MYSQL_OPT_NONBLOCK, nil)
            mysql_options(handle, MYSQL_OPT_CONNECT_TIMEOUT, &timeout)
            mysql_options(handle, MYSQL_OPT_PROTOCOL, &transport)
            // A server could ask for any file of this machine, or for the password in clear.
            mysql_options(handle, MYSQL_OPT_LOCAL_INFILE, &off)
            mysql_options(handle, MYSQL_OPT_RECONNECT, &isOff)
            mysql_options(handle, MARIADB_OPT_FOUND_ROWS, &isOn)
            set(handle, MARIADB_OPT_RESTRICTED_AUTH, Self.waysToLogIn)
            set(handle, MYSQL_SET_CHARSET_NAME, "utf8mb4")
            mysql_options4(handle, MYSQL_OPT_CONNECT_ATTR_ADD, "program_name", "claviger")
            guard encrypted, server.socket == nil else { return }
            mysql_options(handle, MYSQL_OPT_SSL_ENFORCE, &isOn)
            set(handle, MARIADB_OPT_TLS_VERSION, "TLSv1.2,TLSv1.3")
            if let identity = security.identityFile {
                set(handle, MYSQL_OPT_SSL_KEY, identity)
                set(handle, MYSQL_OPT_SSL_CERT, identity)
            }
            if security.mode.isVerified {
                if let file = security.caFile {
                    set(handle, MYSQL_OPT_SSL_CA, file)
                } else {
                    set(handle, MYSQL_OPT_SSL_CAPATH, TransportSecurity.systemFolder)
                }
            }
            var verifies: my_bool = security.mode == .verifyIdentity ? 1 : 0
            mysql_options(handle, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verifies)
        }
    }

    private static let waysToLogIn =
        "mysql_native_password,client_ed25519,caching_sha2_password,sha256_password,parsec"

    private func set(
        _ handle: UnsafeMutablePointer<MYSQL>, _ option: mysql_option, _ text: String
    ) {
        mysql_options(handle, option, text)
    }

    /// Returns the number of the error, 0 when there is none.
    func connect(
        to server: ConnectionURL.Server, user: String, password: SecureMemory?, database: String
    ) throws(DriverFailure) -> UInt32 {
        var secret: [UInt8] = password?.withExposedBytes { Array($0) } ?? []
        secret.append(0)
        defer { secret.wipe() }
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: secret.count)
        for (index, byte) in secret.enumerated() { copy[index] = CChar(bitPattern: byte) }
        // The library has copied all of them when this function returns.
        let texts = [server.host, user, database, server.socket ?? ""].map { (text: String) in
            strdup(text)
        }
        defer {
            platform_zeroize(copy, secret.count)
            copy.deallocate()
            for text in texts { free(text) }
        }
        return try withHandle { (handle) throws(DriverFailure) in
            var result: UnsafeMutablePointer<MYSQL>?
            try complete({
                mysql_real_connect_start(
                    &result, handle, server.socket == nil ? texts[0] : nil, texts[1], copy,
                    texts[2],
                    server.port, server.socket == nil ? nil : texts[3], 0)
            }) { mysql_real_connect_cont(&result, handle, $0) }
            keepFromBlocking()
            isConnected = true
            // For a reconnection that never comes.
            if let kept = handle.pointee.passwd { platform_zeroize(kept, strlen(kept)) }
            return result == nil ? max(mysql_errno(handle), 1) : 0
        }
    }

    func failureToConnect(_ place: String, _ hasCertificate: Bool) -> DriverFailure {
        var failure = DriverFailure.outOfMemory
        try? withHandle { handle in
            failure = MySQLFailure.connecting(
                code: mysql_errno(handle), state: String(cString: mysql_sqlstate(handle)),
                message: String(cString: mysql_error(handle)), to: place,
                hasCertificate: hasCertificate)
        }
        return failure
    }

    /// Fixes what the session depends on, and reports what to check.
    func setUp() throws(DriverFailure) -> ServerFacts {
        var number: UInt = 0
        try withHandle { (handle) throws(DriverFailure) in
            number = UInt(mysql_get_server_version(handle))
            let text = mysql_get_server_info(handle).map { String(cString: $0) } ?? ""
            isMariaDB = text.contains("MariaDB")
            serverVersion = "\(isMariaDB ? "MariaDB" : "MySQL") \(text.prefix { $0 != "-" })"
        }
        try execute(
            "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', time_zone = '+00:00', "
                + "wait_timeout = 28800, innodb_lock_wait_timeout = 5, autocommit = 1")
        // EXISTS is answered by key for each row; as a join it would start from the longer list.
        if isMariaDB { try execute("SET SESSION optimizer_switch = 'exists_to_in=off'") }
        let facts = try prepare(
            "SELECT @@global.read_only, @@max_allowed_packet, @@global.innodb_flush_log_at_trx_commit"
        )
        defer { facts.reset() }
        guard try facts.step() else { throw MySQLFailure.lost("it tells nothing") }
        packetMax = Int(clamping: facts.integer(1))
        let answer = ServerFacts(
            versionNumber: number, isReadOnly: facts.integer(0) != 0,
            isDurable: facts.integer(2) == 1)
        try setUpCluster()
        return answer
    }

    /// A node of a Galera cluster answers reads from a state that others have left behind, unless it
    /// is told to wait for it.
    private func setUpCluster() throws(DriverFailure) {
        let cluster = try prepare("SHOW VARIABLES LIKE 'wsrep_on'")
        defer { cluster.reset() }
        guard try cluster.step(), cluster.text(1).utf8.elementsEqual("ON".utf8) else { return }
        cluster.reset()
        try execute("SET SESSION wsrep_sync_wait = 1")
    }

    var isEncrypted: Bool {
        (try? withHandle { mysql_get_ssl_cipher($0) != nil }) ?? false
    }

    /// The server is on this machine.
    var isLocal: Bool {
        let socket = (try? withHandle { mysql_get_socket($0) }) ?? -1
        var address = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        // The kernel writes at most `size` bytes to the struct, which is as large as any address.
        let isKnown = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getpeername(socket, $0, &size) == 0
            }
        }
        guard isKnown else { return false }
        return withUnsafeBytes(of: address) { bytes in
            switch Int32(address.ss_family) {
            case AF_UNIX: true
            // The first byte of the address, behind family and port.
            case AF_INET: bytes[4] == 127
            // Behind family, port and flow: all zero but the last byte, or a mapped 127.
            case AF_INET6:
                bytes[8..<23].allSatisfy { $0 == 0 } && bytes[23] == 1
                    || bytes[8..<18].allSatisfy { $0 == 0 } && bytes[18] == 0xFF
                        && bytes[19] == 0xFF && bytes[20] == 127
            default: false
            }
        }
    }
}
