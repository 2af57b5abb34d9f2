internal import Protocol

/// The master's side of one connection: what each message means at its moment. Performs nothing itself.
struct IngestSession {
    enum State: Equatable {
        /// Nothing was said yet.
        case greeting
        /// Hello came; the last stored sequence is being looked up.
        case welcoming
        /// Batches may come; `next` is the sequence that is wanted.
        case open(next: UInt64)
        case closed
    }

    enum Action: Equatable {
        case welcome(WireHello)
        case enrol(WireEnrol)
        /// Check the batch and hand it to the store.
        case store(WireBatchFrame)
        /// It was stored before.
        case acknowledge(UInt64)
        /// It is being stored: its acknowledgement is under way.
        case ignore
        case flush(UInt64)
        case health(WireHealth)
        /// Say so and close.
        case refuse(Refusal)
    }

    private(set) var state = State.greeting
    /// Last sequence known to be stored.
    private(set) var committed: UInt64 = 0

    /// - Parameter identity: from the client certificate, which TLS has checked; nil without one.
    mutating func receive(_ message: WireFrame.OneOf_Message, identity: SensorIdentity?) -> Action {
        switch (state, message) {
        case (.closed, _): return .ignore
        case (.greeting, .enrol(let enrol)): return version(enrol.protocolVersion) ?? close(with: .enrol(enrol))
        case (_, _) where identity == nil:
            return refuse(
                .certificateRequired, "A sensor needs a certificate: enrol it first with `meneki-sensor enroll`.")
        case (.greeting, .hello(let hello)):
            if let refused = version(hello.protocolVersion) { return refused }
            state = .welcoming
            return .welcome(hello)
        case (.open(let next), .batch(let batch)): return receive(batch, next: next)
        case (.open(let next), .flush(let flush)):
            guard flush.sequence < next else {
                return refuse(.gap, "Flush names batch \(flush.sequence), but \(next) has not come yet.")
            }
            return .flush(flush.sequence)
        case (.open, .health(let health)): return .health(health)
        default: return refuse(.unexpected, "A message came that does not fit here; update the sensor.")
        }
    }

    /// The sensor's last stored sequence is known.
    mutating func welcomed(lastCommitted: UInt64) {
        guard state == .welcoming else { return }
        committed = lastCommitted
        state = .open(next: lastCommitted + 1)
    }

    /// Everything up to `sequence` is stored.
    mutating func stored(through sequence: UInt64) { committed = max(committed, sequence) }

    private mutating func receive(_ batch: WireBatchFrame, next: UInt64) -> Action {
        if batch.sequence <= committed { return .acknowledge(committed) }
        if batch.sequence < next { return .ignore }
        guard batch.sequence == next, next < .max else {
            return refuse(
                .gap, "Batch \(batch.sequence) came where \(next) is due; connect again and go on from there.",
                sequence: batch.sequence)
        }
        state = .open(next: next + 1)
        return .store(batch)
    }

    private mutating func version(_ version: UInt32) -> Action? {
        if version == protocolVersion { return nil }
        return refuse(
            .version,
            "The sensor speaks version \(version) of the protocol, this master \(protocolVersion): "
                + "update the older of them.")
    }

    private mutating func close(with action: Action) -> Action {
        state = .closed
        return action
    }

    private mutating func refuse(_ code: WireRefused.Code, _ message: String, sequence: UInt64 = 0) -> Action {
        close(with: .refuse(Refusal(code, message, sequence: sequence)))
    }
}
