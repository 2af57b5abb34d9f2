import Shared

/// Writes what an engine found. Everything is an upsert by its own identifier: writing twice changes nothing.
struct SiteChangesWriter {
    let site: String

    func write(_ changes: SiteChanges, _ session: PostgresSession) throws {
        try SiteStateStore.write(changes.states, session, site: site)
        try SiteStateStore.drop(changes.droppedStates.subtracting(changes.states.keys), session, site: site)
        try write(latest(changes.observations, by: \.id), session)
        try write(latest(changes.alerts, by: \.id), session)
        try write(latest(changes.incidents, by: \.id), session)
        try write(latest(changes.devices, by: \.id), session)
        try write(latest(changes.accounts, by: \.id), session)
        try write(latest(changes.hours) { "\($0.entity) \($0.measure) \($0.hour.nanoseconds)" }, session)
    }

    /// One value a key, the last one: a statement may not change a row twice.
    private func latest<T>(_ values: [T], by key: (T) -> String) -> [T] {
        var positions: [String: Int] = [:]
        var result: [T] = []
        for value in values {
            if let position = positions[key(value)] {
                result[position] = value
            } else {
                positions[key(value)] = result.count
                result.append(value)
            }
        }
        return result
    }

    private func write(_ observations: [Observation], _ session: PostgresSession) throws {
        guard !observations.isEmpty else { return }
        try session.execute(
            """
            INSERT INTO observation (site, id, observer, entity_kind, entity, time, bits, content)
            SELECT $1, id, observer, kind, entity, time, bits, content::jsonb
            FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::float8[], $8::text[])
                AS new (id, observer, kind, entity, time, bits, content)
            ON CONFLICT (site, id) DO UPDATE SET
                observer = excluded.observer, entity_kind = excluded.entity_kind, entity = excluded.entity,
                time = excluded.time, bits = excluded.bits, content = excluded.content
            """,
            [
                .text(site), .texts(observations.map(\.id)), .texts(observations.map(\.observer)),
                .texts(observations.map(\.entity.kind.rawValue)), .texts(observations.map(\.entity.name)),
                .times(observations.map(\.time)), .doubles(observations.map(\.bits)),
                .texts(try observations.map { try StoredJSON.encode($0) }),
            ])
    }

    private func write(_ alerts: [Alert], _ session: PostgresSession) throws {
        for alert in alerts {
            try session.execute(
                """
                INSERT INTO alert (site, id, time, score, bits, model, entity_kind, entity, devices, users,
                                   destinations, attack, incident, content)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14::text::jsonb)
                ON CONFLICT (site, id) DO UPDATE SET
                    time = excluded.time, score = excluded.score, bits = excluded.bits, model = excluded.model,
                    entity_kind = excluded.entity_kind, entity = excluded.entity, devices = excluded.devices,
                    users = excluded.users, destinations = excluded.destinations, attack = excluded.attack,
                    incident = excluded.incident, content = excluded.content
                """,
                [
                    .text(site), .text(alert.id), .time(alert.time), .double(alert.score), .double(alert.bits),
                    .text(alert.model), .text(alert.entity.kind.rawValue), .text(alert.entity.name),
                    .texts(alert.devices), .texts(alert.users), .texts(alert.destinations), .texts(alert.attack),
                    .text(alert.incident), .text(try StoredJSON.encode(alert)),
                ])
        }
    }

    private func write(_ incidents: [Incident], _ session: PostgresSession) throws {
        for incident in incidents {
            try session.execute(
                """
                INSERT INTO incident (site, id, first_time, last_time, score, devices, users, destinations, attack,
                                      models, alerts)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
                ON CONFLICT (site, id) DO UPDATE SET
                    first_time = excluded.first_time, last_time = excluded.last_time, score = excluded.score,
                    devices = excluded.devices, users = excluded.users, destinations = excluded.destinations,
                    attack = excluded.attack, models = excluded.models, alerts = excluded.alerts
                """,
                [
                    .text(site), .text(incident.id), .time(incident.firstTime), .time(incident.lastTime),
                    .double(incident.score), .texts(incident.devices), .texts(incident.users),
                    .texts(incident.destinations), .texts(incident.attack), .texts(incident.models),
                    .texts(incident.alerts),
                ])
        }
    }
}

