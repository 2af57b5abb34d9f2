/// Who a sensor is: its name within its site. Comes from its certificate only.
public struct SensorIdentity: Hashable, Codable, Sendable, CustomStringConvertible {
    public let site: String
    public let sensor: String

    /// Longest name of a site or a sensor.
    public static let nameLimit = 63

    public init(site: String, sensor: String) { (self.site, self.sensor) = (site, sensor) }

    /// Names are used in certificates, paths and addresses: letters, digits, `.`, `-`, `_`; not at the start `.` or
    /// `-`.
    public static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, first != UInt8(ascii: "."), first != UInt8(ascii: "-") else { return false }
        return text.utf8.count <= nameLimit
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || byte == 0x2D || byte == 0x2E || byte == 0x5F
            }
    }

    /// `site/sensor`.
    public var description: String { "\(site)/\(sensor)" }
}
