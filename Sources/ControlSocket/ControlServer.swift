package import HealthcareAPI
package import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceLifecycle
internal import Vocabulary

/// Serves a ``ControlService`` over HTTP/1.1 on a UNIX socket.
package struct ControlServer: Service {
    private let listener: ListeningSocket
    private let routes: ControlRoutes
    private let access: @Sendable () -> AccessPolicy
    private let limits: ControlLimits
    private let refusals: RefusalCount
    private let logger: Logger

    /// - Parameters:
    ///   - listener: owned from now on; clients that have connected already are served once this runs.
    ///   - service: what the requests are for.
    ///   - access: asked at each connection, so that a reload takes effect on the next.
    ///   - limits: what a caller may use up.
    ///   - refusals: counts whom it does not let in.
    ///   - logger: for what no caller is told.
    package init(
        listener: ListeningSocket,
        service: any ControlService,
        access: @escaping @Sendable () -> AccessPolicy,
        limits: ControlLimits = ControlLimits(),
        refusals: RefusalCount = RefusalCount(),
        logger: Logger
    ) {
        self.listener = listener
        routes = ControlRoutes(service: service, logger: logger)
        self.access = access
        self.limits = limits
        self.refusals = refusals
        self.logger = logger
    }

    private typealias Exchange = NIOAsyncChannel<ControlRequest, ControlResponse>

    private enum Connection: Sendable {
        case admitted(Exchange, Caller)
        case refused
    }

    /// Serves until graceful shutdown or cancellation. What runs then may finish, within ``ControlLimits/shutdown``.
    package func run() async throws {
        let registry = ConnectionRegistry(limits: limits)
        // One thread: the work is done by the service, and every thread costs memory.
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        defer { listener.unlinkPath() }
        do {
            let server = try await ServerBootstrap(group: group)
                .serverChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let handlers: [any ChannelHandler] = [AcceptBackoffHandler(), AcceptErrors(logger: logger)]
                        try channel.pipeline.syncOperations.addHandlers(handlers)
                    }
                }
                .childChannelOption(.allowRemoteHalfClosure, value: true)
                .childChannelOption(.maxMessagesPerRead, value: 1)
                .bind(listener.descriptor) { channel in
                    channel.eventLoop.makeSucceededFuture(accept(channel, registry))
                }
            try await withGracefulShutdownHandler {
                try await server.executeThenClose { connections in try await serve(connections, registry) }
            } onGracefulShutdown: {
                server.channel.close(promise: nil)
            }
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
        try await group.shutdownGracefully()
    }

    private func serve(_ connections: NIOAsyncChannelInboundStream<Connection>, _ registry: ConnectionRegistry)
        async throws
    {
        let limit = limits.shutdown
        try await withThrowingTaskGroup { group in
            group.addTask {
                try await withThrowingDiscardingTaskGroup { serving in
                    for try await connection in connections {
                        guard case .admitted(let exchange, let caller) = connection else { continue }
                        serving.addTask {
                            await serve(exchange, caller)
                            registry.leave(exchange.channel, of: caller.uid)
                        }
                    }
                    registry.close()
                }
            }
            group.addTask {
                for await _ in registry.drained {}
            }
            group.addTask {
                for await _ in registry.closing {}
                try await Task.sleep(for: limit)
            }
            // Whichever is first: all connections are gone, or the time is over.
            try await group.next()
            group.cancelAll()
        }
    }

    /// Runs on the channel's event loop, before anything of the peer's is read. Never fails: an error here would end the
    /// server, not the connection.
    private func accept(_ channel: any Channel, _ registry: ConnectionRegistry) -> Connection {
        let pipeline = channel.pipeline.syncOperations
        do {
            let peer = try pipeline.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { descriptor in
                try PeerCredentials(of: descriptor)
            }
            guard let peer else { throw SocketError("the channel has no descriptor") }
            do {
                return try admit(channel, peer, registry)
            } catch let status as RPCStatus {
                try refuse(channel, peer, status, registry)
            }
        } catch {
            logger.debug("cut off a connection", metadata: ["error": "\(error)"])
            channel.close(promise: nil)
        }
        return .refused
    }

    private func admit(_ channel: any Channel, _ peer: PeerCredentials, _ registry: ConnectionRegistry) throws
        -> Connection
    {
        guard let role = access().role(of: peer) else {
            throw RPCStatus.permissionDenied("uid \(peer.uid) has no role here: it is in no group of [access].")
        }
        try registry.enter(channel, of: peer.uid)
        let pipeline = channel.pipeline.syncOperations
        let headLimit = HeadLimit(limit: limits.headerBytes)
        do {
            try pipeline.addHandlers(
                headLimit,
                ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes))
            )
            try pipeline.addHandlers(HTTPResponseEncoder(), RequestAssembler(limits: limits, headLimit: headLimit))
            let exchange = try Exchange(
                wrappingChannelSynchronously: channel,
                configuration: .init(backPressureStrategy: .init(lowWatermark: 1, highWatermark: 1))
            )
            return .admitted(exchange, Caller(uid: peer.uid, gid: peer.gid, pid: peer.pid, role: role))
        } catch {
            registry.leave(channel, of: peer.uid)
            throw error
        }
    }

    private func refuse(
        _ channel: any Channel,
        _ peer: PeerCredentials,
        _ status: RPCStatus,
        _ registry: ConnectionRegistry
    ) throws {
        refusals.add(status.code)
        logger.debug("refused a connection", metadata: ["uid": "\(peer.uid)", "code": "\(status.code.name)"])
        guard registry.startLingering() else { throw status }
        channel.closeFuture.whenComplete { _ in registry.stopLingering() }
        try channel.pipeline.syncOperations.addHandlers(HTTPResponseEncoder(), Refusal(status, linger: limits.linger))
    }

    private func serve(_ exchange: Exchange, _ caller: Caller) async {
        // What fails here is the connection: the peer is gone, and nobody is left to be told.
        try? await exchange.executeThenClose { requests, responses in
            for try await request in requests {
                try await responses.write(await routes.response(to: request, caller: caller))
            }
        }
    }
}
