/// Makes the engines of sites with the settings that the database holds of them.
public struct SiteEngines: Sendable {
    private let database: Database

    public init(database: Database) { self.database = database }

    /// Settings of a site that differ from what the program takes by itself: column `settings` of the table `site`.
    struct Stored: Codable {
        var networks: [String]?
        var holidays: String?
        var alertBudget: Double?
        var halfLifeDays: Double?
        var modelFolder: String?
    }

    /// - Throws: ``DatabaseError``, or what is wrong with the settings or the models.
    public func make(_ site: String, _ states: [StateKey: [UInt8]]) async throws -> any SiteEngine {
        let row = try await database.query("SELECT time_zone, settings FROM site WHERE name = $1", [.text(site)]).first
        var settings = SiteSettings(site: site, timeZone: row?.text("time_zone") ?? "UTC")
        settings.holidays = settings.timeZone == "Asia/Tokyo" ? "jp" : ""
        if let row {
            let stored = try StoredJSON.decode(Stored.self, from: row.text("settings"))
            settings.networks = stored.networks ?? settings.networks
            settings.holidays = stored.holidays ?? settings.holidays
            settings.alertBudget = stored.alertBudget ?? settings.alertBudget
            settings.halfLifeDays = stored.halfLifeDays ?? settings.halfLifeDays
            settings.modelFolder = stored.modelFolder
        }
        return try SiteLearningEngine(site: settings, restoring: states)
    }
}
