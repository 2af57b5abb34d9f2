internal import NIOCore
internal import Synchronization

/// Closes a connection on which the master does not answer: a stopped one, or something in front of it, accepts
/// connections all the same, and TCP finds nothing wrong with that.
final class AnswerDeadline: Sendable {
    /// For the handshake and the first answer together.
    static let limit = TimeAmount.seconds(20)

    private let master: MasterAddress
    private let hasPassed = Mutex(false)
    private let scheduled = Mutex<Scheduled<Void>?>(nil)

    init(of channel: any Channel, to master: MasterAddress) {
        self.master = master
        let task = channel.eventLoop.scheduleTask(in: Self.limit) { [weak self] in
            self?.hasPassed.withLock { $0 = true }
            channel.close(promise: nil)
        }
        scheduled.withLock { $0 = task }
    }

    deinit { meet() }

    /// The master has answered.
    func meet() { scheduled.withLock { $0?.cancel() } }

    /// Why the connection ended, when this closed it.
    var failure: UplinkError? { hasPassed.withLock { $0 } ? .unanswered(master) : nil }
}
