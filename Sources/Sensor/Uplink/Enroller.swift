internal import Foundation
internal import NIOCore
internal import Protocol
internal import SwiftProtobuf

/// Gets a sensor its certificate.
public enum Enroller {
    /// Looks at the master's certificate before anything is said: the token names its authority.
    ///
    /// - Parameters:
    ///   - name: of the sensor, unique within its site.
    ///   - directory: the state directory; must not hold an enrolment.
    /// - Throws: ``UplinkError``, ``FileError``.
    public static func enrol(
        master: MasterAddress, token: String, site: String, name: String, directory: String
    ) async throws {
        guard !PrivateFile.exists(directory + "/master.json") else { throw UplinkError.enrolledAlready(directory) }
        guard let token = TokenText(token) else { throw UplinkError.token }
        let shown = try await MasterChannel.shownCertificates(master)
        guard let ca = shown.first(where: { TokenText.fingerprint(ofDER: $0) == token.caFingerprint }) else {
            throw UplinkError.notTheMaster(master)
        }
        // What cannot be written should not cost a token, which is good only once.
        let key = SensorKey()
        let isNew = !PrivateFile.exists(directory)
        try SensorState.begin(directory: directory, key: key)
        var isEnrolled = false
        defer { if !isEnrolled { SensorState.undo(directory: directory, isNew: isNew) } }
        var enrol = WireEnrol()
        enrol.token = token.description
        enrol.site = site
        enrol.name = name
        enrol.csr = Data(try key.request(for: SensorIdentity(site: site, sensor: name)))
        enrol.protocolVersion = protocolVersion
        let enrolled = try await ask(master, enrol, ca: PEM.certificate(der: ca))
        isEnrolled = true
        try SensorState.write(directory: directory, master: master, enrolled: enrolled)
    }

    private static func ask(_ master: MasterAddress, _ enrol: WireEnrol, ca: String) async throws -> WireEnrolled {
        let channel = try await MasterChannel.open(master, tls: MutualTLS.client(ca: ca))
        let deadline = AnswerDeadline(of: channel.channel, to: master)
        do {
            return try await channel.executeThenClose { inbound, outbound in
                try await outbound.write(.of(.enrol(enrol)))
                for try await frame in inbound {
                    deadline.meet()
                    switch frame.message {
                    case .enrolled(let enrolled): return enrolled
                    case .refused(let refused): throw UplinkError.refused(Refusal(refused))
                    default: continue
                    }
                }
                throw UplinkError.lost("the master closed it before it answered")
            }
        } catch {
            if let failure = deadline.failure { throw failure }
            throw await MasterChannel.explained(MasterChannel.failure(error, master), master, ca: ca)
        }
    }
}
