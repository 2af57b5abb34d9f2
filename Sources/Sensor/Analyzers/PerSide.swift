/// One value for each side of a connection.
struct PerSide<Value> {
    var originator: Value
    var responder: Value

    subscript(side: Side) -> Value {
        // Lent, not copied: what is asked of a side is mostly one small part of it.
        @inline(__always) _read {
            if side == .originator { yield originator } else { yield responder }
        }
        @inline(__always) _modify {
            if side == .originator { yield &originator } else { yield &responder }
        }
    }

    /// Puts `replacement` in place of a side's value and returns that: changes to what was taken copy nothing.
    mutating func take(_ side: Side, leaving replacement: Value) -> Value {
        var taken = replacement
        swap(&taken, &self[side])
        return taken
    }
}

extension PerSide: Sendable where Value: Sendable {}
