internal import Foundation
public import Logging
internal import NIOCore
internal import Protocol
internal import Synchronization

/// Carries batches from the spool to the master, for as long as it runs.
///
/// A lost connection is opened again after a pause, see ``UplinkPauses``. Each time it goes on where the master says
/// that it is.
public struct Uplink: Sendable {
    private let state: SensorState
    private let spool: Spool
    public let progress = UplinkProgress()
    private let version: String
    private let startedAt: Int64
    private let telemetry: UplinkTelemetry

    public init(state: SensorState, spool: Spool, version: String, startedAt: Int64, logger: Logger) {
        (self.state, self.spool) = (state, spool)
        (self.version, self.startedAt) = (version, startedAt)
        telemetry = UplinkTelemetry(logger: logger)
    }

    /// Runs until its task is cancelled.
    /// - Throws: ``UplinkError`` that somebody must do something about, ``SpoolError``, `CancellationError`.
    public func run() async throws {
        var pauses = UplinkPauses()
        while true {
            let start = ContinuousClock.now
            do {
                try await connectOnce()
            } catch let error as UplinkError {
                let pause = pauses.next(connectedFor: progress.state.isConnected ? .now - start : nil)
                telemetry.ended(error, retryIn: error.isTemporary ? pause : nil)
                guard error.isTemporary else { throw error }
                progress.change { $0.isConnected = false }
                try await Task.sleep(for: pause)
            }
        }
    }

    private func connectOnce() async throws {
        let tls = try MutualTLS.client(key: state.key, chain: state.certificate, ca: state.ca)
        let channel = try await MasterChannel.open(state.master, tls: tls)
        let deadline = AnswerDeadline(of: channel.channel, to: state.master)
        do {
            try await channel.executeThenClose { inbound, outbound in
                var hello = WireHello()
                hello.protocolVersion = protocolVersion
                hello.sensorVersion = version
                hello.startedAtNs = startedAt
                try await outbound.write(.of(.hello(hello)))
                try await listen(inbound, outbound, channel.channel, deadline)
                throw UplinkError.lost("the master closed it")
            }
        } catch let error as SpoolError { throw error } catch  where error is CancellationError && Task.isCancelled {
            throw error
        } catch {
            if let failure = deadline.failure { throw failure }
            let failure = MasterChannel.failure(error, state.master)
            throw await MasterChannel.explained(failure, state.master, ca: state.ca)
        }
    }

    private func reach(_ sequence: UInt64) {
        progress.change {
            $0.isConnected = true
            $0.stored = max($0.stored, sequence)
        }
    }

    /// Reads what the master says; its welcome starts the sender beside.
    private func listen(
        _ inbound: NIOAsyncChannelInboundStream<WireFrame>, _ outbound: NIOAsyncChannelOutboundWriter<WireFrame>,
        _ channel: any Channel, _ deadline: AnswerDeadline
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            var session: SharedSession?
            for try await frame in inbound {
                if let session {
                    try await receive(frame, session)
                } else {
                    deadline.meet()
                    let begun = SharedSession(try await begin(frame))
                    session = begun
                    group.addTask { try await send(outbound, begun, channel) }
                    group.addTask { try await watchCertificate() }
                }
            }
            if session == nil { throw UplinkError.lost("the master closed it before it answered") }
            group.cancelAll()
            // The sender ends with this when the master has closed in order. Who cancels the uplink means all of it.
            do { try await group.waitForAll() } catch  where error is CancellationError && !Task.isCancelled {}
        }
    }

    /// Looks at the sensor's certificate once a day.
    private func watchCertificate() async throws {
        while true {
            telemetry.certificateEnds(state.validUntil, now: Date())
            try await Task.sleep(for: .seconds(86_400))
        }
    }

    /// The first answer: where to go on.
    private func begin(_ frame: WireFrame) async throws -> WireWelcome {
        switch frame.message {
        case .welcome(let welcome):
            telemetry.connected(lastSequence: welcome.lastCommitted)
            try await spool.goOn(after: welcome.lastCommitted)
            reach(welcome.lastCommitted)
            await spool.acknowledge(through: welcome.lastCommitted)
            return welcome
        case .refused(let refused): throw UplinkError.refused(Refusal(refused))
        default: throw UplinkError.lost("the master answered with something else than a welcome")
        }
    }

    private func receive(_ frame: WireFrame, _ session: SharedSession) async throws {
        guard let message = frame.message else { return }
        switch session.change({ $0.receive(message) }) {
        case .acknowledged(let sequence):
            await spool.acknowledge(through: sequence)
            reach(sequence)
        case .learned(let sequence): progress.change { $0.learned = max($0.learned, sequence) }
        case .fail(let refusal): throw UplinkError.refused(refusal)
        case .ignore: break
        }
    }

    /// Sends batches as far as the window allows, and between them reports and the wish to be told what is learned.
    private func send(
        _ outbound: NIOAsyncChannelOutboundWriter<WireFrame>, _ session: SharedSession, _ channel: any Channel
    ) async throws {
        // Whatever stops the sender also ends the reading, which would wait for acknowledgements that cannot come.
        defer { channel.close(promise: nil) }
        var flushed: UInt64 = 0
        // Begins before the first look, so that nothing between a look and the wait goes unheard.
        var changes = Bell.rings(of: [spool.changed, progress.changed]).makeAsyncIterator()
        while true {
            try Task.checkCancellation()
            if let health = progress.takeHealth() { try await outbound.write(.of(.health(health))) }
            let position = session.change { $0 }
            let wanted = progress.state.wanted
            if wanted > flushed, position.sent >= wanted {
                var flush = WireFlush()
                flush.sequence = wanted
                try await outbound.write(.of(.flush(flush)))
                flushed = wanted
            }
            guard position.maySend, let batch = await spool.batch(after: position.sent) else {
                guard await changes.next() != nil else { throw CancellationError() }
                continue
            }
            session.change { $0.sending(batch.sequence) }
            try await outbound.write(.batch(batch.sequence, batch.content))
        }
    }
}

/// The session of one connection, asked by its sender and its receiver.
private final class SharedSession: Sendable {
    private let mutex: Mutex<UplinkSession>

    init(_ welcome: WireWelcome) { mutex = Mutex(UplinkSession(welcome)) }

    func change<T: Sendable>(_ body: (inout UplinkSession) -> T) -> T { mutex.withLock { body(&$0) } }
}
