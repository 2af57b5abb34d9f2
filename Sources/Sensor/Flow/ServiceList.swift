import Shared

/// Services of a connection in the order in which they were found, each once. Most have one, which needs no array.
struct ServiceList: RandomAccessCollection {
    private var earliest: StaticString?
    private var later: [StaticString] = []

    var startIndex: Int { 0 }
    var endIndex: Int { earliest == nil ? 0 : 1 + later.count }

    subscript(place: Int) -> StaticString {
        if place == 0, let earliest { return earliest }
        return later[place - 1]
    }

    /// Adds a service, unless it is there.
    mutating func insert(_ service: StaticString) {
        if contains(where: { $0.isSame(as: service) }) { return }
        if earliest == nil { earliest = service } else { later.append(service) }
    }
}
