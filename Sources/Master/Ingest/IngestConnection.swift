internal import Logging
internal import NIOCore
internal import NIOSSL
internal import Protocol
internal import Shared

/// One connection of a sensor, from its first message to its end.
struct IngestConnection: Sendable {
    let parts: IngestParts
    let channel: NIOAsyncChannel<WireFrame, WireFrame>
    let peer: String
    private let guest = Guest()

    init(parts: IngestParts, channel: NIOAsyncChannel<WireFrame, WireFrame>, peer: String) {
        (self.parts, self.channel, self.peer) = (parts, channel, peer)
    }

    /// What is to be written, in order, from several tasks.
    private enum Outgoing: Sendable {
        case frame(WireFrame)
        case last(Refusal)
    }

    private typealias Flush = (sensor: SensorIdentity, sequence: UInt64)

    /// Where the tasks of a connection leave what they have to say.
    private struct Words: Sendable {
        let out: AsyncStream<Outgoing>.Continuation
        /// Sequences that the sensor wants to be told about when they are learned.
        let flush: AsyncStream<Flush>.Continuation
        /// Last sequence of this connection that is stored.
        let stored = StoredMark()

        func say(_ frame: WireFrame) { out.yield(.frame(frame)) }
        func refuse(_ refusal: Refusal) { out.yield(.last(refusal)) }
    }

