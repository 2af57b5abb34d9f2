import Glibc

/// A folder in memory for inputs that must be files.
enum ScratchFolder {
    static let path: String = {
        let path = "\(environment("TMPDIR") ?? "/dev/shm")/meneki-fuzz-\(getpid())"
        mkdir(path, 0o700)
        return path
    }()

    /// Writes the file `name`, replacing what was there.
    static func write(_ bytes: some Collection<UInt8>, to name: String) -> String {
        let file = "\(path)/\(name)"
        let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        guard descriptor >= 0 else { fatalError("\(file) cannot be written") }
        let content = Array(bytes)
        _ = Glibc.write(descriptor, content, content.count)
        close(descriptor)
        return file
    }
}
