import Glibc

/// Which captures a path means: itself, or all captures in a directory and those below it, by name.
public enum CapturePaths {
    private static let endings = [".pcap", ".pcapng", ".cap", ".dmp", ".pcap.gz", ".pcapng.gz", ".cap.gz"]
    /// Directories nested deeper are not entered.
    private static let maximumDepth = 16

    public static func expand(_ path: String) -> [String] { expand(path, depth: 0) }

    private static func expand(_ path: String, depth: Int) -> [String] {
        guard depth < maximumDepth, let directory = opendir(path) else { return [path] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted().flatMap { name -> [String] in
            let whole = path + "/" + name
            if isDirectory(whole) { return expand(whole, depth: depth + 1) }
            return endings.contains { name.hasSuffix($0) } ? [whole] : []
        }
    }

    private static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
