extension Migration {
    /// The first schema. Every key starts with the site, so that the database can be spread by site.
    static let initial = Migration(
        number: 1, name: "sites, sensors, log, learning, incidents, console accounts",
        sql: """
            CREATE TABLE site (
                name text PRIMARY KEY,
                time_zone text NOT NULL DEFAULT 'UTC',
                settings jsonb NOT NULL DEFAULT '{}',
                created_at timestamptz NOT NULL DEFAULT now());

            CREATE TABLE sensor (
                site text NOT NULL REFERENCES site, name text NOT NULL,
                certificate_serial text NOT NULL, enrolled_at timestamptz NOT NULL DEFAULT now(),
                expires_at timestamptz NOT NULL, revoked_at timestamptz,
                last_seen_at timestamptz, version text, health jsonb,
                last_sequence bigint NOT NULL DEFAULT 0,
                PRIMARY KEY (site, name));

            CREATE TABLE sensor_certificate (
                serial text PRIMARY KEY, site text NOT NULL, sensor text NOT NULL,
                not_before timestamptz NOT NULL, not_after timestamptz NOT NULL, revoked_at timestamptz);
            CREATE INDEX sensor_certificate_by_sensor ON sensor_certificate (site, sensor);

            CREATE TABLE enrolment_token (
                hash bytea PRIMARY KEY, site text NOT NULL REFERENCES site,
                created_at timestamptz NOT NULL DEFAULT now(), expires_at timestamptz NOT NULL,
                used_at timestamptz, used_by text);

            CREATE TABLE batch (
                site text NOT NULL, sensor text NOT NULL, sequence bigint NOT NULL,
                received_at timestamptz NOT NULL DEFAULT now(),
                first_time bigint NOT NULL, last_time bigint NOT NULL, watermark bigint NOT NULL,
                record_count integer NOT NULL, crc32c bigint NOT NULL, payload bytea NOT NULL,
                PRIMARY KEY (site, sensor, sequence));
            ALTER TABLE batch ALTER COLUMN payload SET STORAGE EXTERNAL;

            CREATE TABLE consumer (
                site text NOT NULL, name text NOT NULL, sensor text NOT NULL,
                sequence bigint NOT NULL, watermark bigint NOT NULL, closed_until bigint NOT NULL,
                last_time bigint NOT NULL, active boolean NOT NULL,
                waiting_sequences bigint[] NOT NULL, waiting_watermarks bigint[] NOT NULL,
                updated_at timestamptz NOT NULL DEFAULT now(),
                PRIMARY KEY (site, name, sensor));

            CREATE TABLE model_state (
                site text NOT NULL, part text NOT NULL, key text NOT NULL, state bytea NOT NULL,
                PRIMARY KEY (site, part, key)) WITH (fillfactor = 60);

            CREATE TABLE device (
                site text NOT NULL, id text NOT NULL, name text NOT NULL, mac text, role text NOT NULL,
                first_seen timestamptz NOT NULL, last_seen timestamptz NOT NULL, names jsonb NOT NULL,
                PRIMARY KEY (site, id));
            CREATE TABLE device_address (
                site text NOT NULL, device text NOT NULL, address inet NOT NULL,
                first_seen timestamptz NOT NULL, last_seen timestamptz NOT NULL,
                PRIMARY KEY (site, device, address, first_seen));
            CREATE INDEX device_address_by_address ON device_address (site, address, last_seen);

            CREATE TABLE account (
                site text NOT NULL, id text NOT NULL,
                first_seen timestamptz NOT NULL, last_seen timestamptz NOT NULL, devices jsonb NOT NULL,
                PRIMARY KEY (site, id));

            CREATE TABLE observation (
                site text NOT NULL, id text NOT NULL, observer text NOT NULL,
                entity_kind text NOT NULL, entity text NOT NULL, time timestamptz NOT NULL,
                bits double precision NOT NULL, content jsonb NOT NULL,
                PRIMARY KEY (site, id));
            CREATE INDEX observation_by_entity ON observation (site, entity_kind, entity, time);

            CREATE TABLE incident (
                site text NOT NULL, id text NOT NULL,
                first_time timestamptz NOT NULL, last_time timestamptz NOT NULL, score double precision NOT NULL,
                devices text[] NOT NULL, users text[] NOT NULL, destinations text[] NOT NULL,
                attack text[] NOT NULL, models text[] NOT NULL, alerts text[] NOT NULL,
                PRIMARY KEY (site, id));
            CREATE INDEX incident_by_score ON incident (score DESC, last_time DESC);

            CREATE TABLE alert (
                site text NOT NULL, id text NOT NULL, time timestamptz NOT NULL,
                score double precision NOT NULL, bits double precision NOT NULL, model text NOT NULL,
                entity_kind text NOT NULL, entity text NOT NULL,
                devices text[] NOT NULL, users text[] NOT NULL, destinations text[] NOT NULL,
                attack text[] NOT NULL, incident text NOT NULL, content jsonb NOT NULL,
                PRIMARY KEY (site, id));
            CREATE INDEX alert_by_incident ON alert (site, incident);

            CREATE TABLE entity_hour (
                site text NOT NULL, entity_kind text NOT NULL, entity text NOT NULL, measure text NOT NULL,
                hour timestamptz NOT NULL, value double precision NOT NULL,
                normal_low double precision NOT NULL, normal_high double precision NOT NULL,
                PRIMARY KEY (site, entity_kind, entity, measure, hour));

            CREATE TABLE console_user (
                name text PRIMARY KEY, password_hash text NOT NULL, language text NOT NULL DEFAULT 'en',
                time_zone text NOT NULL DEFAULT 'UTC', role text NOT NULL DEFAULT 'administrator',
                created_at timestamptz NOT NULL DEFAULT now(), last_sign_in timestamptz);
            CREATE TABLE console_session (
                hash bytea PRIMARY KEY, user_name text NOT NULL REFERENCES console_user ON DELETE CASCADE,
                created_at timestamptz NOT NULL DEFAULT now(), expires_at timestamptz NOT NULL);

            CREATE TABLE setting (key text PRIMARY KEY, value jsonb NOT NULL);
            """)
}
