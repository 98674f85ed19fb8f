import Logging
import NIOCore

/// Keeps the server alive when a connection cannot be accepted: no descriptor or memory is left, or the peer is gone. The
/// handler in front of it pauses accepting for a moment.
final class AcceptErrors: ChannelInboundHandler {
    typealias InboundIn = Any

    private let logger: Logger

    init(logger: Logger) { self.logger = logger }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        logger.warning("cannot accept a connection", metadata: ["error": "\(error)"])
    }
}
