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

    init(_ status: RPCStatus, linger: TimeAmount) {
        self.status = status
        self.linger = linger
    }

    func channelActive(context: ChannelHandlerContext) {
        let response = ControlResponse.failure(status)
        context.write(wrapOutboundOut(.head(HTTPResponseHead(response, isLast: true))), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: response.body)))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        deadline = context.lingeringClose(linger)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        context.fireChannelInactive()
    }
}
