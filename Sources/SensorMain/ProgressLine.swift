internal import Shared

/// How far reading has come, on a terminal, when it takes longer than a second.
struct ProgressLine {
    private let total: UInt64
    private let start = ContinuousClock.now
    private var shown = ContinuousClock.now
    private var before: UInt64 = 0
    private var current = (path: "", byteCount: UInt64(0))
    private var isShown = false

    init(paths: [String]) {
        total = paths.reduce(0) { sum, path in
            guard let facts = FileFacts(path: path), !facts.isDirectory else { return sum }
            return sum + facts.size
        }
    }

    mutating func show(_ position: (path: String, byteCount: UInt64)?) {
        guard Terminal.isInteractive, let position else { return }
        if position.path != current.path { before += current.byteCount }
        current = position
        let now = ContinuousClock.now
        guard now - start > .seconds(1), now - shown > .milliseconds(200) else { return }
        shown = now
        isShown = true
        let done = before + position.byteCount
        let share = total > 0 && done <= total ? " \(done * 100 / total) %" : ""
        Terminal.put("\r\u{1B}[K\(position.path)\(share) (\(done >> 20) MiB)")
    }

    func clear() {
        if isShown { Terminal.put("\r\u{1B}[K") }
    }
}
