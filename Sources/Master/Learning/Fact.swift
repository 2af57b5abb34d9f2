import Shared

/// What a record says, in the inventory's terms.
enum Fact {
    case flow(Flow)
    case query(Query)
    case web(WebRequest)
    case handshake(Handshake)
    case file(CarriedFile)
    case share(ShareUse)
    case login(Login)
    case call(RemoteCall)
    case device(Int)

    /// One end of a connection.
    struct End {
        var address: IPAddress
        /// Device by number; -1 when it is outside, -2 for an address of the site that nobody is known to hold.
        var device: Int
        var isInside: Bool { device >= 0 }
        var isOutside: Bool { device == -1 }
    }

    /// A connection that ended, or what is new on one that is still open.
    struct Flow {
        enum Transport { case tcp, udp, icmp, other }
        var uid: String
        var start: Timestamp
        var duration: Double
        var originator: End
        var responder: End
        var originatorPort: UInt16
        var port: UInt16
        var transport: Transport
        var services: [String]
        var sent: Double
        var received: Double
        /// Of the whole connection, where ``sent`` and ``received`` may be parts.
        var totalSent: Double
        var totalReceived: Double
        var state: String
        /// Report of an open connection: only bytes are new.
        var isInterim: Bool
        /// By number; -1 when the responder is inside.
        var destination: Int
        /// First connection of this device to this destination.
        var isNewDestination: Bool

        var isOutbound: Bool { originator.isInside && responder.isOutside }
        var isInternal: Bool { originator.isInside && !responder.isOutside }
        /// Nobody answered, or the answer was no.
        var isFailed: Bool {
            switch transport {
            case .tcp: ["S0", "REJ", "RSTOS0", "RSTRH", "SH"].contains(state)
            case .udp, .icmp: state == "S0" || (state == "OTH" && totalReceived == 0 && transport == .icmp)
            case .other: false
            }
        }
        func has(_ service: String) -> Bool { services.contains(service) }
    }

    struct Query {
        var device: Int
        var uid: String
        var name: String
        var type: String
        var isMissing: Bool
        var answers: [String]
    }

    struct WebRequest {
        var uid: String
        var originator: End
        var responder: End
        var port: UInt16
        var destination: Int
        var host: String
        var uri: String
        var method: String
        var userAgent: String
        var status: UInt64
        var mimeTypes: [String]
        var fileNames: [String]
        var sent: Double
        var received: Double
        var hasUser: Bool
    }

    struct Handshake {
        var uid: String
        var originator: End
        var responder: End
        var port: UInt16
        var destination: Int
        var serverName: String
        var fingerprint: String
        var isSelfSigned: Bool
        var isEstablished: Bool
    }

    struct CarriedFile {
        var uid: String
        var sender: End
        var receiver: End
        var source: String
        var mimeType: String
        var name: String
        var byteCount: Double
        var sha256: String
        var destination: Int
    }

    struct ShareUse {
        var uid: String
        var client: Int
        var server: Int
        /// `\\server\share`; of the mapping where `name` is empty.
        var path: String
        var name: String
        var action: String
        var size: Double
        var read: Double
        var written: Double
        var previousName: String
    }

    struct Login {
        /// How somebody showed who they are, as the sensor names the protocol.
        enum Method: String {
            case ntlm, kerberos, ssh, ftp, http, rdp, ldap, telnet, rlogin, rsh, rexec
            case nats, stomp, xmpp, rsync, imap, pop3, smtp, managesieve
            case mysql, postgresql, tds, mongodb, redis, amqp, mqtt, rfb
            case opcUA = "opcua_binary"
        }
        var uid: String
        var method: Method
        var originator: End
        var responder: End
        var port: UInt16
        /// By number; -1 where the protocol does not tell.
        var account: Int
        var name: String
        /// nil where it cannot be told.
        var success: Bool?
        /// Ticket for a service (Kerberos TGS).
        var service: String
        var cipher: String
        var error: String
        var isNewOnDevice: Bool
    }

    struct RemoteCall {
        var uid: String
        var originator: End
        var responder: End
        var endpoint: String
        var operation: String
        var pipe: String
    }
}
