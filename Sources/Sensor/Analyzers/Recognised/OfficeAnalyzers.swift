internal import Shared

/// Jobs in the Printer Job Language (HP, "PJL Technical Reference Manual", chapter 2), as port 9100 takes them.
struct PJLAnalyzer: NamingAnalyzer {
    static let service: StaticString = "pjl"

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        payload.starts(with: "\u{1B}%-12345X") ? .match : .noMatch
    }
}

/// Citrix' remote desktops and applications: ICA, which the server greets with, and the protocol that carries it over
/// breaks of the connection (CGP).
struct ICAAnalyzer: NamingAnalyzer {
    static let service: StaticString = "ica"

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        payload.starts(with: "\u{7F}\u{7F}ICA\0") || payload.starts(with: "\u{1A}CGP/01") ? .match : .noMatch
    }
}

/// WS-Discovery (OASIS, "Web Services Dynamic Discovery 1.1"; its draft of 2005 is what Windows and printers send).
struct WSDiscoveryAnalyzer: NamingAnalyzer {
    static let service: StaticString = "ws-discovery"
    static var transports: Transports { .udp }

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard payload.starts(with: "<"), payload.firstIndex(of: "Envelope") != nil,
            payload.firstIndex(of: "/ws/2005/04/discovery") != nil
                || payload.firstIndex(of: "/ws-dd/ns/discovery/") != nil
        else { return .noMatch }
        return .match
    }
}

/// Dropbox, which tells its neighbours what it has.
struct DropboxAnalyzer: NamingAnalyzer {
    static let service: StaticString = "dropbox"
    static var transports: Transports { .udp }

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        // JSON, its fields in any order.
        guard payload.starts(with: "{\""), payload.firstIndex(of: "\"host_int\": ") != nil,
            payload.firstIndex(of: "\"namespaces\": [") != nil
        else { return .noMatch }
        return .match
    }
}

/// Syncthing, which tells its neighbours where it is (docs.syncthing.net, "Local Discovery Protocol v4").
struct SyncthingAnalyzer: NamingAnalyzer {
    static let service: StaticString = "syncthing"
    static var transports: Transports { .udp }

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        // Behind the magic number the first field, an identifier of 32 bytes.
        guard let magic: UInt32 = try? payload.readBE(at: 0), magic == 0x2EA7_D90B,
            let field: UInt16 = try? payload.readBE(at: 4), field == 0x0A20
        else { return .noMatch }
        return .match
    }
}

/// Spotify, which looks for players nearby.
struct SpotifyAnalyzer: NamingAnalyzer {
    static let service: StaticString = "spotify"
    static var transports: Transports { .udp }

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        payload.starts(with: "SpotUdp") ? .match : .noMatch
    }
}

/// Tailscale, whose nodes look for ways to each other (tailscale.com, package disco): a tunnel past the firewall.
struct TailscaleAnalyzer: NamingAnalyzer {
    static let service: StaticString = "tailscale"
    static var transports: Transports { .udp }

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        // The magic bytes, the sender's key, a nonce, and a box of at least a tag and a kind of message.
        payload.byteCount >= 6 + 32 + 24 + 18 && payload.starts(with: "TS\u{1F4AC}") ? .match : .noMatch
    }
}

/// Bitcoin's nodes among each other (en.bitcoin.it, "Protocol documentation").
struct BitcoinAnalyzer: NamingAnalyzer {
    static let service: StaticString = "bitcoin"

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        // The network's number, and a command, filled up with zeros.
        guard let magic: UInt32 = try? payload.readBE(at: 0), magic == 0xF9BE_B4D9, payload.byteCount >= 24 else {
            return .noMatch
        }
        let command = payload.extracting(4..<16)
        let end = command.firstIndex(of: 0) ?? 12
        return end > 0 && command.extracting(0..<end).withUnsafeBytes({ $0.allSatisfy { (0x61...0x7A).contains($0) } })
            ? .match : .noMatch
    }
}
