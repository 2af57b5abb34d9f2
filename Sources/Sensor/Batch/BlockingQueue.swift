import Dispatch
import Synchronization

/// Hand-over between threads that may wait: bounded, in order.
final class BlockingQueue<Element: Sendable>: Sendable {
    private struct State: Sendable {
        var elements: [Element] = []
        var isFinished = false
    }

    private let state = Mutex(State())
    private let room: DispatchSemaphore?
    private let filled = DispatchSemaphore(value: 0)

    /// - Parameter depth: elements that may wait before the producer has to; `.max` for no bound.
    init(depth: Int) { room = depth == .max ? nil : DispatchSemaphore(value: depth) }

    func put(_ element: Element) {
        room?.wait()
        state.withLock { $0.elements.append(element) }
        filled.signal()
    }

    /// Nothing more will come.
    func finish() {
        state.withLock { $0.isFinished = true }
        filled.signal()
    }

    /// The next element, waited for; nil at the end.
    func take() -> Element? {
        filled.wait()
        return next()
    }

    /// The next element if there is one now.
    func takeIfAny() -> Element? {
        filled.wait(timeout: .now()) == .success ? next() : nil
    }

    private func next() -> Element? {
        let element = state.withLock { $0.elements.isEmpty ? nil : $0.elements.removeFirst() }
        if element != nil { room?.signal() } else { filled.signal() }  // the end stays the end
        return element
    }
}
