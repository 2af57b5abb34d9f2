internal import Shared

/// Finds sessions of AMQP 0-9-1 whose beginning was not seen.
enum AMQPResumption {
    /// Frames of one segment that are looked at.
    private static let walkLimit = 64

    private enum Kind {
        static let method: UInt8 = 1
        static let header: UInt8 = 2
        static let body: UInt8 = 3
        static let heartbeat: UInt8 = 8
    }

    /// Whether whole frames fill the segment (0-9-1 section 2.3.5); behind a method, the last one may go on.
    static func begins(_ segment: RawSpan) -> Bool {
        let mayGoOn = (try? segment.byte(at: 0)) == Kind.method
        var offset = 0
        for count in 0..<walkLimit where offset < segment.byteCount {
            guard let size = try? Int(segment.readBE(at: offset + 3, as: UInt32.self)),
                offset + size + 8 <= segment.byteCount
            else { return mayGoOn && count > 0 }
            guard isFrame(segment.extracting(offset..<(offset + size + 8))) else { return false }
            offset += size + 8
        }
        return offset > 0
    }

    /// The class and method that a segment begins with; nil when it begins with another frame.
    static func method(_ segment: RawSpan) -> UInt32? {
        guard (try? segment.byte(at: 0)) == Kind.method else { return nil }
        return try? segment.readBE(at: 7, as: UInt32.self)
    }

    private static func isFrame(_ frame: RawSpan) -> Bool {
        guard (try? frame.byte(at: frame.byteCount - 1)) == 0xCE, let type = try? frame.byte(at: 0),
            let channel = try? frame.readBE(at: 1, as: UInt16.self)
        else { return false }
        switch type {
        case Kind.method:
            guard frame.byteCount >= 12, let method = method(frame), let methods = methods[UInt16(method >> 16)] else {
                return false
            }
            // What concerns the connection has the channel 0 for itself.
            return methods.contains(UInt16(truncatingIfNeeded: method)) && (method >> 16 == 10) == (channel == 0)
        case Kind.header:
            // Section 2.3.5.2: a class, which is always `basic`, and zero.
            let start = try? frame.readBE(at: 7, as: UInt32.self)
            return channel != 0 && frame.byteCount >= 22 && start == 60 << 16
        case Kind.body: return channel != 0
        case Kind.heartbeat: return channel == 0 && frame.byteCount == 8
        default: return false
        }
    }

    /// The methods of each class, those that RabbitMQ has added among them (connection.blocked and update-secret,
    /// exchange.bind, basic.nack, confirm).
    private static let methods: [UInt16: Set<UInt16>] = [
        10: [10, 11, 20, 21, 30, 31, 40, 41, 50, 51, 60, 61, 70, 71], 20: [10, 11, 20, 21, 40, 41],
        40: [10, 11, 20, 21, 30, 31, 40, 51], 50: [10, 11, 20, 21, 30, 31, 40, 41, 50, 51],
        60: [10, 11, 20, 21, 30, 31, 40, 50, 60, 70, 71, 72, 80, 90, 100, 110, 111, 120], 85: [10, 11],
        90: [10, 11, 20, 21, 30, 31],
    ]

    /// Whether a method is one of the broker's; nil when either side may send it.
    static func isServers(_ method: UInt32) -> Bool? {
        let number = UInt16(truncatingIfNeeded: method)
        switch method >> 16 {
        case 10:
            switch number {
            case 10, 20, 30, 41, 60, 61, 71: return true
            case 50, 51: return nil
            default: return false
            }
        case 20: return number == 11 ? true : number == 10 ? false : nil
        case 60:
            switch number {
            case 11, 21, 50, 60, 71, 72, 111: return true
            // Cancellations and acknowledgements go both ways.
            case 30, 31, 80, 120: return nil
            default: return false
            }
        // The answers have the odd numbers, and exchange.unbind's.
        default: return number & 1 == 1
        }
    }

    /// The greeting, and the login itself.
    static func isBeforeLogin(_ method: UInt32) -> Bool { method == 10 << 16 | 10 || method == 10 << 16 | 11 }
}
