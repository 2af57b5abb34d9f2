/// A field of a kind of record, whatever its Swift type.
public protocol AnyField: Sendable {
    /// Position in the record's table; contiguous from 0 and never reused.
    var position: Int { get }
    /// Zeek's name where Zeek has the field (`id.orig_h`, `orig_bytes`, ...).
    var staticName: StaticString { get }
    var type: FieldType { get }
    var unit: Unit { get }
    /// One sentence for docs/records.md, the table's column comment and the console.
    var staticMeaning: StaticString { get }
}

extension AnyField {
    public var name: String { "\(staticName)" }
    public var meaning: String { "\(staticMeaning)" }
}

// Fields hold static texts only, so that a kind is plain data: reading a position out of it copies and retains nothing.

/// A number, time, interval, port or flag.
public struct NumberField<Value: NumberFieldValue>: AnyField {
    public let position: Int
    public let staticName: StaticString
    public let unit: Unit
    public let staticMeaning: StaticString
    public var type: FieldType { Value.fieldType }

    public init(_ position: Int, _ name: StaticString, _ meaning: StaticString, unit: Unit = .none) {
        (self.position, staticName, self.unit, staticMeaning) = (position, name, unit, meaning)
    }
}

/// A double-precision number.
public struct DoubleField: AnyField {
    public let position: Int
    public let staticName: StaticString
    public let unit: Unit
    public let staticMeaning: StaticString
    public var type: FieldType { .double }

    public init(_ position: Int, _ name: StaticString, _ meaning: StaticString, unit: Unit = .none) {
        (self.position, staticName, self.unit, staticMeaning) = (position, name, unit, meaning)
    }
}

/// Text or an address.
public struct TextField: AnyField {
    public let position: Int
    public let staticName: StaticString
    public let staticMeaning: StaticString
    public let type: FieldType
    public var unit: Unit { .none }

    public init(_ position: Int, _ name: StaticString, _ meaning: StaticString, type: FieldType = .string) {
        (self.position, staticName, staticMeaning, self.type) = (position, name, meaning, type)
    }
}

/// Several texts: a set or a vector of Zeek.
public struct TextListField: AnyField {
    public let position: Int
    public let staticName: StaticString
    public let staticMeaning: StaticString
    public var type: FieldType { .strings }
    public var unit: Unit { .none }

    public init(_ position: Int, _ name: StaticString, _ meaning: StaticString) {
        (self.position, staticName, staticMeaning) = (position, name, meaning)
    }
}

/// Several numbers or intervals.
public struct NumberListField: AnyField {
    public let position: Int
    public let staticName: StaticString
    public let unit: Unit
    public let staticMeaning: StaticString
    public let type: FieldType

    /// - Parameter type: `.counts`, or `.intervals` with elements in nanoseconds (two's complement).
    public init(
        _ position: Int, _ name: StaticString, _ meaning: StaticString, unit: Unit = .none, type: FieldType = .counts
    ) {
        (self.position, staticName, self.unit, staticMeaning, self.type) = (position, name, unit, meaning, type)
    }
}
