internal import Foundation

/// Keeps a second program out of a state directory, as long as it lives.
public final class StateLock: Sendable {
    private let descriptor: Int32

    /// - Throws: ``SpoolError/system(path:reason:)`` when another program works there.
    public init(directory: String) throws(SpoolError) {
        descriptor = open(directory + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SpoolFile.failure(directory) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw .system(path: directory, reason: "another meneki-sensor works there; stop it first")
        }
    }

    deinit { close(descriptor) }
}
