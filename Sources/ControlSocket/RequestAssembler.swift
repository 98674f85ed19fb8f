import HealthcareAPI
import NIOCore
import NIOHTTP1
internal import Vocabulary

/// Makes whole requests of HTTP parts and HTTP parts of whole answers, and keeps the limits of one connection.
///
/// It answers by itself what never becomes a request: bad HTTP, a head or body that is too large, a deadline. All state is
/// confined to the channel's event loop.
final class RequestAssembler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = ControlRequest
    typealias OutboundIn = ControlResponse
    typealias OutboundOut = HTTPServerResponsePart

    /// What the answer to a request that was handed on must know of it.
    private struct Pending {
        var isHead: Bool
        var keepsAlive: Bool
    }

    private let limits: ControlLimits
    private let headLimit: HeadLimit
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []
    private var pending: [Pending] = []
    /// The deadline of the oldest request that is not answered; without one, of the next request to arrive.
    private var deadline: Scheduled<Void>?
    /// No further request is taken; the connection ends after the answers that are due.
    private var isEnding = false
    /// The last answer is written; what still arrives is thrown away.
    private var isLingering = false

    init(limits: ControlLimits, headLimit: HeadLimit) {
        self.limits = limits
        self.headLimit = headLimit
    }

    func channelActive(context: ChannelHandlerContext) {
        setDeadline(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        isLingering = true
        context.fireChannelInactive()
    }

    // MARK: Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isLingering, !isEnding else { return }
        switch unwrapInboundIn(data) {
        case .head(let head): begin(head, context)
        case .body(let buffer):
            guard body.count + buffer.readableBytes <= limits.bodyBytes else { return refuseBody(context) }
            body.append(contentsOf: buffer.readableBytesView)
        case .end: finishRequest(context)
        }
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        headLimit.headEnded()
        self.head = head
        body = []
        if let length = head.headers.first(name: "content-length").flatMap({ Int($0) }), length > limits.bodyBytes {
            return refuseBody(context)
        }
        // curl sends this with a body of 1 MiB, and waits a second for the answer.
        if head.headers.first(name: "expect")?.lowercased() == "100-continue" {
            context.writeAndFlush(
                wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))),
                promise: nil
            )
        }
    }

    private func finishRequest(_ context: ChannelHandlerContext) {
        headLimit.requestEnded()
        guard let head else { return }
        self.head = nil
        let target = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let request = ControlRequest(
            method: head.method.rawValue,
            path: String(target[0]),
            query: target.count > 1 ? String(target[1]) : "",
            body: body
        )
        body = []
        pending.append(Pending(isHead: head.method == .HEAD, keepsAlive: head.isKeepAlive))
        if !head.isKeepAlive { isEnding = true }
        if pending.count == 1 { setDeadline(context) }
        context.fireChannelRead(wrapInboundOut(request))
    }

    private func refuseBody(_ context: ChannelHandlerContext) {
        let limit = limits.bodyBytes
        let status = RPCStatus.invalidArgument("Request payload size exceeds the limit: \(limit) bytes.")
        end(with: .failure(status, httpStatus: 413), context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !isLingering else { return }
        switch error {
        case is HeadLimit.Exceeded, HTTPParserError.headerOverflow:
            let status = RPCStatus.invalidArgument("Request headers exceed the limit: \(limits.headerBytes) bytes.")
            end(with: .failure(status, httpStatus: 431), context)
        case is HTTPParserError:
            end(with: .failure(.invalidArgument("The request is not valid HTTP/1.1.")), context)
        default:
            context.close(promise: nil)
        }
    }

    // MARK: Answers

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let response = unwrapOutboundIn(data)
        // After the deadline the request was answered already.
        guard !isLingering, !pending.isEmpty else {
            promise?.succeed()
            return
        }
        let request = pending.removeFirst()
        let isLast = !request.keepsAlive || (isEnding && pending.isEmpty)
        send(response, isHead: request.isHead, isLast: isLast, context, promise)
        if isLast { linger(context) } else { setDeadline(context) }
    }

    /// Answers out of turn, and ends.
    private func end(with response: ControlResponse, _ context: ChannelHandlerContext) {
        isEnding = true
        send(response, isHead: false, isLast: true, context, nil)
        linger(context)
    }

    private func send(
        _ response: ControlResponse,
        isHead: Bool,
        isLast: Bool,
        _ context: ChannelHandlerContext,
        _ promise: EventLoopPromise<Void>?
    ) {
        let head = HTTPResponseHead(response, isLast: isLast)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if !isHead {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: response.body)))), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: promise)
    }

    // MARK: Ends

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed:
            if pending.isEmpty || isLingering { context.close(promise: nil) } else { isEnding = true }
        case is ChannelShouldQuiesceEvent:
            if pending.isEmpty, !isLingering { context.close(promise: nil) } else { isEnding = true }
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    private func linger(_ context: ChannelHandlerContext) {
        isLingering = true
        pending = []
        deadline?.cancel()
        deadline = context.lingeringClose(limits.linger)
    }

    private func setDeadline(_ context: ChannelHandlerContext) {
        deadline?.cancel()
        let isWaiting = pending.isEmpty
        let loopBound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        deadline = context.eventLoop.scheduleTask(in: isWaiting ? limits.idle : limits.request) {
            let (assembler, context) = loopBound.value
            assembler.deadlinePassed(context)
        }
    }

    private func deadlinePassed(_ context: ChannelHandlerContext) {
        guard !isLingering else { return }
        if pending.isEmpty {
            context.close(promise: nil)
        } else {
            end(with: .failure(RPCStatus(.deadlineExceeded, "The service did not answer in time.")), context)
        }
    }
}

extension HTTPResponseHead {
    init(_ response: ControlResponse, isLast: Bool) {
        self.init(
            version: .http1_1,
            status: HTTPResponseStatus(statusCode: response.status),
            headers: [
                "Content-Type": response.contentType,
                "Content-Length": "\(response.body.count)",
                "Cache-Control": "private",
            ]
        )
        if isLast { headers.add(name: "Connection", value: "close") }
    }
}

extension ChannelHandlerContext {
    /// Ends the output and gives the peer time to read: the kernel drops what was sent when a socket is closed that still
    /// has unread input.
    func lingeringClose(_ time: TimeAmount) -> Scheduled<Void> {
        close(mode: .output, promise: nil)
        let loopBound = NIOLoopBound(self, eventLoop: eventLoop)
        return eventLoop.scheduleTask(in: time) { loopBound.value.close(promise: nil) }
    }
}
