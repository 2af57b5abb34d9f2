internal import Foundation

/// Small files that must be whole or absent, and that only their owner may read.
public enum PrivateFile {
    /// Writes with mode 0600 under another name, syncs, then renames.
    /// - Throws: ``FileError`` with the system's reason.
    public static func write(_ text: String, to path: String) throws(FileError) {
        let temporary = path + ".new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileError(path: path, doing: "be written") }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { unsafe in Foundation.write(descriptor, unsafe.baseAddress, unsafe.count)
            }
            if count <= 0 { break }
            bytes = bytes.dropFirst(count)
        }
        let synced = bytes.isEmpty && fchmod(descriptor, 0o600) == 0 && fsync(descriptor) == 0
        let failure = FileError(path: path, doing: "be written")
        close(descriptor)
        guard synced else {
            unlink(temporary)
            throw failure
        }
        guard rename(temporary, path) == 0 else { throw FileError(path: path, doing: "be written") }
        syncDirectory(of: path)
    }

    /// Makes the name of a new file durable, where the file system can; the content needs a sync of its own.
    public static func syncDirectory(of path: String) {
        let directory = open((path as NSString).deletingLastPathComponent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { return }
        fsync(directory)
        close(directory)
    }

    /// - Throws: ``FileError`` with the system's reason.
    public static func read(_ path: String) throws(FileError) -> String {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw FileError(path: path, doing: "be read")
        }
        return String(decoding: data, as: UTF8.self)
    }

    public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Makes a directory that only its owner may enter, parents included.
    public static func makeDirectory(_ path: String) throws(FileError) {
        if mkdir(path, 0o700) == 0 { return }
        let parent = (path as NSString).deletingLastPathComponent
        if errno == ENOENT, !parent.isEmpty, parent != path {
            try makeDirectory(parent)
            if mkdir(path, 0o700) == 0 { return }
        }
        guard errno == EEXIST else { throw FileError(path: path, doing: "be made") }
        var facts = stat()
        guard stat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFDIR else {
            errno = ENOTDIR
            throw FileError(path: path, doing: "be made")
        }
    }
}

/// A file that the system does not give.
public struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
    public let path: String
    public let doing: String
    public let code: Int32

    /// Takes the reason from `errno`.
    init(path: String, doing: String) { (self.path, self.doing, code) = (path, doing, errno) }

    /// Whether there was no room for it.
    public var isFull: Bool { [ENOSPC, EDQUOT].contains(code) }

    public var description: String { "\(path) cannot \(doing): \(String(cString: strerror(code)))" }
}
