import Shared

/// Refused logins to databases, brokers and screens. One that is let in says little: programs connect all day long.
extension FactReader {
    func mysql(_ inventory: inout Inventory) -> Fact? {
        let f = Records.mysql
        guard record[f.success] == false, ["login", "change_user"].contains(text(f.cmd)),
            text(f.response).contains("Access denied")
        else { return nil }
        return refused(.mysql, f.uid, f.origH, f.respH, record[f.respP], name: text(f.arg), &inventory)
    }

    /// SQLSTATE 28 is what a login is refused with; a database that is not there has another.
    func postgresql(_ inventory: inout Inventory) -> Fact? {
        let f = Records.postgresql
        guard record[f.success] == false, text(f.frontend) == "startup", text(f.backendArg).contains("Code=28") else {
            return nil
        }
        return refused(.postgresql, f.uid, f.origH, f.respH, record[f.respP], name: text(f.user), &inventory)
    }

    /// Error 18456 is a login that failed ([MS-TDS] section 2.2.7.10 tells the field, SQL Server's list the number).
    func tds(_ inventory: inout Inventory) -> Fact? {
        let f = Records.tds
        guard record[f.success] == false, text(f.error).hasPrefix("18456") else { return nil }
        return refused(.tds, f.uid, f.origH, f.respH, record[f.respP], name: text(f.user), &inventory)
    }

    func mongodb(_ inventory: inout Inventory) -> Fact? {
        let f = Records.mongodb
        guard record[f.success] == false, text(f.error).hasPrefix("AuthenticationFailed") else { return nil }
        return refused(.mongodb, f.uid, f.origH, f.respH, record[f.respP], name: text(f.user), &inventory)
    }

    func redis(_ inventory: inout Inventory) -> Fact? {
        let f = Records.redis
        guard record[f.success] == false, ["AUTH", "HELLO"].contains(text(f.cmdName).uppercased()) else { return nil }
        let reply = text(f.replyValue)
        guard reply.contains("WRONGPASS") || reply.contains("invalid password") else { return nil }
        return refused(.redis, f.uid, f.origH, f.respH, record[f.respP], name: text(f.cmdKey), &inventory)
    }

    func amqp(_ inventory: inout Inventory) -> Fact? {
        let f = Records.amqp
        guard record[f.success] == false, ["connection.open", "open"].contains(text(f.command)) else { return nil }
        return refused(.amqp, f.uid, f.origH, f.respH, record[f.respP], name: text(f.user), &inventory)
    }

    func mqtt(_ inventory: inout Inventory) -> Fact? {
        let f = Records.mqttConnect
        guard ["Refused: bad user name or password", "Refused: not authorized"].contains(text(f.connectStatus)) else {
            return nil
        }
        return refused(.mqtt, f.uid, f.origH, f.respH, record[f.respP], name: text(f.username), &inventory)
    }

    func rfb(_ inventory: inout Inventory) -> Fact? {
        let f = Records.rfb
        guard record[f.auth] == false else { return nil }
        return refused(.rfb, f.uid, f.origH, f.respH, record[f.respP], name: "", &inventory)
    }

    /// A login that was refused; nil when neither end is a device.
    func refused(
        _ method: Fact.Login.Method, _ uid: TextField, _ origH: TextField, _ respH: TextField, _ port: UInt16?,
        name: String, _ inventory: inout Inventory
    ) -> Fact? {
        guard let (originator, found) = ends(origH, respH, &inventory) else { return nil }
        return login(
            method, uid: text(uid), originator, resolved(found, &inventory), port: port ?? 0, name: name,
            success: false, &inventory)
    }
}
