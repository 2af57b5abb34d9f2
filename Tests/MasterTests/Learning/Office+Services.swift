import Shared

extension Office {
    /// What the sensor tells of a login that a server refused.
    mutating func refusal(_ service: String, _ from: String, _ to: String, user: String, at time: Timestamp) {
        switch service {
        case "mysql":
            mysql(from, to, user: user, response: "Access denied for user '\(user)'@'pc'", at: time)
        case "postgresql":
            postgresql(from, to, user: user, error: "Severity=FATAL,Code=28P01,Message=no", at: time)
        case "tds":
            let f = Records.tds
            add(f, from, to, port: 1433, at: time) { batch in
                batch.set(f.command, "TDS7 Login")
                batch.set(f.user, user)
                batch.set(f.success, false)
                batch.set(f.error, "18456: Login failed for user '\(user)'.")
            }
        case "mongodb":
            let f = Records.mongodb
            add(f, from, to, port: 27_017, at: time) { batch in
                batch.set(f.command, "saslStart")
                batch.set(f.user, user)
                batch.set(f.success, false)
                batch.set(f.error, "AuthenticationFailed: Authentication failed.")
            }
        case "redis":
            let f = Records.redis
            add(f, from, to, port: 6379, at: time) { batch in
                batch.set(f.cmdName, "AUTH")
                batch.set(f.cmdKey, user)
                batch.set(f.success, false)
                batch.set(f.replyValue, "WRONGPASS invalid username-password pair or user is disabled.")
            }
        case "amqp":
            let f = Records.amqp
            add(f, from, to, port: 5672, at: time) { batch in
                batch.set(f.command, "connection.open")
                batch.set(f.user, user)
                batch.set(f.success, false)
            }
        case "mqtt":
            let f = Records.mqttConnect
            add(f, from, to, port: 1883, at: time) { batch in
                batch.set(f.username, user)
                batch.set(f.connectStatus, "Refused: bad user name or password")
            }
        default:
            let f = Records.rfb
            add(f, from, to, port: 5900, at: time) { batch in batch.set(f.auth, false) }
        }
    }

    mutating func mysql(_ from: String, _ to: String, user: String, response: String, at time: Timestamp) {
        let f = Records.mysql
        add(f, from, to, port: 3306, at: time) { batch in
            batch.set(f.cmd, "login")
            batch.set(f.arg, user)
            batch.set(f.success, false)
            batch.set(f.response, response)
        }
    }

    mutating func postgresql(_ from: String, _ to: String, user: String, error: String, at time: Timestamp) {
        let f = Records.postgresql
        add(f, from, to, port: 5432, at: time) { batch in
            batch.set(f.user, user)
            batch.set(f.frontend, "startup")
            batch.set(f.backend, "auth_request,error")
            batch.set(f.backendArg, "SASL," + error)
            batch.set(f.success, false)
        }
    }
}
