import Shared

/// How rare a destination is among the devices of a site.
enum Rarity {
    /// Bits: what it says that so few other devices use a destination, by how many could have, shrunk while the site
    /// is young. `device` itself does not count.
    static func bits(_ destination: Destination, device: Int, _ moment: Moment) -> Double {
        let others = others(destination, device)
        let population = max(1, Double(moment.deviceCount - 1))
        let learned = Surprise.log2((population + 1) / (others * 4 + 1))
        let young = destination.isCommon ? -2 : destination.isAddress ? 3 : 2.0
        let common = destination.isCommon ? -3.0 : 0
        return max(0, moment.maturity * (min(7, learned) + common) + (1 - moment.maturity) * young)
    }

    /// 0 (everyone) to 100 (nobody else).
    static func percent(_ destination: Destination, device: Int, _ moment: Moment) -> Double {
        let share = Surprise.log2(1 + others(destination, device)) / Surprise.log2(Double(max(2, moment.deviceCount)))
        return max(0, 100 * (1 - share))
    }

    private static func others(_ destination: Destination, _ device: Int) -> Double {
        Double(destination.deviceCount - (destination.isUsed(by: device) ? 1 : 0))
    }

    /// Days since the site first saw it.
    static func age(_ destination: Destination, _ moment: Moment) -> Double {
        destination.connectionCount == 0 ? 0 : max(0, (moment.time - destination.firstSeen).seconds / 86_400)
    }

    /// Bits that a destination's youth adds at a site that is older: seen for a few days among many.
    static func youthBits(_ destination: Destination, _ moment: Moment) -> Double {
        let age = age(destination, moment)
        return moment.maturity * max(0, min(4, Surprise.log2((moment.ageDays + 1) / (age + 0.5))))
    }

    /// Bits that a destination loses which belongs to the site since its first days: what was always there is normal.
    static func establishedBits(_ destination: Destination, _ moment: Moment) -> Double {
        let age = age(destination, moment)
        return moment.ageDays > 1.5 && moment.ageDays - age < 2 && age > 1 ? 9 : 0
    }

    /// The last and the next to last part of a destination's values for sentences.
    static func values(_ destination: Destination, device: Int, _ moment: Moment) -> [String: Value] {
        [
            "destination": .text(destination.name),
            "rarity": .number(percent(destination, device: device, moment).rounded()),
            "other_device_count": .number(others(destination, device)),
            "first_seen": .time(destination.firstSeen),
        ]
    }
}
