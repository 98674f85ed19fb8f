import HealthcareAPI
import NIOCore
import NIOHTTP1

/// Tells a peer without a role, or without a place, why it is not served, whatever it asks.
final class Refusal: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = HTTPServerResponsePart

    private let status: RPCStatus
    private let linger: TimeAmount
    private var deadline: Scheduled<Void>?
    private var answer: Scheduled<Void>?
    /// How long a peer may take to ask before it is told anyway.
    private static let patience = TimeAmount.milliseconds(250)

    init(_ status: RPCStatus, linger: TimeAmount) {
        self.status = status
        self.linger = linger
    }

    /// The answer waits for the first bytes of the question: clients take one that comes before for a violation of the protocol.
    func channelActive(context: ChannelHandlerContext) {
        answer = context.eventLoop.assumeIsolated().scheduleTask(in: Self.patience) { self.respond(context) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { respond(context) }

    private func respond(_ context: ChannelHandlerContext) {
        guard deadline == nil else { return }
        answer?.cancel()
        let response = ControlResponse.failure(status)
        context.write(wrapOutboundOut(.head(HTTPResponseHead(response, isLast: true))), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: response.body)))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        deadline = context.lingeringClose(linger)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        answer?.cancel()
        deadline?.cancel()
        context.fireChannelInactive()
    }
}
