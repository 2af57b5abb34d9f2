import Foundation
import Shared

/// Makes the account `admin` when the console has none yet.
public struct FirstAccount: Sendable {
    public static let name = "admin"

    /// - Returns: the password, to be shown once; nil when there are accounts already.
    public static func make(in accounts: any ConsoleAccounts, timeZone: String = "UTC") async throws -> String? {
        guard try await accounts.users().isEmpty else { return nil }
        let password = PasswordHash.randomPassword()
        let hash = try await SignIn.hash(password)
        let added = try await accounts.add(ConsoleUser(name: name, passwordHash: hash.text, timeZone: timeZone))
        return added ? password : nil
    }

    /// The line of `run` on standard output that people and scripts look for.
    public static func announcement(password: String) -> String {
        "meneki: first account of the console: user \(name) password \(password) "
            + "(shown only now; change it in Settings)"
    }

    /// Writes the password to a file that only its owner can read; an older file is replaced.
    public static func write(password: String, to path: String) throws {
        let temporary = path + ".new"
        unlink(temporary)  // left by a run that was killed, if at all
        let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
        let written = FileManager.default.createFile(
            atPath: temporary, contents: Data((password + "\n").utf8), attributes: attributes)
        guard written, rename(temporary, path) == 0 else { throw FirstAccountError.cannotWrite(path) }
    }
}

/// Why the first password could not be handed over.
public enum FirstAccountError: Error, CustomStringConvertible {
    case cannotWrite(String)

    public var description: String {
        switch self {
        case .cannotWrite(let path): "cannot write the first password to \(path): check the folder and its rights"
        }
    }
}
