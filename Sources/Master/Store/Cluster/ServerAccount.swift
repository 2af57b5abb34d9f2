// Which of the two owns a structure of C depends on the order in which the compiler loads modules.
import CoreFoundation
import Glibc

/// The account that PostgreSQL runs under: it refuses to run as root.
struct ServerAccount: Equatable, Sendable {
    let name: String
    let userID: UInt32
    let groupID: UInt32

    /// The account to drop to, nil when the program does not run as root and nothing is to be dropped.
    /// - Throws: ``DatabaseError`` of kind `.cluster` when root has no account to give it.
    static func forCluster() throws(DatabaseError) -> ServerAccount? {
        guard geteuid() == 0 else { return nil }
        guard let entry = getpwnam("postgres") else {
            throw DatabaseError(
                .cluster, "PostgreSQL does not run as root, and there is no account 'postgres' to run it as",
                hint: "install the package postgresql, or start meneki-master as an ordinary user")
        }
        return ServerAccount(name: "postgres", userID: entry.pointee.pw_uid, groupID: entry.pointee.pw_gid)
    }

    /// Words in front of a command that make it run as this account (util-linux).
    var prefix: [String] {
        ["/usr/bin/setpriv", "--reuid=\(userID)", "--regid=\(groupID)", "--init-groups", "--"]
    }
}