extension SiteChangesWriter {
    private func write(_ devices: [Device], _ session: PostgresSession) throws {
        guard !devices.isEmpty else { return }
        try session.execute(
            """
            INSERT INTO device (site, id, name, mac, role, first_seen, last_seen, names)
            SELECT $1, id, name, mac, role, first_seen, last_seen, names::jsonb
            FROM unnest($2::text[], $3::text[], $4::text[], $5::text[],
                        $6::timestamptz[], $7::timestamptz[], $8::text[])
                AS new (id, name, mac, role, first_seen, last_seen, names)
            ON CONFLICT (site, id) DO UPDATE SET
                name = excluded.name, mac = excluded.mac, role = excluded.role, first_seen = excluded.first_seen,
                last_seen = excluded.last_seen, names = excluded.names
            """,
            [
                .text(site), .texts(devices.map(\.id)), .texts(devices.map(\.name)),
                .optionalTexts(devices.map(\.mac)), .texts(devices.map(\.role)), .times(devices.map(\.firstSeen)),
                .times(devices.map(\.lastSeen)), .texts(try devices.map { try StoredJSON.encode($0.names) }),
            ])
        try writeAddresses(devices, session)
    }

    private func writeAddresses(_ devices: [Device], _ session: PostgresSession) throws {
        let uses = devices.flatMap { device in device.addresses.map { (device: device.id, use: $0) } }
        // Two spells of one address may begin in the same microsecond, PostgreSQL's resolution.
        let new = latest(uses) { "\($0.device) \($0.use.address) \(SQLTime.microseconds($0.use.firstSeen))" }
            .filter { IPAddress($0.use.address) != nil }
        try session.execute(
            """
            INSERT INTO device_address (site, device, address, first_seen, last_seen)
            SELECT $1, device, address::inet, first_seen, last_seen
            FROM unnest($2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[])
                AS new (device, address, first_seen, last_seen)
            ON CONFLICT (site, device, address, first_seen) DO UPDATE SET last_seen = excluded.last_seen
            """,
            [
                .text(site), .texts(new.map(\.device)), .texts(new.map(\.use.address)),
                .times(new.map(\.use.firstSeen)), .times(new.map(\.use.lastSeen)),
            ])
    }

    private func write(_ accounts: [Account], _ session: PostgresSession) throws {
        guard !accounts.isEmpty else { return }
        try session.execute(
            """
            INSERT INTO account (site, id, first_seen, last_seen, devices)
            SELECT $1, id, first_seen, last_seen, devices::jsonb
            FROM unnest($2::text[], $3::timestamptz[], $4::timestamptz[], $5::text[])
                AS new (id, first_seen, last_seen, devices)
            ON CONFLICT (site, id) DO UPDATE SET
                first_seen = excluded.first_seen, last_seen = excluded.last_seen, devices = excluded.devices
            """,
            [
                .text(site), .texts(accounts.map(\.id)), .times(accounts.map(\.firstSeen)),
                .times(accounts.map(\.lastSeen)), .texts(try accounts.map { try StoredJSON.encode($0.devices) }),
            ])
    }

    private func write(_ hours: [EntityHour], _ session: PostgresSession) throws {
        guard !hours.isEmpty else { return }
        try session.execute(
            """
            INSERT INTO entity_hour (site, entity_kind, entity, measure, hour, value, normal_low, normal_high)
            SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::float8[], $7::float8[],
                                     $8::float8[])
            ON CONFLICT (site, entity_kind, entity, measure, hour) DO UPDATE SET
                value = excluded.value, normal_low = excluded.normal_low, normal_high = excluded.normal_high
            """,
            [
                .text(site), .texts(hours.map(\.entity.kind.rawValue)), .texts(hours.map(\.entity.name)),
                .texts(hours.map(\.measure)), .times(hours.map(\.hour)), .doubles(hours.map(\.value)),
                .doubles(hours.map(\.normalLow)), .doubles(hours.map(\.normalHigh)),
            ])
    }
}
