internal import Shared

/// How a column travels: the enumeration `Shape` of batch.proto.
enum ColumnShape: UInt8 {
    case numbers = 1, times, doubles, strings, stringLists, numberLists

    init(_ type: FieldType) {
        if type == .time {
            self = .times
            return
        }
        switch type.storage {
        case .numbers: self = .numbers
        case .doubles: self = .doubles
        case .strings: self = .strings
        case .stringLists: self = .stringLists
        case .numberLists: self = .numberLists
        }
    }
}
