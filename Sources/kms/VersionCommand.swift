import ArgumentParser
import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// `kms version`: of the client and, when it can be reached, of the server.
struct VersionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Print the versions of this client and of the server.",
        discussion: "Exits with 1 when the server cannot be reached or answers with an error.")

    @Option(help: "Address of the server.")
    var url = "http://127.0.0.1:9998"

    @Option(help: "Seconds to wait for the server.")
    var timeout = 10

    /// The version of this client; it is released together with the server.
    static let client = "0.1.0"
    private static let answerSizeMax = 4096

    func run() async throws {
        print("client \(Self.client)")
        let base = url.hasSuffix("/") ? String(url.dropLast()) : url
        let response: HTTPClientResponse
        do {
            response = try await HTTPClient.shared.execute(
                HTTPClientRequest(url: base + "/version"), timeout: .seconds(Int64(timeout)))
        } catch {
            throw Unreachable(url: base, why: "\(error)")
        }
        guard response.status == .ok else {
            throw Unreachable(url: base, why: "it answered \(response.status)")
        }
        let body = try await response.body.collect(upTo: Self.answerSizeMax)
        // The answer is one JSON string without escapes.
        let version = String(buffer: body).trimmingPrefix("\"")
        print("server \(version.hasSuffix("\"") ? version.dropLast() : version)")
    }
}

/// The server did not answer as expected.
struct Unreachable: Error, CustomStringConvertible {
    var url: String
    var why: String

    var description: String { "no server at \(url): \(why); is it running, is --url right?" }
}
