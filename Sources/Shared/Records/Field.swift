/// A field of a kind of record, whatever its Swift type.
public protocol AnyField: Sendable {
    /// Position in the record's table; contiguous from 0 and never reused.
    var position: Int { get }
    /// Zeek's name where Zeek has the field (`id.orig_h`, `orig_bytes`, ...).
    var name: String { get }
    var type: FieldType { get }
    var unit: Unit { get }
    /// One sentence for docs/records.md, the table's column comment and the console.
    var meaning: String { get }
}

/// A number, time, interval, port or flag.
public struct NumberField<Value: NumberFieldValue>: AnyField {
    public let position: Int
    public let name: String
    public let unit: Unit
    public let meaning: String
    public var type: FieldType { Value.fieldType }

    public init(_ position: Int, _ name: String, _ meaning: String, unit: Unit = .none) {
        (self.position, self.name, self.unit, self.meaning) = (position, name, unit, meaning)
    }
}

/// A double-precision number.
public struct DoubleField: AnyField {
    public let position: Int
    public let name: String
    public let unit: Unit
    public let meaning: String
    public var type: FieldType { .double }

    public init(_ position: Int, _ name: String, _ meaning: String, unit: Unit = .none) {
        (self.position, self.name, self.unit, self.meaning) = (position, name, unit, meaning)
    }
}

/// Text or an address.
public struct TextField: AnyField {
    public let position: Int
    public let name: String
    public let meaning: String
    public let type: FieldType
    public var unit: Unit { .none }

    public init(_ position: Int, _ name: String, _ meaning: String, type: FieldType = .string) {
        (self.position, self.name, self.meaning, self.type) = (position, name, meaning, type)
    }
}

/// Several texts: a set or a vector of Zeek.
public struct TextListField: AnyField {
    public let position: Int
    public let name: String
    public let meaning: String
    public var type: FieldType { .strings }
    public var unit: Unit { .none }

    public init(_ position: Int, _ name: String, _ meaning: String) {
        (self.position, self.name, self.meaning) = (position, name, meaning)
    }
}

/// Several numbers or intervals.
public struct NumberListField: AnyField {
    public let position: Int
    public let name: String
    public let unit: Unit
    public let meaning: String
    public let type: FieldType

    /// - Parameter type: `.counts`, or `.intervals` with elements in nanoseconds (two's complement).
    public init(_ position: Int, _ name: String, _ meaning: String, unit: Unit = .none, type: FieldType = .counts) {
        (self.position, self.name, self.unit, self.meaning, self.type) = (position, name, unit, meaning, type)
    }
}