    func run() async {
        var failure: (any Error)?
        do {
            try await channel.executeThenClose { inbound, outbound in
                let (outgoing, out) = AsyncStream<Outgoing>.makeStream()
                let (flushes, flush) = AsyncStream<Flush>.makeStream()
                let words = Words(out: out, flush: flush)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        for await next in outgoing {
                            switch next {
                            case .frame(let frame): try await outbound.write(frame)
                            case .last(let refusal):
                                parts.telemetry.refused(refusal, peer: peer)
                                try await outbound.write(.refused(refusal))
                                return
                            }
                        }
                    }
                    group.addTask { try await read(inbound, out: words) }
                    // Whichever ends first ends the connection: the reader at its end, the writer after a refusal.
                    group.addTask { await wait(flushes, words) }
                    try await group.next()
                    group.cancelAll()
                }
            }
        } catch { failure = error }
        parts.telemetry.disconnected(peer, sensor: guest.sensor, error: failure)
    }

    private func read(
        _ inbound: NIOAsyncChannelInboundStream<WireFrame>, out: Words
    ) async throws {
        var session = IngestSession()
        var membership: (sensor: SensorIdentity, number: Int)?
        let greeting = Task {
            try await Task.sleep(for: .seconds(parts.settings.greetingSeconds))
            channel.channel.close(promise: nil)
        }
        defer { greeting.cancel() }
        do {
            var facts: CertificateFacts?
            for try await frame in inbound {
                guard let message = frame.message else { continue }
                if session.state == .greeting {
                    greeting.cancel()
                    facts = try await peerFacts()
                }
                let sensor = facts?.identity
                session.stored(through: out.stored.sequence)
                let action = session.receive(message, identity: sensor)
                if case .welcome(let hello) = action, let facts, let sensor {
                    membership = (sensor, await enter(sensor, facts, out))
                    session.welcomed(lastCommitted: try await welcome(hello, sensor, facts, out))
                } else {
                    try await perform(action, sensor: sensor, session: &session, out: out)
                }
            }
        } catch let refusal as Refusal {
            out.refuse(refusal)
            // The writer ends the connection after its last words.
            try? await Task.sleep(for: .seconds(5))
        } catch let error as FrameError {
            out.refuse(Refusal(.unexpected, "The connection was given up: \(error)."))
            try? await Task.sleep(for: .seconds(5))
        }
        if let membership { await parts.live.leave(membership.sensor, number: membership.number) }
    }

    private func peerFacts() async throws -> CertificateFacts? {
        guard let certificate = try await channel.channel.nioSSL_peerCertificate().get() else { return nil }
        return try CertificateFacts(der: certificate.toDERBytes())
    }

    private func enter(
        _ sensor: SensorIdentity, _ facts: CertificateFacts, _ out: Words
    ) async -> Int {
        await parts.live.enter(sensor, serial: facts.serial) { out.refuse($0) }
    }

    /// Checks the certificate against the directory and says where to go on.
    private func welcome(
        _ hello: WireHello, _ sensor: SensorIdentity, _ facts: CertificateFacts,
        _ out: Words
    ) async throws -> UInt64 {
        let last: UInt64
        do {
            guard let known = try await parts.directory.certificate(serial: facts.serial), known.sensor == sensor else {
                throw Refusal(
                    .revoked, "This master does not know the certificate of \(sensor); enrol the sensor again.")
            }
            if known.revokedAt != nil { throw Refusal.revoked(sensor) }
            last = try await parts.store.lastSequence(of: sensor)
            try await parts.directory.saw(sensor, version: hello.sensorVersion, at: parts.now())
        } catch let refusal as Refusal { throw refusal } catch {
            parts.telemetry.directoryFailed(error)
            throw Refusal(.busy, "The master's database does not answer; try again later.")
        }
        parts.telemetry.connected(sensor, version: hello.sensorVersion, lastSequence: last, peer: peer)
        guest.enter(sensor)
        var welcome = WireWelcome()
        welcome.lastCommitted = last
        welcome.window = UInt32(clamping: parts.settings.window)
        welcome.maxFrameBytes = UInt32(BatchLimits.frameBytes)
        out.say(.of(.welcome(welcome)))
        return last
    }

    private func perform(
        _ action: IngestSession.Action, sensor: SensorIdentity?, session: inout IngestSession,
        out: Words
    ) async throws {
        switch (action, sensor) {
        case (.store(let frame), .some(let sensor)):
            let batch = try check(frame, of: sensor)
            await parts.committer.submit(batch) {
                out.stored.reach($0.sequence)
                out.say(.ack($0.sequence))
            }
        case (.acknowledge(let sequence), _):
            parts.telemetry.duplicate()
            out.say(.ack(sequence))
        case (.flush(let sequence), .some(let sensor)): out.flush.yield((sensor, sequence))
        case (.health(let health), .some(let sensor)): await report(health, of: sensor)
        case (.enrol(let request), _): try await enrol(request, out)
        case (.refuse(let refusal), _): throw refusal
        default: break
        }
    }

    /// Reads the batch once, so that nothing unreadable gets into the log.
    private func check(_ frame: WireBatchFrame, of sensor: SensorIdentity) throws(Refusal) -> IncomingBatch {
        let content = frame.content
        do {
            parts.telemetry.skipped(try BatchDecoder.decode(content), from: sensor)
        } catch {
            throw Refusal(
                .altered, "Batch \(frame.sequence) of \(sensor) is damaged: \(error). Nothing of it was stored.",
                sequence: frame.sequence)
        }
        return IncomingBatch(sensor: sensor, sequence: frame.sequence, content: content)
    }

    /// Tells when what the sensor asked for is learned, one after the other.
    private func wait(_ flushes: AsyncStream<Flush>, _ out: Words) async {
        for await (sensor, sequence) in flushes {
            do {
                try await parts.store.waitUntilLearned(sensor, through: sequence)
                var learned = WireLearned()
                learned.sequence = sequence
                out.say(.of(.learned(learned)))
            } catch {
                out.refuse(Refusal(.busy, "The master cannot tell when it has learned; ask again."))
            }
        }
    }

    private func report(_ health: WireHealth, of sensor: SensorIdentity) async {
        let now = parts.now()
        do {
            let told = SensorHealth(health, arrived: now)
            parts.telemetry.reported(told, by: sensor)
            try await parts.directory.report(told, of: sensor, at: now)
        } catch { parts.telemetry.directoryFailed(error) }
    }

    private func enrol(_ request: WireEnrol, _ out: Words) async throws {
        do {
            let enrolled = try await parts.enrolment.enrol(request, now: parts.now())
            parts.telemetry.enrolled(SensorIdentity(site: enrolled.site, sensor: enrolled.name), peer: peer)
            out.say(.of(.enrolled(enrolled)))
        } catch let refusal as EnrolmentRefusal { throw refusal.refusal } catch {
            parts.telemetry.directoryFailed(error)
            throw Refusal(.busy, "The master's database does not answer; try again later.")
        }
    }
}
