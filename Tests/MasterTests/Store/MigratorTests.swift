import Shared
import Testing

@testable import Master

@Suite(.serialized) struct MigratorTests {
    @Test func migrationsAreNumberedFromOneWithoutHoles() {
        #expect(Migration.all.map(\.number) == Array(1...Migration.all.count))
    }

    @Test func aSecondRunChangesNothingAndEveryKindHasItsTable() async throws {
        try await TestDatabase.with { database, _ in
            let first = try await Migrator().run(on: database)
            let second = try await Migrator().run(on: database)
            #expect(first == Migration.all.count)
            #expect(second == 0)
            for kind in Records.kinds {
                let columns = try await database.query(
                    "SELECT column_name::text AS name FROM information_schema.columns "
                        + "WHERE table_schema = 'search' AND table_name = $1 ORDER BY ordinal_position",
                    [.text(kind.name)])
                #expect(columns.map { $0.text("name") } == ["site", "sensor"] + kind.fields.map(\.name))
            }
        }
    }

    @Test func aNewFieldOfAKindBecomesAColumnOfItsTable() async throws {
        try await TestDatabase.migrated { database, _ in
            try await database.run { try $0.script("ALTER TABLE search.conn DROP COLUMN community_id") }
            try await Migrator().run(on: database)
            let rows = try await database.query("SELECT community_id FROM search.conn")
            #expect(rows.isEmpty)
        }
    }

    @Test func aDatabaseNewerThanTheProgramIsRefused() async throws {
        try await TestDatabase.migrated { database, _ in
            try await database.query("INSERT INTO schema_version (number, name) VALUES (9999, 'later')")
            do {
                try await Migrator().run(on: database)
                Issue.record("a newer database was accepted")
            } catch let error as DatabaseError {
                #expect(error.kind == .version)
                #expect(error.description.contains("9999"))
            }
        }
    }

    @Test func aStepThatFailsLeavesNoTraceAndTheStepsBeforeItStay() async throws {
        let broken = Migration(number: 2, name: "broken", sql: "CREATE TABLE half (n int); SELECT 1/0;")
        try await TestDatabase.with { database, _ in
            await #expect(throws: DatabaseError.self) {
                try await Migrator([.initial, broken]).run(on: database)
            }
            let rows = try await database.query(
                "SELECT max(number) AS number, to_regclass('half')::text AS half FROM schema_version")
            #expect(rows[0].int("number") == 1)
            #expect(rows[0].isNull("half"))
        }
    }
}
