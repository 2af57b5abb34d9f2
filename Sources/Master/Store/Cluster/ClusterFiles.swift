import Foundation
import Glibc

/// Where a private cluster keeps its things below the master's state directory.
public struct ClusterFiles: Sendable {
    /// The state directory, absolute.
    public let state: String

    public init(state: String) {
        self.state = URL(fileURLWithPath: state).standardizedFileURL.path
    }

    /// PostgreSQL's own directory.
    var data: String { state + "/postgres" }
    /// What PostgreSQL and initdb say.
    var log: String { state + "/postgres.log" }
    /// Tells other commands how to reach the database: one line, a libpq connection string.
    var address: String { state + "/database" }

    /// Directory of the Unix socket: in the state directory where its path fits into sockaddr_un (108 bytes with
    /// the terminator, unix(7)), else a short one made from the path.
    var socketDirectory: String {
        let inside = state + "/socket"
        if inside.utf8.count + "/.s.PGSQL.5432.lock".utf8.count < 107 { return inside }
        // FNV-1a, 64 bit: only has to tell state directories apart.
        let hash = state.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        return "/tmp/meneki-" + String(hash, radix: 16)
    }

    func connection(database: String) -> String {
        "host='\(socketDirectory.replacing("'", with: "\\'"))' port=5432 user=meneki dbname=\(database)"
    }

    /// The line in ``address``, nil when no master ever ran here.
    public func storedAddress() -> String? {
        guard let text = try? String(contentsOfFile: address, encoding: .utf8) else { return nil }
        return text.split(whereSeparator: \.isNewline).first.map(String.init)
    }

    /// Writes ``address``; it may hold a password, so it is for the owner alone.
    /// - Throws: ``DatabaseError`` of kind `.cluster`
    func store(address text: String) throws(DatabaseError) {
        let fresh = address + ".new"
        let made = FileManager.default.createFile(
            atPath: fresh, contents: Data((text + "\n").utf8), attributes: [.posixPermissions: 0o600])
        guard made, rename(fresh, address) == 0 else {
            throw DatabaseError(.cluster, "Cannot write \(address): \(String(cString: strerror(errno)))")
        }
    }

    /// Process number of the postmaster, from the first line of postmaster.pid.
    func postmaster() -> pid_t? {
        guard let text = try? String(contentsOfFile: data + "/postmaster.pid", encoding: .utf8) else { return nil }
        return text.split(whereSeparator: \.isNewline).first.flatMap { pid_t($0) }
    }

    /// Makes a directory for `account` alone.
    /// - Throws: ``DatabaseError`` of kind `.cluster`
    func makeDirectory(_ path: String, for account: ServerAccount?) throws(DatabaseError) {
        if mkdir(path, 0o700) != 0, errno != EEXIST {
            throw DatabaseError(.cluster, "Cannot make \(path): \(String(cString: strerror(errno)))")
        }
        // Tells of a link itself, not of what it points to: in /tmp somebody else could have put one there.
        let found = try? FileManager.default.attributesOfItem(atPath: path)
        guard let found, found[.type] as? FileAttributeType == .typeDirectory else {
            throw DatabaseError(.cluster, "\(path) is not a directory", hint: "move it away")
        }
        guard let account else {
            guard (found[.ownerAccountID] as? NSNumber)?.uint32Value == geteuid() else {
                throw DatabaseError(.cluster, "\(path) belongs to somebody else", hint: "choose another --state")
            }
            return
        }
        guard chown(path, account.userID, account.groupID) == 0, chmod(path, 0o700) == 0 else {
            throw DatabaseError(.cluster, "Cannot give \(path) to \(account.name): \(String(cString: strerror(errno)))")
        }
    }
}
