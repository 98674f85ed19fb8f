import Glibc
package import HealthcareAPI
package import NIOCore
import NIOHTTP1
import NIOPosix
internal import Vocabulary

/// Asks a service: one connection for each request.
package struct ControlClient: Sendable {
    /// Why there is no answer to show.
    package enum Failure: Error, Sendable {
        /// Nobody answers on the socket, or what answers is not the service.
        case unreachable(String)
        /// The service answered that it will not, or cannot.
        case refused(RPCStatus)
    }

    package var socket: String
    /// More than any answer of the service: a list of 1000 operations has about 1 MiB.
    package var maximumResponseBytes = 16 << 20
    /// Longer than the service takes to say that it is late.
    package var timeout = TimeAmount.seconds(70)

    package init(socket: String) { self.socket = socket }

    /// Sends a request and returns the body of its answer. Parameters without a value are left out of the query.
    package func send(
        _ route: ControlRoute,
        query: [String: String?] = [:],
        body: (any Encodable & Sendable)? = nil
    ) async throws(Failure) -> [UInt8] {
        let answer: (status: Int, body: [UInt8])
        do {
            let bytes: [UInt8] = if let body { try JSONText.encode(body) } else { [] }
            answer = try await exchange(route, route.target(query: query), bytes)
        } catch let failure as Failure {
            throw failure
        } catch let error as IOError {
            throw .unreachable("cannot reach the service on \(socket): \(String(cString: strerror(error.errnoCode)))")
        } catch {
            throw .unreachable("cannot reach the service on \(socket): \(error)")
        }
        if (200..<300).contains(answer.status) { return answer.body }
        guard let body = try? JSONText.decode(ErrorBody.self, from: answer.body) else {
            throw .unreachable("what answers on \(socket) is not dicomexportd: HTTP status \(answer.status)")
        }
        throw .refused(body.status)
    }

    /// Sends a request and reads its answer.
    package func send<Answer: Decodable>(
        _ route: ControlRoute,
        query: [String: String?] = [:],
        body: (any Encodable & Sendable)? = nil,
        as type: Answer.Type
    ) async throws(Failure) -> Answer {
        let answer = try await send(route, query: query, body: body)
        do {
            return try JSONText.decode(type, from: answer)
        } catch {
            throw .unreachable("the service's answer cannot be read: \(error)")
        }
    }

    private typealias Channel = NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>

    /// Connects, and waits for its turn where many others do: a queue that is full is EAGAIN (connect(2), AF_UNIX).
    private func connect() async throws -> Channel {
        let begin = NIODeadline.now()
        let patience = min(timeout, .seconds(20))
        while true {
            do {
                return try await connect(until: begin + timeout)
            } catch let error as IOError where error.errnoCode == EAGAIN {
                guard NIODeadline.now() < begin + patience else {
                    let seconds = patience.nanoseconds / 1_000_000_000
                    throw Failure.unreachable(
                        "the service on \(socket) is busy: no place in its queue for \(seconds) s"
                    )
                }
                // Not in step with others who wait.
                try await Task.sleep(for: .milliseconds(.random(in: 5...25)))
            }
        }
    }

    /// `deadline`: When the connection is closed if there is no whole answer by then.
    private func connect(until deadline: NIODeadline) async throws -> Channel {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(unixDomainSocketPath: socket) { channel in
                channel.eventLoop.makeCompletedFuture {
                    // A request is refused while it is being sent: the answer comes although writing fails.
                    try channel.pipeline.syncOperations.addHTTPClientHandlers(leftOverBytesStrategy: .dropBytes)
                    channel.eventLoop.scheduleTask(deadline: deadline) { channel.close(promise: nil) }
                    return try Channel(wrappingChannelSynchronously: channel)
                }
            }
    }

    private func exchange(_ route: ControlRoute, _ target: String, _ body: [UInt8]) async throws -> (Int, [UInt8]) {
        let channel = try await connect()
        let request = HTTPRequestHead(route, target, bodyLength: body.count)
        return try await channel.executeThenClose { inbound, outbound in
            let parts: [HTTPClientRequestPart] = [
                .head(request), .body(.byteBuffer(ByteBuffer(bytes: body))), .end(nil),
            ]
            // A refusal can be there before the request is: then writing fails, and reading does not.
            try? await outbound.write(contentsOf: body.isEmpty ? [parts[0], parts[2]] : parts)
            return try await answer(inbound)
        }
    }

    private func answer(_ parts: NIOAsyncChannelInboundStream<HTTPClientResponsePart>) async throws -> (Int, [UInt8]) {
        var status: Int?
        var received: [UInt8] = []
        for try await part in parts {
            switch part {
            case .head(let head): status = Int(head.status.code)
            case .body(let buffer):
                guard received.count + buffer.readableBytes <= maximumResponseBytes else {
                    throw Failure.unreachable("the answer on \(socket) is larger than \(maximumResponseBytes) bytes")
                }
                received.append(contentsOf: buffer.readableBytesView)
            case .end:
                if let status { return (status, received) }
            }
        }
        throw Failure.unreachable("the service on \(socket) closed the connection without an answer")
    }
}

extension HTTPRequestHead {
    fileprivate init(_ route: ControlRoute, _ target: String, bodyLength: Int) {
        var headers: HTTPHeaders = ["Host": "localhost", "Connection": "close"]
        if route.method == .post {
            headers.add(name: "Content-Type", value: "application/json")
            headers.add(name: "Content-Length", value: "\(bodyLength)")
        }
        self.init(version: .http1_1, method: HTTPMethod(rawValue: route.method.rawValue), uri: target, headers: headers)
    }
}
