/// A numbered step of the database's schema. Forward only; run under a lock, each in its own transaction.
public struct Migration: Sendable {
    /// From 1, without holes.
    public let number: Int
    /// What it brings, for the log.
    public let name: String
    public let sql: String

    public init(number: Int, name: String, sql: String) { (self.number, self.name, self.sql) = (number, name, sql) }

    /// Every migration in order. The search tables of records are not here: they follow the registry of kinds.
    public static let all: [Migration] = [.initial]
}
