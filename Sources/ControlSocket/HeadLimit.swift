import NIOCore

/// Cuts off a request line and header fields that are too long, in front of a parser that would take any length.
final class HeadLimit: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    struct Exceeded: Error {}

    private let limit: Int
    private var bytes = 0
    private var isInHead = true

    init(limit: Int) { self.limit = limit }

    /// The parser has seen the end of the head.
    func headEnded() { isInHead = false }

    /// The parser has seen the end of the body: what follows is a head again.
    func requestEnded() {
        isInHead = true
        bytes = 0
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = unwrapInboundIn(data)
        // In portions, so that the parser has the chance to say where the head ends. A pipelined head may thus get up to
        // twice the limit.
        while isInHead, buffer.readableBytes > 0 {
            guard bytes < limit, let portion = buffer.readSlice(length: min(limit - bytes, buffer.readableBytes)) else {
                context.fireErrorCaught(Exceeded())
                return
            }
            bytes += portion.readableBytes
            context.fireChannelRead(wrapInboundOut(portion))
        }
        if buffer.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(buffer)) }
    }
}
