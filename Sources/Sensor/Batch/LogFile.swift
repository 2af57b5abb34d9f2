import Glibc

/// A file that is written in large pieces.
struct LogFile: ~Copyable {
    private static let flushSize = 256 << 10

    let path: String
    private let descriptor: Int32
    private(set) var buffer: [UInt8] = []

    /// Creates the file, or empties it.
    /// - Parameter appending: goes on behind what is in it instead, on a line of its own.
    init(path: String, appending: Bool = false) throws(LogError) {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | (appending ? O_APPEND : O_TRUNC), 0o644)
        guard descriptor >= 0 else {
            throw LogError(path: path, reason: String(cString: strerror(errno)))
        }
        self.path = path
        var last: UInt8 = 0x0A
        let end = appending ? lseek(descriptor, 0, SEEK_END) : 0
        if end > 0, pread(descriptor, &last, 1, end - 1) == 1, last != 0x0A { buffer = [0x0A] }
    }

    deinit { close(descriptor) }

    mutating func append(_ body: (inout [UInt8]) -> Void) throws(LogError) {
        body(&buffer)
        if buffer.count >= Self.flushSize { try flush() }
    }

    mutating func flush() throws(LogError) {
        var done = 0
        while done < buffer.count {
            let count = buffer.withUnsafeBytes { bytes in
                bytes.baseAddress.map { write(descriptor, $0 + done, bytes.count - done) } ?? 0
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let failure = LogError(path: path, reason: String(cString: strerror(errno)))
                // What was written must not come twice.
                buffer.removeFirst(done)
                throw failure
            }
            done += count
        }
        buffer.removeAll(keepingCapacity: true)
    }
}

/// A log cannot be written.
public struct LogError: Error, Sendable, CustomStringConvertible {
    public let path: String
    public let reason: String
    public var description: String { "cannot write \(path): \(reason)" }
}
