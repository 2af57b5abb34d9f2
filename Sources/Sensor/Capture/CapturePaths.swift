internal import Shared

/// Which captures a path means: itself, or all captures in a directory and those below it, by name.
public enum CapturePaths {
    private static let endings = [".pcap", ".pcapng", ".cap", ".dmp", ".pcap.gz", ".pcapng.gz", ".cap.gz"]
    /// Directories nested deeper are not entered.
    private static let maximumDepth = 16

    public static func expand(_ path: String) -> [String] { expand(path, depth: 0) }

    private static func expand(_ path: String, depth: Int) -> [String] {
        guard depth < maximumDepth, let names = FileFacts.names(in: path) else { return [path] }
        return names.flatMap { name -> [String] in
            let whole = path + "/" + name
            if FileFacts(path: whole)?.isDirectory == true { return expand(whole, depth: depth + 1) }
            return endings.contains { name.hasSuffix($0) } ? [whole] : []
        }
    }
}
