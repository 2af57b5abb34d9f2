internal import Shared

/// Which captures a path means: itself, or all captures in a directory and those below it, by name.
public enum CapturePaths {
    private static let endings = [".pcap", ".pcapng", ".cap", ".dmp"]
    /// Directories nested deeper are not entered.
    private static let maximumDepth = 16

    public static func expand(_ path: String) -> [String] { find(path).captures }

    /// Files in a directory, and in those below it, that are not taken for captures, as their names are of another
    /// kind.
    public static func leftOut(of path: String) -> [String] { find(path).others }

    private struct Found {
        var captures: [String] = []
        var others: [String] = []
    }

    private static func find(_ path: String) -> Found {
        var (entered, found): (Set<String>, Found) = ([], Found())
        find(path, depth: 0, &entered, &found)
        return found
    }

    /// - Parameter entered: directories, without links: a link may lead back, and each capture is read once.
    private static func find(_ path: String, depth: Int, _ entered: inout Set<String>, _ found: inout Found) {
        guard depth < maximumDepth, let names = FileFacts.names(in: path) else {
            found.captures.append(path)
            return
        }
        if let place = FileFacts(path: path)?.resolvedPath, !entered.insert(place).inserted { return }
        for name in inOrder(names) {
            let whole = path + "/" + name
            if FileFacts(path: whole)?.isDirectory == true {
                find(whole, depth: depth + 1, &entered, &found)
            } else if endings.contains(where: { rotation(name).base.hasSuffix($0) }) {
                found.captures.append(whole)
            } else {
                found.others.append(whole)
            }
        }
    }

    /// By name, and what was rotated by number.
    private static func inOrder(_ names: [String]) -> [String] {
        let keyed = names.map { (name: $0, rotation: rotation($0)) }
        return keyed.sorted { ($0.rotation.base, $0.rotation.number) < ($1.rotation.base, $1.rotation.number) }
            .map(\.name)
    }

    /// `tcpdump -C` puts a number behind the name of every file but the first, and may have them packed (tcpdump(1));
    /// others put a dot in front of the number.
    private static func rotation(_ name: String) -> (base: String, number: UInt64) {
        var whole = name.lowercased()[...]
        if whole.hasSuffix(".gz") { whole = whole.dropLast(3) }
        let base = whole.trimmingSuffix(while: \.isWholeNumber)
        guard let number = UInt64(whole.dropFirst(base.count)) else { return (String(whole), 0) }
        return (String(base.hasSuffix(".") ? base.dropLast() : base), number)
    }
}

extension StringProtocol {
    /// What is left of it without the characters at its end that `isTaken` is true of.
    fileprivate func trimmingSuffix(while isTaken: (Character) -> Bool) -> SubSequence {
        var rest = self[...]
        while let last = rest.last, isTaken(last) { rest.removeLast() }
        return rest
    }
}
